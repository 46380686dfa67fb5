import type { ReactNode } from 'react'

/** What stands where there is nothing yet: it says what the place is for and what to do next. */
export function Blank({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="mx-auto flex max-w-[400px] flex-col items-center gap-1.5 px-6 py-14 text-center">
      {icon && <div className="mb-2 text-ink-3">{icon}</div>}
      <h2 className="font-medium text-[15px] leading-6">{title}</h2>
      {children && <div className="text-ink-2">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  )
}

/** Grey bars in the shape of what comes, after a moment, so that quick answers do not flicker. */
export function Skeleton({ rows = 4, className = 'h-4' }: { rows?: number; className?: string }) {
  return (
    <div aria-hidden className="skeleton flex flex-col gap-3">
      {Array.from({ length: rows }, (_, at) => (
        <div
          key={at}
          className={`rounded-md bg-hover ${className} ${at % 3 === 2 ? 'w-3/5' : at % 3 === 1 ? 'w-11/12' : 'w-full'}`}
        />
      ))}
    </div>
  )
}

export function Failure({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex items-center gap-3 rounded-lg bg-bad-soft px-3.5 py-2.5 text-bad">
      <span className="min-w-0 flex-1 break-words">{text}</span>
      {onRetry && (
        <button type="button" onClick={onRetry} className="shrink-0 font-medium underline underline-offset-3">
          Try again
        </button>
      )}
    </div>
  )
}
