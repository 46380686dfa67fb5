import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { useEffect, useRef } from 'react'
import type { UserRole } from '@/api/types'
import { Link } from '@/app/navigation'
import { isAdmin, queries } from '@/app/queries'
import { Page } from '@/ui/page'
import { Account } from './account'
import { AgentSettings } from './agent-settings'
import { Audit } from './audit'
import { Models } from './models'
import { Providers } from './providers'
import { Tokens } from './tokens'
import { Users } from './users'

const EVERYBODY: UserRole[] = ['member', 'template_admin', 'auditor', 'admin']
const ADMINS: UserRole[] = ['admin']
const READERS: UserRole[] = ['auditor', 'admin']
const SECTIONS = [
  { id: 'account', name: 'Account', roles: EVERYBODY, Content: Account },
  { id: 'tokens', name: 'Tokens', roles: EVERYBODY, Content: Tokens },
  { id: 'providers', name: 'Providers', roles: ADMINS, Content: Providers },
  { id: 'models', name: 'Models', roles: ADMINS, Content: Models },
  { id: 'agents', name: 'Agents', roles: ADMINS, Content: AgentSettings },
  { id: 'users', name: 'Users', roles: READERS, Content: Users },
  { id: 'audit', name: 'Audit', roles: READERS, Content: Audit },
]

/** Own settings, and for administrators everybody's. */
export default function SettingsPage({ section }: { section: string | undefined }) {
  const { data: me } = useQuery(queries.me)
  const sections = SECTIONS.filter(({ roles }) => me !== undefined && roles.includes(me.role))
  const open = sections.find(({ id }) => id === (section ?? (isAdmin(me) ? 'providers' : 'account'))) ?? sections[0]
  const nav = useRef<HTMLElement>(null)
  const openId = open?.id
  // On a phone the row is wider than the screen: the open section's name comes into view.
  useEffect(() => {
    if (openId !== undefined) {
      nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
    }
  }, [openId])
  return (
    <Page title="Settings" back={{ page: 'home' }}>
      <nav ref={nav} aria-label="Settings" className="-mx-2 mb-6 flex gap-1 overflow-x-auto">
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
