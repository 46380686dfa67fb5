import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { changeChat } from '@/agents/actions'
import { seenStore } from '@/agents/seen'
import { useFeed } from '@/agents/use-feed'
import { messageOf, patch, post, remove } from '@/api/client'
import type { Chat, Message, QueuedMessage } from '@/api/types'
import { NotFound } from '@/app/failed'
import { useKeys } from '@/app/keys'
import { ModelChip, WorkspaceChip } from '@/composer/chips'
import { Composer, type Outgoing } from '@/composer/composer'
import { ContextRing } from '@/composer/context-ring'
import { Queue, queuedText } from '@/composer/queue'
import { toast } from '@/ui/toast'
import { useMedia } from '@/ui/use-media'
import { Approvals } from './approvals'
import { ChatHeader } from './chat-header'
import { Conversation } from './conversation'
import { Reconnecting } from './reconnecting'
import type { ChatStore } from './store'
import { useChatStore } from './use-chat'

const SidePanel = lazy(() => import('@/review/side-panel'))

const PANEL_KEY = 'warren.panel'

export function ChatPage({ chatId }: { chatId: string }) {
  const { store, view } = useChatStore(chatId)
  const { workspaces, chats } = useFeed()
  const listed = chats.get(chatId)
  const chat = merged(view.state.chat, listed)
  const roomy = useMedia('(min-width: 1180px)')
  const [panel, setPanel] = useState(() => roomy && localStorage.getItem(PANEL_KEY) === 'open')
  const workspace = chat?.workspace_id ? workspaces.get(chat.workspace_id) : undefined

  useEffect(() => {
    if (chat !== undefined && document.visibilityState === 'visible') seenStore.mark(chatId, chat.updated_at)
  }, [chatId, chat])

  const togglePanel = () => {
    setPanel(!panel)
    localStorage.setItem(PANEL_KEY, panel ? 'closed' : 'open')
  }
  const actions = useActions(store, chat)
  const running = chat?.status === 'running' || chat?.status === 'pending'
  useKeys({
    ']': togglePanel,
    escape: () => {
      if (running) void actions.stop()
    },
  })

  const onOlder = useCallback(() => void store.loadOlder().catch((error) => toast.fail(messageOf(error))), [store])

  if (view.refused) return <NotFound />
  return (
    <div className="flex h-full">
      <div className="flex min-w-0 flex-1 flex-col">
        <ChatHeader chat={chat} workspace={workspace} panel={panel} onPanel={togglePanel} />
        <Reconnecting connection={view.connection} />
        <Conversation
          view={view}
          workspace={workspace}
          onOlder={onOlder}
          onEdit={chat?.archived ? undefined : actions.edit}
          onRetry={() => void actions.again()}
        >
          <div className="mx-auto w-full max-w-[760px] px-6 pb-4 max-md:px-2 max-md:pb-2">
            <Approvals chatId={chatId} approvals={view.state.approvals} />
            <Queue
              queued={view.state.queued}
              onEdit={(message) => void actions.takeBack(message)}
              onDelete={(message) => void actions.unqueue(message)}
              onPromote={(message) => void actions.promote(message)}
            />
            {chat?.archived ? (
              <ArchivedNote chat={chat} />
            ) : (
              <Composer
                draftKey={chatId}
                placeholder={running ? 'Say what comes next …' : 'Reply …'}
                busy={running || chat?.status === 'requires_action'}
                autoFocus
                onSend={actions.send}
                onStop={() => void actions.stop()}
                onEditQueued={async () => {
                  const last = view.state.queued.at(-1)
                  return last !== undefined && (await actions.unqueue(last)) ? queuedText(last) : undefined
                }}
                {...(actions.inserted ? { inserted: actions.inserted } : {})}
                chips={
                  <>
                    {chat && (
                      <ModelChip modelId={chat.model_id} onChoose={(id) => void changeChat(chat, { model_id: id })} />
                    )}
                    {chat && (
                      <WorkspaceChip
                        workspaceId={chat.workspace_id ?? undefined}
                        mayClear={false}
                        onChoose={(id) => id && void changeChat(chat, { workspace_id: id })}
                      />
                    )}
                    <span className="flex-1" />
                    {chat && <ContextRing chat={chat} />}
                  </>
                }
              />
            )}
          </div>
        </Conversation>
      </div>
      <Suspense fallback={null}>
        {panel && chat && <SidePanel chat={chat} workspace={workspace} state={view.state} onClose={togglePanel} />}
      </Suspense>
    </div>
  )
}

/** The stream knows the chat best; what the list changed meanwhile (title, pin, archive) is the newer of the two. */
function merged(streamed: Chat | undefined, listed: Chat | undefined): Chat | undefined {
  if (streamed === undefined || listed === undefined) return streamed ?? listed
  const { title, pinned, archived, model_id, workspace_id, updated_at } = listed
  return {
    ...streamed,
    title: title || streamed.title,
    pinned,
    archived,
    updated_at,
    ...(model_id ? { model_id } : {}),
    ...(workspace_id ? { workspace_id } : {}),
  }
}

function ArchivedNote({ chat }: { chat: Chat }) {
  return (
    <p className="flex items-center justify-center gap-2 rounded-xl border border-line bg-side px-4 py-3 text-ink-2">
      This agent is archived.
      <button
        type="button"
        className="font-medium text-accent"
        onClick={() => void changeChat(chat, { archived: false })}
      >
        Take it out of the archive
      </button>
    </p>
  )
}

interface Sent {
  message?: Message | null
  queued?: QueuedMessage | null
}

function useActions(store: ChatStore, chat: Chat | undefined) {
  const chatId = store.chatId
  const [inserted, setInserted] = useState<{ text: string }>()
  const lastSend = useRef<Promise<unknown>>(Promise.resolve())

  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      toast.fail(messageOf(error))
      return false
    }
  }
  const send = async ({ text, files, content, now }: Outgoing) => {
    const shown = files.flatMap(({ file_id, name, media_type }) => (file_id ? [{ file_id, name, media_type }] : []))
    const done = store.sending({ key: crypto.randomUUID(), text, files: shown })
    // One after the other: what was typed first arrives first.
    const before = lastSend.current
    const sendNow = async () => {
      await before
      const sent = await post<Sent>(
        `/chats/${chatId}/messages`,
        { content, ...(now ? { busy: 'interrupt' } : {}) },
        crypto.randomUUID(),
      )
      if (sent.message) store.apply({ event: 'message', data: sent.message })
    }
    const attempted = attempt(sendNow)
    lastSend.current = attempted
    const taken = await attempted
    done()
    return taken
  }
  const unqueue = (message: QueuedMessage) => attempt(() => remove(`/chats/${chatId}/queue/${message.id}`))
  return {
    inserted,
    send,
    unqueue,
    stop: () => attempt(() => post(`/chats/${chatId}/interrupt`)),
    promote: (message: QueuedMessage) => attempt(() => post(`/chats/${chatId}/queue/${message.id}/promote`)),
    takeBack: async (message: QueuedMessage) => {
      if (await unqueue(message)) setInserted({ text: queuedText(message) })
    },
    edit: useCallback(
      async (messageId: string, text: string) => {
        try {
          await patch(`/chats/${chatId}/messages/${messageId}`, { content: [{ type: 'text', text }] })
        } catch (error) {
          toast.fail(messageOf(error))
          throw error
        }
      },
      [chatId],
    ),
    /** After an error: the last message of the user once more, or a word to go on where there was progress since. */
    again: () => {
      const text = 'Please go on.'
      if (chat === undefined) return Promise.resolve(false)
      return attempt(() =>
        post(`/chats/${chatId}/messages`, { content: [{ type: 'text', text }] }, crypto.randomUUID()),
      )
    },
  }
}
