import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Chat } from '@/api/types'
import { AgentRow } from './agent-row'
import { isRunning } from './groups'

interface SubAgentsProps {
  chats: Chat[] | undefined
  openId: string | undefined
  seen: ReadonlyMap<string, string>
}

/** The agents that an agent has started, below its row: a count that opens to rows. */
export function SubAgents({ chats = [], openId, seen }: SubAgentsProps) {
  const [chosen, setChosen] = useState<boolean>()
  const rows = chats.filter((chat) => !chat.archived || chat.id === openId)
  if (rows.length === 0) return null
  const asking = rows.filter((chat) => chat.status === 'requires_action').length
  const running = rows.filter(isRunning).length
  const open = chosen ?? (asking > 0 || rows.some((chat) => chat.id === openId))
  return (
    <>
      <button
        type="button"
        aria-expanded={open}
        data-children
        onClick={() => setChosen(!open)}
        className="flex h-6 w-full items-center gap-1.5 rounded-md pl-8 text-ink-3 text-xs hover:bg-hover hover:text-ink-2 max-md:h-9"
      >
        <ChevronRight size={11} className={clsx('transition-transform', open && 'rotate-90')} />
        {rows.length === 1 ? '1 sub-agent' : `${rows.length} sub-agents`}
        {running > 0 && <span>· {running} running</span>}
        {asking > 0 && <span className="text-warn">· {asking === 1 ? 'one asks' : `${asking} ask`} you</span>}
      </button>
      {open &&
        rows.map((chat) => (
          <AgentRow
            key={chat.id}
            chat={chat}
            seen={seen.get(chat.id)}
            level={1}
            tabbable={false}
            open={chat.id === openId}
          />
        ))}
    </>
  )
}
