import { expect, test } from 'vitest'
import { chat } from '@/gallery/fixtures'
import { bellsOf, news } from './notify'

const running = chat('a', 'x', 'running')

test('it is news that an agent ended, failed or asks', () => {
  expect(news(running, chat('a', 'x', 'waiting'))).toBe('is done')
  expect(news(running, chat('a', 'x', 'error'))).toBe('stopped with an error')
  expect(news(running, chat('a', 'x', 'requires_action'))).toBe('asks you something')
})

test('it is no news that an agent runs, is new here, did not change, or is another’s child', () => {
  expect(news(chat('a', 'x', 'waiting'), running)).toBeUndefined()
  expect(news(undefined, chat('a', 'x', 'waiting'))).toBeUndefined()
  expect(news(running, running)).toBeUndefined()
  expect(news(running, chat('a', 'x', 'waiting', { parent_id: 'p' }))).toBeUndefined()
  expect(news(chat('a', 'x', 'error'), chat('a', 'x', 'waiting'))).toBeUndefined()
})

test('the chats with a bell are those that were stored, and what is no list of them is none', () => {
  expect(bellsOf(null)).toEqual([])
  expect(bellsOf('["a","b",7]')).toEqual(['a', 'b'])
  for (const text of ['', '{', '7', '{}']) expect(bellsOf(text)).toEqual([])
})
