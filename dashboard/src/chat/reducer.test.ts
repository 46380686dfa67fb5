import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chat, ChatEvent, Message, Snapshot } from '@/api/types'
import { type ChatState, EMPTY, prepend, reduce } from './reducer'

const chat: Chat = {
  id: 'chat',
  owner: { id: 'u', username: 'ada' },
  title: '',
  status: 'running',
  pinned: false,
  archived: false,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
}
const user = (seq: number): Message => ({
  id: `m${seq}`,
  seq,
  role: 'user',
  parts: [{ type: 'text', text: `question ${seq}` }],
  created_at: chat.created_at,
})
const snapshot: ChatEvent = { event: 'snapshot', data: { chat, messages: [user(1)], queued: [] } }
const all = (events: ChatEvent[], from: ChatState = EMPTY) => events.reduce(reduce, from)

/** What a server that plays by the contract may send after a snapshot: whole answers, retries, edits, a queue. */
const answer = (seq: number, chunks: string[], tries: number): ChatEvent[] => {
  const message_id = `m${seq}`
  const deltas = chunks.map(
    (text): ChatEvent => ({ event: 'delta', data: { message_id, part: 0, kind: 'text', text } }),
  )
  const failed: ChatEvent[] = Array.from({ length: tries }, (_, attempt) => [
    ...deltas.slice(0, 1),
    { event: 'reset', data: { message_id } } satisfies ChatEvent,
    { event: 'retry', data: { attempt, in_ms: 10, reason: 'busy' } } satisfies ChatEvent,
  ]).flat()
  return [
    { event: 'status', data: { status: 'running' } },
    ...failed,
    ...deltas,
    {
      event: 'message',
      data: { ...user(seq), role: 'assistant', parts: [{ type: 'text', text: chunks.join('') }], finish: 'stop' },
    },
    { event: 'status', data: { status: 'waiting' } },
  ]
}
const other = (seq: number): fc.Arbitrary<ChatEvent[]> =>
  fc.constantFrom<ChatEvent[]>(
    [{ event: 'message', data: user(seq) }],
    [{ event: 'queue', data: { queued: [{ id: `q${seq}`, content: [], created_at: chat.created_at }] } }],
    [{ event: 'queue', data: { queued: [] } }],
    [{ event: 'removed', data: { message_ids: [`m${seq - 1}`] } }],
    [{ event: 'title', data: { title: `title ${seq}` } }],
    [{ event: 'usage', data: { context: { used_tokens: seq, limit_tokens: 100 } } }],
    [{ event: 'workspace', data: { workspace_id: 'w' } }],
  )
const stream = fc
  .array(
    fc.oneof({ weight: 2, arbitrary: fc.tuple(fc.array(fc.string(), { minLength: 1 }), fc.nat(2)) }, fc.constant(null)),
    {
      maxLength: 8,
    },
  )
  .chain((plan) =>
    fc.tuple(
      ...plan.map((step, at) => (step === null ? other(at + 2) : fc.constant(answer(at + 2, step[0], step[1])))),
    ),
  )
  .map((events) => [snapshot, ...events.flat()])

describe('the state of a chat', () => {
  test('is the same after any prefix and then the whole stream again', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (events, cut) => {
        const prefix = events.slice(0, cut % (events.length + 1))
        expect(all(events, all(prefix))).toEqual(all(events))
      }),
    )
  })

  test('is the same when the stream broke off anywhere and began again with a snapshot of that moment', () => {
    fc.assert(
      fc.property(stream, fc.nat(), (events, cut) => {
        const at = 1 + (cut % events.length)
        const before = all(events.slice(0, at))
        // The server's memory of that moment is what a reader who missed nothing has.
        const taken: Snapshot = {
          chat: before.chat ?? chat,
          messages: before.messages,
          queued: before.queued,
          approvals: before.approvals,
          ...(before.inFlight ? { in_flight: { ...user(99), id: before.inFlight.id, parts: partsOf(before) } } : {}),
        }
        const resumed = all([{ event: 'snapshot', data: taken }, ...events.slice(at)], all(events.slice(0, 1)))
        const { inFlight: a, retry: _a, ...left } = resumed
        const { inFlight: b, retry: _b, ...right } = all(events)
        expect(left).toEqual(right)
        expect(a?.parts).toEqual(b?.parts)
      }),
    )
  })

  test('never changes what it was given', () => {
    fc.assert(
      fc.property(stream, (events) => {
        const frozen = structuredClone(events)
        all(events)
        expect(events).toEqual(frozen)
      }),
    )
  })
})

function partsOf(state: ChatState): Message['parts'] {
  return (state.inFlight?.parts ?? []).flatMap((part) => (part.type === 'tool_input' ? [] : [part]))
}

test('a summary is being written until its message comes, or another status', () => {
  const writing = all([snapshot, { event: 'compacting', data: { cause: 'full' } }])
  expect(writing.compacting).toBe(true)
  expect(reduce(writing, { event: 'status', data: { status: 'running' } }).compacting).toBe(true)
  const summary: Message = { ...user(2), role: 'summary' }
  expect(reduce(writing, { event: 'message', data: summary }).compacting).toBeUndefined()
  expect(reduce(writing, { event: 'status', data: { status: 'error' } }).compacting).toBeUndefined()
})

test('deltas put together are the text in flight, part by part', () => {
  const state = all([
    snapshot,
    { event: 'delta', data: { message_id: 'a', part: 0, kind: 'reasoning', text: 'Hm' } },
    { event: 'delta', data: { message_id: 'a', part: 0, kind: 'reasoning', text: 'm.' } },
    { event: 'delta', data: { message_id: 'a', part: 1, kind: 'text', text: 'Yes' } },
    {
      event: 'delta',
      data: { message_id: 'a', part: 2, kind: 'tool_input', text: '{"pa', name: 'read_file', id: 'c' },
    },
    { event: 'delta', data: { message_id: 'a', part: 2, kind: 'tool_input', text: 'th"' } },
  ])
  expect(state.inFlight?.parts).toEqual([
    { type: 'reasoning', text: 'Hmm.' },
    { type: 'text', text: 'Yes' },
    { type: 'tool_input', id: 'c', name: 'read_file', raw: '{"path"' },
  ])
})

test('a delta for a message that is committed already adds nothing', () => {
  const before = all([snapshot])
  const late: ChatEvent = { event: 'delta', data: { message_id: 'm1', part: 0, kind: 'text', text: 'late' } }
  expect(reduce(before, late)).toBe(before)
})

test('what a tool prints is shown until its result comes', () => {
  const asked: Message = {
    ...user(2),
    role: 'assistant',
    parts: [{ type: 'tool_call', id: 'c', name: 'execute', input: { command: 'ls' } }],
  }
  const printing = all([
    snapshot,
    { event: 'message', data: asked },
    { event: 'delta', data: { message_id: 'm2', part: 0, kind: 'tool_output', text: 'one\n' } },
    { event: 'delta', data: { message_id: 'm2', part: 0, kind: 'tool_output', text: 'two\n' } },
  ])
  expect(printing.previews).toEqual({ c: 'one\ntwo\n' })
  const done: Message = {
    ...user(3),
    role: 'tool',
    parts: [{ type: 'tool_result', id: 'c', name: 'execute', output: {}, is_error: false }],
  }
  expect(reduce(printing, { event: 'message', data: done }).previews).toEqual({})
})

test('an event of a kind that this page does not know changes nothing', () => {
  const before = all([snapshot])
  const unknown: ChatEvent = JSON.parse('{"event":"weather","data":{"sun":true}}')
  expect(reduce(before, unknown)).toBe(before)
})

test('older pages come before, once, and survive a new snapshot that joins them', () => {
  const events: ChatEvent[] = [{ event: 'snapshot', data: { chat, messages: [user(3), user(4)], queued: [] } }]
  const paged = prepend(prepend(all(events), [user(1), user(2)]), [user(2)])
  const ids = (state: ChatState) => state.messages.map(({ id }) => id)
  expect(ids(paged)).toEqual(['m1', 'm2', 'm3', 'm4'])
  const again: ChatEvent = { event: 'snapshot', data: { chat, messages: [user(4), user(5)], queued: [] } }
  expect(ids(reduce(paged, again))).toEqual(['m1', 'm2', 'm3', 'm4', 'm5'])
  const far: ChatEvent = { event: 'snapshot', data: { chat, messages: [user(8), user(9)], queued: [] } }
  expect(ids(reduce(paged, far))).toEqual(['m8', 'm9'])
})
