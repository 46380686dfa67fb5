// What a chat's event stream adds up to. Pure: the same events give the same state, and a stream that is replayed from
// its snapshot, or resumed behind any event, ends where the unbroken one ends.
import type { Approval, Chat, ChatEvent, Delta, Message, Part, QueuedMessage } from '@/api/types'

/** A part of the message in flight: like a committed one, but a tool call's input may still be growing text. */
export type LivePart = Part | { type: 'tool_input'; id: string; name: string; raw: string }

export interface LiveMessage {
  id: string
  parts: LivePart[]
  created_at?: string
}

export interface Retry {
  attempt: number
  in_ms: number
  reason: string
}

export interface ChatState {
  chat?: Chat
  /** Committed, oldest first. */
  messages: Message[]
  queued: QueuedMessage[]
  approvals: Approval[]
  inFlight?: LiveMessage
  /** Set while the next attempt waits for its time. */
  retry?: Retry
  /** Set while a summary takes the place of what was said before. */
  compacting?: true
  /** What running tools have printed so far, by the call's id. */
  previews: Record<string, string>
}

export const EMPTY: ChatState = { messages: [], queued: [], approvals: [], previews: {} }

/** Only the end of a running command's output is shown; the whole comes with its result. */
const PREVIEW_CHARS_MAX = 16_384

export function reduce(state: ChatState, event: ChatEvent): ChatState {
  switch (event.event) {
    case 'snapshot': {
      const { chat, messages, queued, in_flight, approvals } = event.data
      const older = olderThan(state, messages, chat)
      return withInFlight(
        { chat, messages: [...older, ...messages], queued, approvals: approvals ?? [], previews: {} },
        in_flight && { id: in_flight.id, parts: in_flight.parts.map(growing), created_at: in_flight.created_at },
      )
    }
    case 'message':
      return commit(state, event.data)
    case 'delta':
      return grow(state, event.data)
    case 'reset':
      return withInFlight(state, undefined)
    case 'status': {
      const { status, last_error, approvals, queue_position } = event.data
      const asked = { ...state, approvals: approvals ?? [] }
      const next = status === 'running' ? asked : goingOn(asked)
      if (next.chat === undefined) return next
      const { last_error: _, queue_position: __, ...rest } = next.chat
      const chat: Chat = {
        ...rest,
        status,
        ...(last_error === undefined || last_error === null ? {} : { last_error }),
        ...(queue_position === undefined ? {} : { queue_position }),
      }
      return { ...next, chat }
    }
    case 'queue':
      return { ...state, queued: Array.isArray(event.data) ? event.data : event.data.queued }
    case 'retry':
      return { ...state, retry: event.data }
    case 'compacting':
      return { ...state, compacting: true }
    case 'removed': {
      const gone = new Set(event.data.message_ids)
      const next = { ...state, messages: state.messages.filter((message) => !gone.has(message.id)) }
      return next.inFlight && gone.has(next.inFlight.id) ? withInFlight(next, undefined) : next
    }
    case 'title':
      return patchChat(state, { title: event.data.title })
    case 'usage': {
      const { usage, context, budget } = event.data
      return patchChat(state, {
        ...(usage ? { usage } : {}),
        ...(context ? { context } : {}),
        ...(budget ? { budget } : {}),
      })
    }
    case 'workspace': {
      const id = event.data.workspace_id ?? event.data.id
      const { instructions } = event.data
      if (state.chat === undefined) return state
      const { workspace_id: _, ...rest } = state.chat
      // Without an id the chat was detached.
      const chat: Chat = {
        ...rest,
        ...(id === undefined ? {} : { workspace_id: id }),
        ...(instructions === undefined ? {} : { instructions }),
      }
      return { ...state, chat }
    }
    default:
      return ignored(state, event)
  }
}

/** A kind of event that this page does not know yet changes nothing. */
function ignored(state: ChatState, _event: never): ChatState {
  return state
}

/** Puts an older page of history, oldest first, before what is there. */
export function prepend(state: ChatState, older: Message[]): ChatState {
  const known = new Set(state.messages.map((message) => message.id))
  return { ...state, messages: [...older.filter((message) => !known.has(message.id)), ...state.messages] }
}

/** Pages of history that were loaded before a snapshot stay, as long as they join it without a gap. */
function olderThan(state: ChatState, messages: Message[], chat: Chat): Message[] {
  const first = messages[0]
  if (first === undefined || state.chat?.id !== chat.id) return []
  const joins = state.messages.some((message) => message.id === first.id)
  return joins ? state.messages.filter((message) => message.seq < first.seq) : []
}

function commit(state: ChatState, message: Message): ChatState {
  const committed = { ...state, messages: insert(state.messages, message) }
  const next = goingOn(committed)
  const done = message.parts.flatMap((part) => (part.type === 'tool_result' ? [part.id] : []))
  const previews = done.some((id) => id in next.previews)
    ? Object.fromEntries(Object.entries(next.previews).filter(([id]) => !done.includes(id)))
    : next.previews
  const rest = previews === next.previews ? next : { ...next, previews }
  return rest.inFlight?.id === message.id ? withInFlight(rest, undefined) : rest
}

function insert(messages: Message[], message: Message): Message[] {
  const at = messages.findIndex((other) => other.id === message.id)
  if (at >= 0) return messages.with(at, message)
  const last = messages.at(-1)
  if (last === undefined || last.seq < message.seq) return [...messages, message]
  return [...messages, message].sort((a, b) => a.seq - b.seq)
}

function grow(state: ChatState, delta: Delta): ChatState {
  if (delta.kind === 'tool_output') return growPreview(state, delta)
  // What is committed is whole: a delta that arrives for it again says nothing new.
  if (state.messages.some((message) => message.id === delta.message_id)) return state
  const base = state.inFlight?.id === delta.message_id ? state.inFlight : { id: delta.message_id, parts: [] }
  const parts = [...base.parts]
  const grown = growPart(parts[delta.part], delta)
  if (grown === undefined) return state
  // A server may leave out parts that have no text of their own; the gap is filled so that indexes keep their meaning.
  while (parts.length < delta.part) parts.push({ type: 'text', text: '' })
  parts[delta.part] = grown
  return goingOn({ ...state, inFlight: { ...base, parts } })
}

/** In a message in flight the input of a call that is still being written is text. */
function growing(part: Part): LivePart {
  if (part.type !== 'tool_call' || typeof part.input !== 'string') return part
  return { type: 'tool_input', id: part.id, name: part.name, raw: part.input }
}

function growPart(part: LivePart | undefined, delta: Delta): LivePart | undefined {
  switch (delta.kind) {
    case 'text':
      return { type: 'text', text: (part?.type === 'text' ? part.text : '') + delta.text }
    case 'reasoning':
      return { type: 'reasoning', text: (part?.type === 'reasoning' ? part.text : '') + delta.text }
    case 'tool_input': {
      if (part?.type === 'tool_input') return { ...part, raw: part.raw + delta.text }
      const call = part?.type === 'tool_call' ? part : undefined
      const id = delta.id ?? call?.id ?? `${delta.message_id}/${delta.part}`
      return { type: 'tool_input', id, name: delta.name ?? call?.name ?? '', raw: delta.text }
    }
    case 'tool_output':
      return part
  }
}

function growPreview(state: ChatState, delta: Delta): ChatState {
  const id = delta.id ?? callAt(state, delta)
  if (id === undefined) return state
  const text = ((state.previews[id] ?? '') + delta.text).slice(-PREVIEW_CHARS_MAX)
  return { ...state, previews: { ...state.previews, [id]: text } }
}

function callAt(state: ChatState, delta: Delta): string | undefined {
  const message = state.messages.findLast((candidate) => candidate.id === delta.message_id)
  const part = (message ?? (state.inFlight?.id === delta.message_id ? state.inFlight : undefined))?.parts[delta.part]
  return part?.type === 'tool_call' || part?.type === 'tool_input' ? part.id : undefined
}

function patchChat(state: ChatState, change: Partial<Chat>): ChatState {
  return state.chat === undefined ? state : { ...state, chat: { ...state.chat, ...change } }
}

function withInFlight(state: ChatState, inFlight: LiveMessage | undefined): ChatState {
  const { inFlight: _, ...rest } = state
  return inFlight === undefined ? rest : { ...rest, inFlight }
}

/** What was waited for has come, or will not. */
function goingOn(state: ChatState): ChatState {
  if (state.retry === undefined && state.compacting === undefined) return state
  const { retry: _, compacting: __, ...rest } = state
  return rest
}
