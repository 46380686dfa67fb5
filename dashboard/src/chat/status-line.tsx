import { useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Ring } from '@/agents/status-dot'
import type { Chat, ChatError, Workspace } from '@/api/types'
import { queries } from '@/app/queries'
import { Button } from '@/ui/button'
import { useNow } from '@/ui/use-now'
import type { ChatState, Retry } from './reducer'

interface StatusLineProps {
  state: ChatState
  workspace: Workspace | undefined
  onRetry: (() => void) | undefined
  /** Leads to where the budget is changed. */
  onBudget?: () => void
}

/** What goes on below the last words: nothing while words say it themselves. */
export function StatusLine({ state, workspace, onRetry, onBudget }: StatusLineProps) {
  const { chat, retry, compacting, inFlight } = state
  if (chat === undefined) return null
  if (chat.status === 'error') {
    const spent = (chat.budget?.used_share ?? 0) >= 1
    return <ErrorNote error={chat.last_error} onRetry={onRetry} onBudget={spent ? onBudget : undefined} />
  }
  if (chat.status === 'interrupting') return <Line>Stopping …</Line>
  if (retry !== undefined) return <RetryLine key={retry.attempt} retry={retry} />
  if (compacting && chat.status === 'running') return <Line>Summarising what was said so far …</Line>
  // A tool at work shows so itself, also when it starts the workspace.
  if (chat.status === 'running' && hasOpenCall(state)) return null
  if (workspace?.status === 'starting' || workspace?.status === 'pending') {
    if (chat.status !== 'waiting') return <Line>Starting workspace {workspace.name} …</Line>
  }
  if (chat.status === 'pending') return <Pending chat={chat} />
  if (chat.status === 'running' && inFlight === undefined) return <Line>Thinking …</Line>
  return null
}

/** A start that takes longer is a wait for a worker: then the page asks which place the chat has in the line. */
const START_MS = 1_000

function Pending({ chat }: { chat: Chat }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), START_MS)
    return () => clearTimeout(timer)
  }, [])
  const { data } = useQuery({ ...queries.place(chat.id), enabled: late })
  return <Line>{placeWords(data ?? chat.queue_position)}</Line>
}

export function placeWords(place: number | undefined): string {
  if (place === undefined) return 'Starting …'
  return place <= 1 ? 'Next in line for a worker …' : `In line for a worker: ${place - 1} before this one …`
}

function hasOpenCall({ messages }: ChatState): boolean {
  const last = messages.at(-1)
  return last?.role === 'assistant' && last.parts.some((part) => part.type === 'tool_call')
}

function Line({ children }: { children: React.ReactNode }) {
  return (
    <p className="flex h-7 items-center gap-2 text-ink-3">
      <span className="flex size-4 items-center justify-center">
        <Ring />
      </span>
      {children}
    </p>
  )
}

function RetryLine({ retry }: { retry: Retry }) {
  const [until] = useState(() => Date.now() + retry.in_ms)
  const now = useNow(500)
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return (
    <p className="flex min-h-7 items-center gap-2 text-warn">
      <span className="flex size-4 items-center justify-center">
        <Ring />
      </span>
      {retry.reason.replace(/\.$/, '')}. {seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again'} (attempt{' '}
      {retry.attempt + 1}).
    </p>
  )
}

export function errorWords(error: ChatError | undefined): string {
  if (error === undefined || error === null) return 'The agent stopped with an error.'
  if (typeof error === 'string') return error
  return error.message ?? error.detail ?? 'The agent stopped with an error.'
}

interface ErrorNoteProps {
  error: Chat['last_error']
  onRetry: (() => void) | undefined
  /** Given when the budget is used up. */
  onBudget: (() => void) | undefined
}

function ErrorNote({ error, onRetry, onBudget }: ErrorNoteProps) {
  return (
    <div role="alert" className="my-1 flex items-start gap-2.5 rounded-lg bg-bad-soft px-3.5 py-2.5">
      <CircleAlert size={15} className="mt-[2.5px] shrink-0 text-bad" />
      <p className="min-w-0 flex-1 whitespace-pre-wrap break-words">{errorWords(error)}</p>
      {onRetry && onBudget && (
        <Button small look="solid" onClick={onBudget} className="-my-0.5">
          Change the budget
        </Button>
      )}
      {onRetry && (
        <Button small onClick={onRetry} className="-my-0.5">
          Try again
        </Button>
      )}
    </div>
  )
}
