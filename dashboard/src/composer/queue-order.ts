// The queue of a chat: what is in it as text, and in which order.
import type { QueuedMessage } from '@/api/types'

export const queuedText = (message: QueuedMessage) =>
  message.content.flatMap((content) => (content.type === 'text' ? [content.text] : [])).join('\n\n')

/** The queue with one of it at another place, 1 for the head; a place behind the last is the last. */
export function moved(queued: QueuedMessage[], id: string, place: number): QueuedMessage[] {
  const message = queued.find((other) => other.id === id)
  if (message === undefined) return queued
  return queued.filter((other) => other !== message).toSpliced(place - 1, 0, message)
}
