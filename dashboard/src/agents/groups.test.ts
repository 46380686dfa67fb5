import { expect, test } from 'vitest'
import { chat } from '@/gallery/fixtures'
import { groupsOf, needsMe } from './groups'

const noon = new Date('2026-03-14T12:00:00').getTime()
const hoursAgo = (hours: number) => ({ updated_at: new Date(noon - hours * 3_600_000).toISOString() })
const names = (chats: ReturnType<typeof chat>[], query = '') =>
  groupsOf(chats, new Map(), noon, query).map((group) => [group.name, ...group.chats.map(({ id }) => id)])

test('who needs me comes first, then who runs, then by day, newest first', () => {
  expect(
    names([
      chat('old', 'x', 'waiting', hoursAgo(24 * 40)),
      chat('week', 'x', 'waiting', hoursAgo(24 * 4)),
      chat('yesterday', 'x', 'waiting', hoursAgo(20)),
      chat('today', 'x', 'waiting', hoursAgo(3)),
      chat('newer', 'x', 'waiting', hoursAgo(1)),
      chat('runs', 'x', 'running', hoursAgo(0)),
      chat('asks', 'x', 'requires_action', hoursAgo(30)),
      chat('pinned', 'x', 'waiting', { pinned: true, ...hoursAgo(300) }),
      chat('gone', 'x', 'waiting', { archived: true, ...hoursAgo(1) }),
    ]),
  ).toEqual([
    ['Needs you', 'asks'],
    ['Running', 'runs'],
    ['Pinned', 'pinned'],
    ['Today', 'newer', 'today'],
    ['Yesterday', 'yesterday'],
    ['Last 7 days', 'week'],
    ['Older', 'old'],
    ['Archived', 'gone'],
  ])
})

test('an error needs me until I have seen it', () => {
  const failed = chat('a', 'x', 'error', hoursAgo(1))
  expect(needsMe(failed, undefined)).toBe(true)
  expect(needsMe(failed, failed.updated_at)).toBe(false)
})

test('sub-agents do not stand in the groups themselves', () => {
  expect(names([chat('child', 'x', 'running', { parent_id: 'p', ...hoursAgo(0) })])).toEqual([])
})

test('an agent whose sub-agent asks needs me', () => {
  const chats = [
    chat('p', 'x', 'running', hoursAgo(0)),
    chat('child', 'x', 'requires_action', { parent_id: 'p', ...hoursAgo(0) }),
  ]
  expect(names(chats)).toEqual([['Needs you', 'p']])
})

test('all words of a search must be in the title', () => {
  const chats = [
    chat('a', 'Fix the relay', 'waiting', hoursAgo(1)),
    chat('b', 'Fix the parser', 'waiting', hoursAgo(1)),
  ]
  expect(names(chats, 'relay fix')).toEqual([['Today', 'a']])
})
