import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react'
import { isRunning } from '@/agents/groups'
import { seenStore } from '@/agents/seen'
import { useFeed } from '@/agents/use-feed'
import { ApiError } from '@/api/client'
import type { Chat } from '@/api/types'
import { NotFound } from '@/app/failed'
import { useKeys } from '@/app/keys'
import { queries } from '@/app/queries'
import { useMedia } from '@/ui/use-media'
import { actionsOn } from './actions'
import { ChatHeader } from './chat-header'
import { Conversation } from './conversation'
import { Foot } from './foot'
import { Reconnecting } from './reconnecting'
import { useChatStore } from './use-chat'

const SidePanel = lazy(() => import('@/review/side-panel'))

const PANEL_KEY = 'warren.panel'

/** One chat; its key is its id. */
export function ChatPage({ chatId }: { chatId: string }) {
  const { store, view } = useChatStore(chatId)
  const { workspaces, chats, loaded } = useFeed()
  const streamed = view.state.chat
  const listed = chats.get(chatId)
  const chat = useMemo(() => merged(streamed, listed), [streamed, listed])
  const actions = useMemo(() => actionsOn(store), [store])
  const { data: me } = useQuery(queries.me)
  const mine = me === undefined || chat === undefined || chat.owner.id === me.id
  const roomy = useMedia('(min-width: 1180px)')
  const [panel, setPanel] = useState(() => roomy && localStorage.getItem(PANEL_KEY) === 'open')
  const workspace = chat?.workspace_id ? workspaces.get(chat.workspace_id) : undefined
  const gone = useGone(mine && loaded && workspace === undefined ? chat?.workspace_id : undefined)

  useEffect(() => {
    if (chat !== undefined && document.visibilityState === 'visible') seenStore.mark(chatId, chat.updated_at)
  }, [chatId, chat])

  const togglePanel = useCallback(() => {
    setPanel((open) => {
      localStorage.setItem(PANEL_KEY, open ? 'closed' : 'open')
      return !open
    })
  }, [])
  const [atInfo, setAtInfo] = useState(0)
  const showInfo = useCallback(() => {
    setPanel(true)
    setAtInfo((times) => times + 1)
  }, [])
  useKeys({
    ']': togglePanel,
    escape: () => {
      if (chat !== undefined && mine && isRunning(chat)) void actions.stop()
    },
  })

  if (view.refused) return <NotFound />
  return (
    <div className="flex h-full">
      <div className="flex min-w-0 flex-1 flex-col">
        <ChatHeader chat={chat} workspace={workspace} mine={mine} gone={gone} panel={panel} onPanel={togglePanel} />
        <Reconnecting connection={view.connection} />
        <Conversation
          view={view}
          workspace={workspace}
          onOlder={actions.older}
          onEdit={chat?.archived || !mine ? undefined : actions.edit}
          onBudget={showInfo}
          onRetry={mine ? () => void actions.again() : undefined}
        >
          <Foot
            chatId={chatId}
            chat={chat}
            mine={mine}
            queued={view.state.queued}
            approvals={view.state.approvals}
            actions={actions}
          />
        </Conversation>
      </div>
      <Suspense fallback={null}>
        {panel && chat && (
          <SidePanel
            key={atInfo}
            atInfo={atInfo > 0}
            chat={chat}
            workspace={workspace}
            state={view.state}
            onClose={togglePanel}
            onSend={actions.say}
          />
        )}
      </Suspense>
    </div>
  )
}

/** Whether a workspace that the list does not name was deleted; the list names only so many. */
function useGone(workspaceId: string | undefined): boolean {
  const { data, error } = useQuery({
    ...queries.workspace(workspaceId ?? ''),
    enabled: workspaceId !== undefined,
    retry: false,
  })
  if (workspaceId === undefined) return false
  return data?.status === 'deleted' || (error instanceof ApiError && error.status === 404)
}

/** The stream knows the chat best; what the list changed meanwhile (title, pin, archive) is the newer of the two. */
function merged(streamed: Chat | undefined, listed: Chat | undefined): Chat | undefined {
  if (streamed === undefined || listed === undefined) return streamed ?? listed
  const { title, pinned, archived, model_id, workspace_id, updated_at, status_since } = listed
  return {
    ...streamed,
    title: title || streamed.title,
    pinned,
    archived,
    updated_at,
    ...(model_id ? { model_id } : {}),
    ...(workspace_id ? { workspace_id } : {}),
    ...(status_since ? { status_since } : {}),
  }
}
