import type { ReactNode } from 'react'

/** A headed group of facts. */
export function Facts({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-line border-b px-4 py-3.5 last:border-b-0">
      <h2 className="mb-1.5 text-ink-3 text-xs">{title}</h2>
      {children}
    </section>
  )
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-h-6 items-center gap-3">
      <span className="w-28 shrink-0 text-ink-2">{name}</span>
      <span className="min-w-0 flex-1 tabular-nums">{children}</span>
    </div>
  )
}
