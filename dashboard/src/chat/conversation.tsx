import { ArrowDown } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { Workspace } from '@/api/types'
import { Skeleton } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Attachment } from './attachment'
import { StatusLine } from './status-line'
import type { ChatView, Sending } from './store'
import { AskedCalls } from './tools/asked'
import { TurnView } from './turn-view'
import { type Turn, turnsOf } from './turns'
import { useTail } from './use-tail'
import { UserBubble } from './user-message'

const NO_PREVIEWS: Record<string, string> = {}

interface ConversationProps {
  view: ChatView
  workspace: Workspace | undefined
  onOlder: () => void
  onEdit: ((messageId: string, text: string) => Promise<void>) | undefined
  onRetry: (() => void) | undefined
  onBudget: () => void
  children: ReactNode
}

/** The turns of a chat from the oldest to what grows now, and the composer (the children) at the foot. */
export function Conversation({ view, workspace, onOlder, onEdit, onRetry, onBudget, children }: ConversationProps) {
  const { state, hasOlder, sending } = view
  const tail = useTail()
  const turns = useTurns(view)
  const status = state.chat?.status
  const working =
    status === 'running' || status === 'pending' || status === 'interrupting' || status === 'requires_action'
  useOlder(tail.scroller, hasOlder, onOlder, state.messages[0]?.id)

  const { approvals } = state
  const asked = useMemo(() => new Set(approvals.map((approval) => approval.call_id)), [approvals])
  const sent = sending.length
  const { toEnd } = tail
  useEffect(() => {
    if (sent > 0) toEnd()
  }, [sent, toEnd])

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={tail.scroller}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Conversation"
      >
        <div ref={tail.content} className="mx-auto w-full max-w-[760px] px-6 pt-4 pb-6 max-md:px-4">
          {state.chat === undefined && <Skeleton rows={7} />}
          {hasOlder && (
            <div className="flex justify-center py-2">
              <Button small look="quiet" onClick={onOlder}>
                Earlier messages
              </Button>
            </div>
          )}
          <AskedCalls value={asked}>
            {turns.map((turn, at) => {
              const last = at === turns.length - 1
              return (
                <TurnView
                  key={turn.id}
                  turn={turn}
                  live={last ? state.inFlight : undefined}
                  previews={last ? state.previews : NO_PREVIEWS}
                  working={last && working}
                  onEdit={onEdit}
                />
              )
            })}
          </AskedCalls>
          <SendingMessages sending={sending} queues={working && turns.length > 0} />
          <StatusLine state={state} workspace={workspace} onRetry={onRetry} onBudget={onBudget} />
        </div>
      </div>
      <div className="relative shrink-0">
        {!tail.atEnd && (
          <button
            type="button"
            onClick={toEnd}
            className="absolute -top-10 left-1/2 z-10 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full bg-raised px-3 text-ink-2 shadow-pop hover:text-ink"
          >
            <ArrowDown size={14} /> {working ? 'Follow' : 'To the end'}
          </button>
        )}
        {children}
      </div>
    </div>
  )
}

/** What was sent and is not yet answered for stands where it will stand; what will be queued does not. */
function SendingMessages({ sending, queues }: { sending: Sending[]; queues: boolean }) {
  if (queues) return null
  return sending.map((message) => (
    <div key={message.key} className="flex justify-end py-3">
      <UserBubble text={message.text} faded>
        {message.files.map((file) => (
          <Attachment key={file.file_id} file={file} />
        ))}
      </UserBubble>
    </div>
  ))
}

function useTurns(view: ChatView): Turn[] {
  const previous = useRef<Turn[]>([])
  return useMemo(() => {
    const turns = turnsOf(view.state.messages, previous.current)
    // A chat whose first answer streams before its first message was seen still has a place for it.
    if (turns.length === 0 && view.state.inFlight !== undefined) turns.push({ id: 'first', messages: [] })
    previous.current = turns
    return turns
  }, [view.state.messages, view.state.inFlight])
}

/** Loads earlier pages when the reader comes near the top, and keeps what they read in its place. */
function useOlder(
  scroller: React.RefObject<HTMLDivElement | null>,
  hasOlder: boolean,
  onOlder: () => void,
  firstId: string | undefined,
) {
  const before = useRef<{ firstId: string | undefined; height: number; top: number }>(undefined)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const last = before.current
    if (last !== undefined && last.firstId !== firstId && element.scrollTop < 400) {
      element.scrollTop = last.top + element.scrollHeight - last.height
    }
    before.current = { firstId, height: element.scrollHeight, top: element.scrollTop }
    const onScroll = () => {
      before.current = { firstId, height: element.scrollHeight, top: element.scrollTop }
      if (hasOlder && element.scrollTop < 200) onOlder()
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [scroller, hasOlder, onOlder, firstId])
}
