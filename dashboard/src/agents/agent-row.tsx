import clsx from 'clsx'
import { memo } from 'react'
import type { Chat } from '@/api/types'
import { Link } from '@/app/navigation'
import { ago, clock } from '@/ui/format'
import { useNow } from '@/ui/use-now'
import { ChatMenu } from './chat-menu'
import { isRunning, isUnseen, titleOf } from './groups'
import { StatusDot } from './status-dot'

interface AgentRowProps {
  chat: Chat
  seen: string | undefined
  level: number
  tabbable: boolean
  open: boolean
}

export const AgentRow = memo(function AgentRow({ chat, seen, level, tabbable, open }: AgentRowProps) {
  const running = isRunning(chat)
  const unseen = !open && isUnseen(chat, seen)
  return (
    <div
      className={clsx(
        'group relative flex rounded-md',
        open ? 'bg-active' : 'hover:bg-hover has-data-popup-open:bg-hover',
      )}
    >
      <Link
        to={{ page: 'chat', chatId: chat.id }}
        data-row
        tabIndex={tabbable ? 0 : -1}
        aria-current={open ? 'page' : undefined}
        className={clsx('flex min-w-0 flex-1 gap-2 rounded-md py-1 pr-2 max-md:py-2.5', level > 0 ? 'pl-7' : 'pl-2')}
      >
        <span className="flex h-5 items-center">
          <StatusDot chat={chat} unseen={unseen} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline gap-2">
            <span className={clsx('min-w-0 flex-1 truncate', unseen || open || running ? 'text-ink' : 'text-ink-2')}>
              {titleOf(chat)}
            </span>
            <span className="shrink-0 text-ink-3 group-has-aria-[current]:text-ink-2 text-xs tabular-nums group-hover:invisible group-has-data-popup-open:invisible max-md:visible!">
              {running ? <Elapsed since={chat.status_since ?? chat.updated_at} /> : <Ago at={chat.updated_at} />}
            </span>
          </span>
          {running && chat.current_step && (
            <span className="block truncate font-mono text-[11px] text-ink-3 leading-4 group-has-aria-[current]:text-ink-2">
              {chat.current_step}
            </span>
          )}
        </span>
      </Link>
      <span className="absolute top-0.5 right-1 opacity-0 focus-within:opacity-100 group-hover:opacity-100 has-data-popup-open:opacity-100 max-md:hidden">
        <ChatMenu chat={chat} small tabbable={false} />
      </span>
    </div>
  )
})

function Elapsed({ since }: { since: string }) {
  const now = useNow(1000)
  return <>{clock(now - Date.parse(since))}</>
}

function Ago({ at }: { at: string }) {
  const now = useNow(60_000)
  return <>{ago(at, now)}</>
}
