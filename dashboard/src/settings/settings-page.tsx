import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Link } from '@/app/navigation'
import { isAdmin, queries } from '@/app/queries'
import { Page } from '@/ui/page'
import { Account } from './account'
import { AgentSettings } from './agent-settings'
import { Models } from './models'
import { Providers } from './providers'
import { Tokens } from './tokens'
import { Users } from './users'

const SECTIONS = [
  { id: 'account', name: 'Account', admin: false, Content: Account },
  { id: 'tokens', name: 'Tokens', admin: false, Content: Tokens },
  { id: 'providers', name: 'Providers', admin: true, Content: Providers },
  { id: 'models', name: 'Models', admin: true, Content: Models },
  { id: 'agents', name: 'Agents', admin: true, Content: AgentSettings },
  { id: 'users', name: 'Users', admin: true, Content: Users },
]

/** Own settings, and for administrators everybody's. */
export default function SettingsPage({ section }: { section: string | undefined }) {
  const { data: me } = useQuery(queries.me)
  const sections = SECTIONS.filter(({ admin }) => !admin || isAdmin(me))
  const open = sections.find(({ id }) => id === (section ?? (isAdmin(me) ? 'providers' : 'account'))) ?? sections[0]
  return (
    <Page title="Settings" back={{ page: 'home' }}>
      <nav aria-label="Settings" className="-mx-2 mb-6 flex gap-1 overflow-x-auto">
        {sections.map(({ id, name }) => (
          <Link
            key={id}
            to={{ page: 'settings', section: id }}
            aria-current={id === open?.id ? 'page' : undefined}
            className={clsx(
              'flex h-7 shrink-0 items-center rounded-md px-2.5 max-md:h-9',
              id === open?.id ? 'bg-hover text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {name}
          </Link>
        ))}
      </nav>
      {open && <open.Content />}
    </Page>
  )
}
