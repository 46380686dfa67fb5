import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from '@/app/navigation'
import type { Place } from '@/app/place'

interface PageProps {
  title: string
  /** Where the way back leads on a phone. */
  back: Place
  actions?: ReactNode
  children: ReactNode
}

/** A page that scrolls under its title. */
export function Page({ title, back, actions, children }: PageProps) {
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-3 pl-6 max-md:pl-1">
        <Link
          to={back}
          aria-label="Back"
          className="flex size-9 items-center justify-center rounded-md text-ink-3 hover:bg-hover md:hidden"
        >
          <ChevronLeft size={18} />
        </Link>
        <h1 className="min-w-0 flex-1 truncate font-medium">{title}</h1>
        {actions}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-[860px] px-6 py-6 max-md:px-4">{children}</div>
      </div>
    </div>
  )
}

/** Rows of one kind under each other, with a line between. */
export function Rows({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line *:border-line *:border-t *:first:border-t-0"
    >
      {children}
    </ul>
  )
}
