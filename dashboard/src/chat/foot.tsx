import { memo, useState } from 'react'
import { changeChat } from '@/agents/actions'
import { isRunning } from '@/agents/groups'
import type { Approval, Chat, QueuedMessage } from '@/api/types'
import { ModelChip, WorkspaceChip } from '@/composer/chips'
import { Composer } from '@/composer/composer'
import { ContextRing } from '@/composer/context-ring'
import { Queue } from '@/composer/queue'
import { queuedText } from '@/composer/queue-order'
import type { ChatActions } from './actions'
import { Approvals } from './approvals'

interface FootProps {
  chatId: string
  chat: Chat | undefined
  /** Others only read. */
  mine: boolean
  queued: QueuedMessage[]
  approvals: Approval[]
  actions: ChatActions
}

const FOOT = 'mx-auto w-full max-w-[760px] px-6 pb-4 max-md:px-2 max-md:pb-2'
const NOTE = 'flex items-center justify-center gap-2 rounded-xl border border-line bg-side px-4 py-3 text-ink-2'

/** Below the conversation: what the agent asks, what waits to be sent, and where to write. Not drawn again by tokens. */
export const Foot = memo(function Foot({ chatId, chat, mine, queued, approvals, actions }: FootProps) {
  const [inserted, setInserted] = useState<{ text: string }>()
  const running = chat !== undefined && isRunning(chat)
  const takeBack = async (message: QueuedMessage) => {
    if (await actions.unqueue(message)) setInserted({ text: queuedText(message) })
  }
  if (chat !== undefined && !mine) return <OthersNote chat={chat} />
  return (
    <div className={FOOT}>
      <Approvals chatId={chatId} approvals={approvals} />
      <Queue
        queued={queued}
        onEdit={(message) => void takeBack(message)}
        onDelete={(message) => void actions.unqueue(message)}
        onMove={(message, place) => void actions.move(message, place)}
        onPromote={(message) => void actions.promote(message)}
      />
      {chat?.archived ? (
        <ArchivedNote chat={chat} />
      ) : (
        <Composer
          draftKey={chatId}
          placeholder={running || chat?.status === 'requires_action' ? 'Say what comes next …' : 'Reply …'}
          busy={running || chat?.status === 'requires_action'}
          autoFocus
          onSend={actions.send}
          onStop={() => void actions.stop()}
          onEditQueued={async () => {
            const last = queued.at(-1)
            return last !== undefined && (await actions.unqueue(last)) ? queuedText(last) : undefined
          }}
          {...(inserted ? { inserted } : {})}
          chips={
            <>
              {chat && <ModelChip modelId={chat.model_id} onChoose={(id) => void changeChat(chat, { model_id: id })} />}
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
  )
})

function ArchivedNote({ chat }: { chat: Chat }) {
  return (
    <p className={NOTE}>
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

function OthersNote({ chat }: { chat: Chat }) {
  return (
    <div className={FOOT}>
      <p className={NOTE}>You read an agent of {chat.owner.username}; only they can write to it.</p>
    </div>
  )
}
