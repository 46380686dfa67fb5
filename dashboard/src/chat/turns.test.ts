import { expect, test } from 'vitest'
import { call, message, relayTurn, result, text } from '@/gallery/fixtures'
import { segmentsOf, tally, turnsOf } from './turns'

const kinds = (turn: ReturnType<typeof turnsOf>[number] | undefined) =>
  turn === undefined ? [] : segmentsOf(turn).map((segment) => segment.kind)

test('steps stand together between the words', () => {
  const [turn] = turnsOf(relayTurn())
  expect(kinds(turn)).toEqual(['steps', 'text', 'steps', 'text'])
})

test('each call has its result, wherever in the turn it came', () => {
  const [turn] = turnsOf([
    message('user', [text('go')]),
    message('assistant', [call('a', 'execute', {}), call('b', 'execute', {})]),
    message('tool', [result('b', 'execute', { exit_code: 0 }), result('a', 'execute', { exit_code: 1 })]),
  ])
  const [steps] = turn === undefined ? [] : segmentsOf(turn)
  expect(steps?.kind === 'steps' && steps.steps.map((step) => step.kind === 'call' && step.result?.output)).toEqual([
    { exit_code: 1 },
    { exit_code: 0 },
  ])
})

test('a turn that did not change stays the same object, and a new message makes only its own turn new', () => {
  const messages = [...relayTurn(), ...relayTurn()]
  const before = turnsOf(messages)
  const after = turnsOf([...messages, message('assistant', [text('One more thing.')])], before)
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})

test('the message in flight goes on with the steps before it', () => {
  const [turn] = turnsOf([
    message('user', [text('go')]),
    message('assistant', [call('a', 'read_file', { path: 'x' })]),
    message('tool', [result('a', 'read_file', {})]),
  ])
  if (turn === undefined) throw new Error('there is a turn')
  const live = { id: 'live', parts: [{ type: 'tool_input' as const, id: 'b', name: 'execute', raw: '{"comm' }] }
  const segments = segmentsOf(turn, live)
  expect(segments).toHaveLength(1)
  expect(segments[0]?.kind === 'steps' && tally(segments[0].steps)).toEqual({ calls: 2, failed: 0, open: 1 })
})

test('an interrupted answer says so after its words', () => {
  const [turn] = turnsOf([
    message('user', [text('go')]),
    message('assistant', [text('Half')], { finish: 'interrupted' }),
  ])
  expect(kinds(turn)).toEqual(['text', 'finish'])
})

test('a summary begins a turn of its own', () => {
  const turns = turnsOf([
    message('user', [text('go')]),
    message('summary', [text('So far …')]),
    message('assistant', [text('On')]),
  ])
  expect(turns.map((turn) => [turn.user !== undefined, turn.summary !== undefined, turn.messages.length])).toEqual([
    [true, false, 0],
    [false, true, 1],
  ])
})
