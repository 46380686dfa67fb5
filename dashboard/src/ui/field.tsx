import clsx from 'clsx'
import { type ComponentProps, type ReactNode, useId } from 'react'

export const INPUT =
  'w-full rounded-md border border-line-strong bg-canvas px-2.5 text-sm text-ink transition-colors placeholder:text-ink-3 hover:border-ink-3 focus:border-accent focus:outline-2 focus:outline-offset-0 focus:outline-accent/25 disabled:opacity-60 aria-invalid:border-bad max-md:text-base'

interface Described {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

function Described({ label, hint, error, id, children }: Described & { id: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      {error ? (
        <p id={`${id}-note`} className="text-xs text-bad">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="text-xs text-ink-3">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

const described = (id: string, { hint, error }: Described) => ({
  id,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': hint || error ? `${id}-note` : undefined,
})

export function TextField({ label, hint, error, className, ...props }: Described & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Described id={id} label={label} hint={hint} error={error}>
      <input
        {...props}
        {...described(id, { label, hint, error })}
        className={clsx(INPUT, 'h-8 max-md:h-10', className)}
      />
    </Described>
  )
}

export function TextArea({ label, hint, error, className, ...props }: Described & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Described id={id} label={label} hint={hint} error={error}>
      <textarea {...props} {...described(id, { label, hint, error })} className={clsx(INPUT, 'py-1.5', className)} />
    </Described>
  )
}

export function SelectField({ label, hint, error, className, ...props }: Described & ComponentProps<'select'>) {
  const id = useId()
  return (
    <Described id={id} label={label} hint={hint} error={error}>
      <select
        {...props}
        {...described(id, { label, hint, error })}
        className={clsx(INPUT, 'h-8 max-md:h-10', className)}
      />
    </Described>
  )
}

export function CheckField({ label, hint, ...props }: { label: string; hint?: ReactNode } & ComponentProps<'input'>) {
  const id = useId()
  return (
    <div className="flex items-start gap-2">
      <input type="checkbox" {...props} id={id} className="mt-[3px] size-3.5 accent-accent" />
      <label htmlFor={id}>
        {label}
        {hint && <span className="block text-xs text-ink-3">{hint}</span>}
      </label>
    </div>
  )
}
