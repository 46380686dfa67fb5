import { Boxes, Search, SquarePen } from 'lucide-react'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { useKeys } from '@/app/keys'
import { Link, useOpenChatId, usePlace } from '@/app/navigation'
import { UserMenu } from '@/app/user-menu'
import { Blank, Skeleton } from '@/ui/blank'
import { Keys } from '@/ui/keys'
import { Mark } from '@/ui/mark'
import { Tip } from '@/ui/tip'
import { AgentRow } from './agent-row'
import type { GroupName } from './groups'
import { SubAgents } from './sub-agents'
import { useChildren, useFeed, useGroups, useSeen } from './use-feed'

/** Groups whose size matters enough to be said. */
const COUNTED: ReadonlySet<GroupName> = new Set(['Needs you', 'Running', 'Archived'])
/** Groups that are closed until asked for. */
const CLOSED: ReadonlySet<GroupName> = new Set(['Archived'])

export function AgentList({ onFind, onKeys }: { onFind: () => void; onKeys: () => void }) {
  const place = usePlace()
  const scroller = useRef<HTMLElement>(null)

  const move = (by: 1 | -1) => {
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const focused = rows.findIndex((row) => row.matches(':focus'))
    const current = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute('aria-current') === 'page')
    rows[Math.max(0, Math.min(rows.length - 1, current + by))]?.focus()
  }
  useKeys({ j: () => move(1), k: () => move(-1) })

  const onArrow = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      if (fold(event.key === 'ArrowRight')) event.preventDefault()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    move(event.key === 'ArrowDown' ? 1 : -1)
  }

  return (
    <div className="flex h-full flex-col">
      <header className="flex h-12 shrink-0 items-center gap-1 pr-2 pl-4">
        <Link
          to={{ page: 'home' }}
          aria-label="Warren, start page"
          className="mr-auto flex items-center gap-2 rounded-md"
        >
          <Mark size={20} />
          <span className="font-semibold text-[14px] tracking-tight">Warren</span>
        </Link>
        <Tip text="New agent" keys="c">
          <Link
            to={{ page: 'new' }}
            aria-label="New agent"
            className="flex size-7 items-center justify-center rounded-md text-ink-2 transition-colors hover:bg-hover hover:text-ink max-md:size-9"
          >
            <SquarePen size={15} />
          </Link>
        </Tip>
      </header>
      <div className="shrink-0 px-2 pb-1">
        <button
          type="button"
          onClick={onFind}
          className="flex h-8 w-full items-center gap-2 rounded-md px-2 text-ink-3 transition-colors hover:bg-hover hover:text-ink-2 max-md:h-10"
        >
          <Search size={14} className="mx-px" />
          <span className="flex-1 text-left">Search</span>
          <span className="max-md:hidden">
            <Keys keys="mod+k" />
          </span>
        </button>
        <Link
          to={{ page: 'workspaces' }}
          aria-current={place.page === 'workspaces' ? 'page' : undefined}
          className="flex h-8 items-center gap-2 rounded-md px-2 text-ink-2 transition-colors hover:bg-hover hover:text-ink aria-[current]:bg-active aria-[current]:text-ink max-md:h-10"
        >
          <Boxes size={14} className="mx-px" /> Workspaces
        </Link>
      </div>
      <nav ref={scroller} aria-label="Agents" onKeyDown={onArrow} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
        <Rows />
      </nav>
      <footer className="shrink-0 border-line border-t p-2">
        <UserMenu onKeys={onKeys} />
      </footer>
    </div>
  )
}

/** Opens or closes the sub-agents of the row that has the focus; from a sub-agent, closing leads to its agent. */
function fold(open: boolean): boolean {
  const row = document.activeElement
  const item = row?.matches('[data-row]') ? row.closest('li') : undefined
  const head = item?.querySelector<HTMLElement>('[data-row]')
  if (!item || !head) return false
  if (!open && head !== row) {
    head.focus()
    return true
  }
  const button = item.querySelector<HTMLElement>('[data-children]')
  if (button === null || (button.getAttribute('aria-expanded') === 'true') === open) return false
  button.click()
  return true
}

function Rows() {
  const { loaded } = useFeed()
  const groups = useGroups('')
  const children = useChildren()
  const seen = useSeen()
  const chatId = useOpenChatId()
  const [open, setOpen] = useState<ReadonlySet<GroupName>>(new Set())
  const tabbable = useMemo(() => {
    const ids = groups.flatMap((group) => group.chats.map((chat) => chat.id))
    return chatId !== undefined && ids.includes(chatId) ? chatId : ids[0]
  }, [groups, chatId])

  if (!loaded) {
    return (
      <div className="px-2 pt-4">
        <Skeleton rows={6} />
      </div>
    )
  }
  if (groups.length === 0) {
    return <Blank title="No agents yet">Write what should be done; an agent starts on it at once.</Blank>
  }
  return groups.map(({ name, chats }) => {
    const closed = CLOSED.has(name) && !open.has(name)
    const size = COUNTED.has(name) && <span className="tabular-nums">{chats.length}</span>
    return (
      <section key={name} aria-label={name} className="pt-3">
        {CLOSED.has(name) ? (
          <button
            type="button"
            aria-expanded={!closed}
            onClick={() => setOpen(new Set(closed ? [...open, name] : [...open].filter((other) => other !== name)))}
            className="flex w-full gap-1.5 rounded-md px-2 pb-1 text-ink-3 text-xs hover:text-ink-2"
          >
            {name} {size}
          </button>
        ) : (
          <h2
            className={`flex gap-1.5 px-2 pb-1 text-xs ${name === 'Needs you' ? 'font-medium text-warn' : 'text-ink-3'}`}
          >
            {name} {size}
          </h2>
        )}
        {!closed && (
          <ul className="flex flex-col gap-px">
            {chats.map((chat) => (
              <li key={chat.id}>
                <AgentRow
                  chat={chat}
                  seen={seen.get(chat.id)}
                  level={0}
                  tabbable={chat.id === tabbable}
                  open={chat.id === chatId}
                />
                <SubAgents chats={children.get(chat.id)} openId={chatId} seen={seen} />
              </li>
            ))}
          </ul>
        )}
      </section>
    )
  })
}
