// Messages as the page shows them: a turn is what the user said and what came of it; what the agent did in between is
// folded into groups of steps, and its words stand between them.
import type { FilePart, Finish, Message, ToolCallPart, ToolResultPart } from '@/api/types'
import type { LiveMessage, LivePart } from './reducer'

export interface Turn {
  id: string
  user?: Message
  /** A summary that stands for everything before it. */
  summary?: Message
  messages: Message[]
}

export type Step =
  | { kind: 'reasoning'; id: string; text: string; live: boolean }
  | { kind: 'call'; id: string; name: string; input: unknown; raw?: string; result?: ToolResultPart }

export type Segment =
  | { kind: 'text'; id: string; text: string; live: boolean }
  | { kind: 'steps'; id: string; steps: Step[]; startedAt?: string; endedAt?: string }
  | { kind: 'file'; id: string; file: FilePart }
  | { kind: 'source'; id: string; url: string; title: string }
  | { kind: 'finish'; id: string; finish: Exclude<Finish, 'stop'> }

/** Splits history into turns. Turns that did not change are the same objects as in `previous`, so that they need not be drawn again. */
export function turnsOf(messages: Message[], previous: Turn[] = []): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const current = turns.at(-1)
    if (message.role === 'user') turns.push({ id: message.id, user: message, messages: [] })
    else if (message.role === 'summary') turns.push({ id: message.id, summary: message, messages: [] })
    else if (current === undefined) turns.push({ id: message.id, messages: [message] })
    else current.messages.push(message)
  }
  const known = new Map(previous.map((turn) => [turn.id, turn]))
  return turns.map((turn) => {
    const before = known.get(turn.id)
    return before !== undefined && sameTurn(before, turn) ? before : turn
  })
}

function sameTurn(a: Turn, b: Turn) {
  return (
    a.user === b.user &&
    a.summary === b.summary &&
    a.messages.length === b.messages.length &&
    a.messages.every((message, at) => message === b.messages[at])
  )
}

/** What the agent said and did in a turn, in order; `live` is the message in flight, when it belongs to this turn. */
export function segmentsOf(turn: Turn, live?: LiveMessage): Segment[] {
  const results = resultsOf(turn.messages)
  const segments: Segment[] = []
  let before = turn.user?.created_at ?? turn.messages[0]?.created_at
  for (const message of turn.messages) {
    const last = segments.at(-1)
    if (last?.kind === 'steps') last.endedAt = message.created_at
    if (message.role !== 'assistant') {
      before = message.created_at
      continue
    }
    message.parts.forEach((part, at) => {
      push(segments, before, part, `${message.id}/${at}`, results, false)
    })
    before = message.created_at
    if (message.finish !== undefined && message.finish !== 'stop') {
      segments.push({ kind: 'finish', id: `${message.id}/finish`, finish: message.finish })
    }
  }
  live?.parts.forEach((part, at) => {
    push(segments, before, part, `${live.id}/${at}`, results, at === live.parts.length - 1)
  })
  return segments
}

function resultsOf(messages: Message[]) {
  const results = new Map<string, ToolResultPart>()
  for (const message of messages) {
    for (const part of message.parts) if (part.type === 'tool_result') results.set(part.id, part)
  }
  return results
}

function push(
  segments: Segment[],
  since: string | undefined,
  part: LivePart,
  id: string,
  results: Map<string, ToolResultPart>,
  growing: boolean,
) {
  switch (part.type) {
    case 'text':
      if (part.text.trim() !== '') segments.push({ kind: 'text', id, text: part.text, live: growing })
      return
    case 'reasoning':
      if (part.text.trim() !== '' || growing) {
        addStep(segments, since, id, { kind: 'reasoning', id, text: part.text, live: growing })
      }
      return
    case 'tool_call':
      addStep(segments, since, id, callStep(part, results.get(part.id)))
      return
    case 'tool_input':
      addStep(segments, since, id, { kind: 'call', id: part.id, name: part.name, input: undefined, raw: part.raw })
      return
    case 'file':
      segments.push({ kind: 'file', id, file: part })
      return
    case 'source':
      segments.push({ kind: 'source', id, url: part.url, title: part.title })
      return
    case 'tool_result':
      return
  }
}

function callStep(call: ToolCallPart, result: ToolResultPart | undefined): Step {
  const step: Step = { kind: 'call', id: call.id, name: call.name, input: call.input }
  return result === undefined ? step : { ...step, result }
}

function addStep(segments: Segment[], since: string | undefined, id: string, step: Step) {
  const last = segments.at(-1)
  if (last?.kind === 'steps') {
    last.steps.push(step)
    return
  }
  segments.push({ kind: 'steps', id, steps: [step], ...(since === undefined ? {} : { startedAt: since }) })
}

/** What a turn's steps add up to: "14 steps", "3 files". */
export function tally(steps: Step[]) {
  const calls = steps.filter((step) => step.kind === 'call')
  const failed = calls.filter((step) => step.result?.is_error === true).length
  const open = calls.filter((step) => step.result === undefined).length
  return { calls: calls.length, failed, open }
}
