import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Boxes, Keyboard, LayoutTemplate, Moon, Search, Settings, SquarePen, Sun } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useDeferredValue, useId, useMemo, useState } from 'react'
import { titleOf } from '@/agents/groups'
import { StatusDot } from '@/agents/status-dot'
import { useFeed } from '@/agents/use-feed'
import { get } from '@/api/client'
import type { Chat, Page } from '@/api/types'
import { go } from '@/app/navigation'
import { rank } from './rank'
import { setTheme } from './theme'

interface Entry {
  id: string
  name: string
  icon: ReactNode
  run: () => void
}

const ROWS_MAX = 12

/** ⌘K: finds an agent, a workspace or a command by a few letters. */
export default function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const entries = useEntries(query, onKeys)
  const found = useMemo(() => rank(entries, query).slice(0, ROWS_MAX), [entries, query])
  const listId = useId()
  const active = Math.min(at, found.length - 1)

  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onClose()
    entry.run()
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt(Math.min(active + 1, found.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(active - 1, 0))
    else if (event.key === 'Enter') run(found[active])
    else return
    event.preventDefault()
  }

  return (
    <BaseDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-black/25 dark:bg-black/50" />
        <BaseDialog.Popup
          aria-label="Search"
          className="fixed top-[14vh] left-1/2 z-50 w-[calc(100vw-24px)] max-w-[540px] -translate-x-1/2 animate-rise overflow-hidden rounded-xl bg-raised shadow-pop"
        >
          <div className="flex h-12 items-center gap-2.5 border-line border-b px-4">
            <Search size={15} className="text-ink-3" aria-hidden />
            <input
              autoFocus
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={found[active] ? `${listId}-${active}` : undefined}
              aria-label="Find an agent or a command"
              placeholder="Find an agent or a command …"
              value={query}
              onChange={(event) => {
                setQuery(event.target.value)
                setAt(0)
              }}
              onKeyDown={onKey}
              className="h-full flex-1 bg-transparent text-[14px] outline-none placeholder:text-ink-3"
            />
          </div>
          <div id={listId} role="listbox" aria-label="Found" className="max-h-[46vh] overflow-y-auto p-1.5">
            {found.length === 0 && <p className="px-3 py-6 text-center text-ink-3">Nothing is called that.</p>}
            {found.map((entry, index) => (
              <div
                key={entry.id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                onMouseMove={() => setAt(index)}
                onClick={() => run(entry)}
                onKeyDown={onKey}
                className={clsx(
                  'flex h-9 cursor-default items-center gap-2.5 rounded-md px-2.5',
                  index === active && 'bg-hover',
                )}
              >
                <span className="flex size-4 items-center justify-center text-ink-3">{entry.icon}</span>
                <span className="min-w-0 flex-1 truncate">{entry.name}</span>
              </div>
            ))}
          </div>
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  )
}

/** Shorter words are in nearly every title. */
const WORD_CHARS_MIN = 2

function useEntries(query: string, onKeys: () => void): Entry[] {
  const { chats: listed, workspaces } = useFeed()
  const words = useDeferredValue(query.trim())
  // The list has the newest chats; the server finds the older ones.
  const { data: older } = useQuery({
    queryKey: ['find', words],
    enabled: words.length >= WORD_CHARS_MIN,
    queryFn: ({ signal }) => get<Page<Chat>>('/chats', { q: words, limit: ROWS_MAX }, signal),
  })
  return useMemo(() => {
    const chats = new Map([...(older?.items ?? []).map((chat): [string, Chat] => [chat.id, chat]), ...listed])
    const recent = [...chats.values()].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
    return [
      { id: 'new', name: 'New agent', icon: <SquarePen size={14} />, run: () => go({ page: 'new' }) },
      ...recent.map((chat) => ({
        id: chat.id,
        name: titleOf(chat),
        icon: <StatusDot chat={chat} unseen={false} />,
        run: () => go({ page: 'chat', chatId: chat.id }),
      })),
      ...[...workspaces.values()].map((workspace) => ({
        id: workspace.id,
        name: workspace.name,
        icon: <Boxes size={14} />,
        run: () => go({ page: 'workspace', workspaceId: workspace.id }),
      })),
      {
        id: 'workspaces',
        name: 'Workspaces',
        icon: <Boxes size={14} />,
        run: () => go({ page: 'workspaces' }),
      },
      {
        id: 'templates',
        name: 'Templates',
        icon: <LayoutTemplate size={14} />,
        run: () => go({ page: 'templates' }),
      },
      {
        id: 'settings',
        name: 'Settings',
        icon: <Settings size={14} />,
        run: () => go({ page: 'settings' }),
      },
      { id: 'light', name: 'Light theme', icon: <Sun size={14} />, run: () => setTheme('light') },
      { id: 'dark', name: 'Dark theme', icon: <Moon size={14} />, run: () => setTheme('dark') },
      { id: 'keys', name: 'Keys', icon: <Keyboard size={14} />, run: onKeys },
    ]
  }, [listed, older, workspaces, onKeys])
}
