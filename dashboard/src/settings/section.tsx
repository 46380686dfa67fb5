import type { ReactNode } from 'react'
import { messageOf } from '@/api/client'
import { Failure, Skeleton } from '@/ui/blank'

interface SectionProps {
  title: string
  text?: ReactNode
  action?: ReactNode
  children: ReactNode
}

export function Section({ title, text, action, children }: SectionProps) {
  return (
    <section aria-label={title}>
      <div className="mb-4 flex items-start gap-4">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-[15px] leading-6">{title}</h2>
          {text && <p className="mt-0.5 max-w-[560px] text-ink-2">{text}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

interface LoadedProps<T> {
  query: { data: T | undefined; error: unknown; refetch: () => unknown }
  children: (data: T) => ReactNode
}

/** What was asked for, or bars while it comes, or why it did not. */
export function Loaded<T>({ query, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure text={messageOf(query.error)} onRetry={() => void query.refetch()} />
  return <Skeleton rows={3} className="h-10" />
}
