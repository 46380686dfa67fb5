import { expect, test } from 'vitest'
import { parse, withNew, without } from './sessions'

test('what is stored comes back, and what is no list of terminals is none', () => {
  const two = withNew(withNew(parse(null), 'a'), 'b')
  expect(parse(JSON.stringify(two))).toEqual({ ids: ['a', 'b'], opened: 2 })
  for (const text of ['', '{', '7', 'null', '{"ids":7}', '[]']) expect(parse(text)).toEqual({ ids: [], opened: 0 })
  expect(parse('{"ids":["a",7,null]}')).toEqual({ ids: ['a'], opened: 1 })
})

test('numbers begin anew when the last one is closed', () => {
  const two = withNew(withNew(parse(null), 'a'), 'b')
  expect(without(two, 'a')).toEqual({ ids: ['b'], opened: 2 })
  expect(without(without(two, 'a'), 'b')).toEqual({ ids: [], opened: 0 })
})

test('there is a limit', () => {
  let sessions = parse(null)
  for (let at = 0; at < 40; at++) sessions = withNew(sessions, String(at))
  expect(sessions.ids).toHaveLength(12)
})
