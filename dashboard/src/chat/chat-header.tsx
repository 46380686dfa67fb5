import { Box, ChevronLeft, CornerLeftUp, PanelRight } from 'lucide-react'
import { memo } from 'react'
import { ChatMenu } from '@/agents/chat-menu'
import { isRunning, titleOf } from '@/agents/groups'
import { STATUS_WORDS, StatusDot } from '@/agents/status-dot'
import { useFeed } from '@/agents/use-feed'
import type { Chat, Workspace } from '@/api/types'
import { Link } from '@/app/navigation'
import { IconButton } from '@/ui/button'
import { clock } from '@/ui/format'
import { useNow } from '@/ui/use-now'

interface ChatHeaderProps {
  chat: Chat | undefined
  workspace: Workspace | undefined
  /** It had a workspace, which was deleted. */
  gone: boolean
  /** Others only read. */
  mine: boolean
  panel: boolean
  onPanel: () => void
}

export const ChatHeader = memo(function ChatHeader({ chat, workspace, gone, mine, panel, onPanel }: ChatHeaderProps) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-2 pl-4 max-md:pl-1">
      <Link
        to={{ page: 'home' }}
        aria-label="Back to the list"
        className="flex size-9 items-center justify-center rounded-md text-ink-3 hover:bg-hover md:hidden"
      >
        <ChevronLeft size={18} />
      </Link>
      {chat?.parent_id && <Parent id={chat.parent_id} />}
      {/* On a phone the workspace stands below the title, where the line has no room for both. */}
      <div className="flex min-w-0 items-center gap-2 max-md:flex-col max-md:items-start max-md:gap-0">
        <h1 className="min-w-0 max-w-full truncate font-medium">{chat && titleOf(chat)}</h1>
        {workspace && (
          <Link
            to={{ page: 'workspace', workspaceId: workspace.id }}
            className="flex h-6 min-w-0 max-w-full shrink-0 items-center gap-1.5 rounded-md px-1.5 text-ink-3 text-xs hover:bg-hover hover:text-ink max-md:-ml-1.5"
          >
            <Box size={12} className="shrink-0" /> <span className="truncate">{workspace.name}</span>
            {workspace.status !== 'running' && <span>· {workspace.status}</span>}
          </Link>
        )}
        {gone && (
          <span
            className="flex h-6 shrink-0 items-center gap-1.5 px-1.5 text-warn text-xs max-md:-ml-1.5"
            data-tip="The agent makes another when it needs one."
          >
            <Box size={12} /> workspace gone
          </span>
        )}
      </div>
      <span className="flex-1" />
      {/* Always there, so that a reader who does not see the page hears also that the agent is done. */}
      <span role="status" className="sr-only">
        {chat && STATUS_WORDS[chat.status]}
      </span>
      {chat && chat.status !== 'waiting' && <Status chat={chat} />}
      {chat && mine && <ChatMenu chat={chat} />}
      <IconButton
        label={panel ? 'Hide the side panel' : 'Changes and info'}
        keys="]"
        aria-expanded={panel}
        onClick={onPanel}
      >
        <PanelRight size={15} />
      </IconButton>
    </header>
  )
})

/** The way from a sub-agent to the agent that started it. */
function Parent({ id }: { id: string }) {
  const { chats } = useFeed()
  const parent = chats.get(id)
  return (
    <Link
      to={{ page: 'chat', chatId: id }}
      className="flex h-6 min-w-0 max-w-[40%] shrink-0 items-center gap-1.5 rounded-md px-1.5 text-ink-3 hover:bg-hover hover:text-ink"
    >
      <CornerLeftUp size={13} className="shrink-0" />
      <span className="truncate">{parent ? titleOf(parent) : 'Its agent'}</span>
      <span aria-hidden>/</span>
    </Link>
  )
}

function Status({ chat }: { chat: Chat }) {
  return (
    <span aria-hidden className="flex shrink-0 items-center gap-1.5 pr-1 text-ink-2 text-xs">
      <StatusDot chat={chat} unseen={false} />
      <span className="max-md:hidden">{STATUS_WORDS[chat.status]}</span>
      {isRunning(chat) && chat.status_since && <Elapsed since={chat.status_since} />}
    </span>
  )
}

function Elapsed({ since }: { since: string }) {
  const now = useNow(1000)
  return <span className="text-ink-3 tabular-nums">{clock(now - Date.parse(since))}</span>
}
