import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { Spinner } from './spinner'

type Look = 'solid' | 'outline' | 'quiet' | 'danger'

const LOOKS: Record<Look, string> = {
  solid: 'bg-solid text-on-solid hover:bg-solid-hover',
  outline: 'border border-line-strong bg-canvas hover:bg-hover',
  quiet: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'border border-line-strong text-bad hover:border-bad hover:bg-bad-soft',
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look
  small?: boolean
  busy?: boolean
  icon?: ReactNode
}

/** A button with words on it. While it is busy it says so and takes no second click. */
export function Button({
  look = 'outline',
  small = false,
  busy = false,
  icon,
  className,
  children,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      disabled={props.disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(
        'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-120 disabled:cursor-default disabled:opacity-50',
        small ? 'h-7 px-2.5 text-xs' : 'h-8 px-3',
        LOOKS[look],
        className,
      )}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  label: string
  keys?: string
  small?: boolean
}

/** A button that is a picture: its name is a tip and what a screen reader says. */
export function IconButton({ label, keys, small = false, className, ...props }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      data-keys={keys}
      {...props}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center rounded-md text-ink-3 transition-colors duration-120 hover:bg-hover hover:text-ink disabled:cursor-default disabled:opacity-40 data-popup-open:bg-hover data-popup-open:text-ink',
        small ? 'size-6' : 'size-7 max-md:size-9',
        className,
      )}
    />
  )
}
