import { expect, test } from 'vitest'
import type { QueuedMessage } from '@/api/types'
import { moved } from './queue-order'

const queued = (id: string): QueuedMessage => ({ id, content: [{ type: 'text', text: id }], created_at: '' })
const ids = (messages: QueuedMessage[]) => messages.map(({ id }) => id).join('')

test('a queued message goes where it is moved, and nothing else changes its order', () => {
  const queue = ['a', 'b', 'c'].map(queued)
  expect(ids(moved(queue, 'c', 1))).toBe('cab')
  expect(ids(moved(queue, 'a', 2))).toBe('bac')
  expect(ids(moved(queue, 'a', 9))).toBe('bca')
})

test('what is not in the queue moves nothing', () => {
  const queue = ['a', 'b'].map(queued)
  expect(moved(queue, 'x', 1)).toBe(queue)
})
