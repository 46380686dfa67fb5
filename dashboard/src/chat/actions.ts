// What the user does to the open chat. Each answers whether it worked; what did not is said in a notice.
import { messageOf, patch, post, remove } from '@/api/client'
import type { Content, Message, QueuedMessage } from '@/api/types'
import type { Outgoing } from '@/composer/composer'
import { moved } from '@/composer/queue-order'
import { toast } from '@/ui/toast'
import type { ChatStore } from './store'

interface Sent {
  message?: Message | null
  queued?: QueuedMessage | null
}

export type ChatActions = ReturnType<typeof actionsOn>

async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    toast.fail(messageOf(error))
    return false
  }
}

function contentOf({ parts }: Message): Content[] {
  return parts.flatMap((part): Content[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }]
    return part.type === 'file' ? [{ type: 'file', file_id: part.file_id }] : []
  })
}

export function actionsOn(store: ChatStore) {
  const path = `/chats/${store.chatId}`
  /** One after the other: what was typed first arrives first. */
  let lastSend: Promise<unknown> = Promise.resolve()

  const postMessage = async (content: Outgoing['content'], now: boolean) => {
    const body = { content, ...(now ? { busy: 'interrupt' } : {}) }
    const sent = await post<Sent>(`${path}/messages`, body, crypto.randomUUID())
    if (sent.message) store.apply({ event: 'message', data: sent.message })
  }
  const send = async ({ text, files, content, now }: Outgoing) => {
    const shown = files.flatMap(({ file_id, name, media_type }) => (file_id ? [{ file_id, name, media_type }] : []))
    const done = store.sending({ key: crypto.randomUUID(), text, files: shown })
    const before = lastSend
    const sent = attempt(() => before.then(() => postMessage(content, now)))
    lastSend = sent
    const taken = await sent
    done()
    return taken
  }
  return {
    send,
    say: (text: string) => send({ text, files: [], content: [{ type: 'text', text }], now: false }),
    /** After an error: the user's message once more, or, where something was done since, a word to go on from there. */
    again: () =>
      attempt(() => {
        const last = store.snapshot().state.messages.at(-1)
        if (last?.role !== 'user') return postMessage([{ type: 'text', text: 'Please go on.' }], false)
        return patch(`${path}/messages/${last.id}`, { content: contentOf(last) })
      }),
    stop: () => attempt(() => post(`${path}/interrupt`)),
    unqueue: (message: QueuedMessage) => attempt(() => remove(`${path}/queue/${message.id}`)),
    /** Shown at once; taken back when the server refuses, as when it was sent meanwhile. */
    move: (message: QueuedMessage, place: number) =>
      attempt(async () => {
        const before = store.snapshot().state.queued
        const queued = moved(before, message.id, place)
        store.apply({ event: 'queue', data: { queued } })
        try {
          await patch(`${path}/queue/${message.id}`, { position: place })
        } catch (error) {
          if (store.snapshot().state.queued === queued) store.apply({ event: 'queue', data: { queued: before } })
          throw error
        }
      }),
    promote: (message: QueuedMessage) => attempt(() => post(`${path}/queue/${message.id}/promote`)),
    /** Rejects when the server refuses, so that what was typed stays open. */
    edit: async (messageId: string, text: string) => {
      try {
        const edited = store.snapshot().state.messages.find((message) => message.id === messageId)
        const files = edited === undefined ? [] : contentOf(edited).filter((content) => content.type === 'file')
        await patch(`${path}/messages/${messageId}`, { content: [...files, { type: 'text', text }] })
      } catch (error) {
        toast.fail(messageOf(error))
        throw error
      }
    },
    older: () => void attempt(() => store.loadOlder()),
  }
}
