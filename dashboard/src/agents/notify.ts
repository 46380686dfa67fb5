// Tells the user, by the browser's own notifications, when an agent ends or asks while the page is out of sight.
import type { Chat } from '@/api/types'
import { go } from '@/app/navigation'
import { feedStore } from './feed'
import { isRunning, titleOf } from './groups'

const KEY = 'warren.notify'

export const mayNotify = () =>
  'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(KEY) === 'on'

/** Asks the browser, once; answers whether it allows it. */
export async function turnOn(): Promise<boolean> {
  if (!('Notification' in window)) return false
  const allowed = (await Notification.requestPermission()) === 'granted'
  if (allowed) localStorage.setItem(KEY, 'on')
  return allowed
}

export const turnOff = () => localStorage.removeItem(KEY)

/** What there is to say about a chat that was in one state and is in another; nothing, mostly. */
export function news(before: Chat | undefined, after: Chat): string | undefined {
  if (before === undefined || before.status === after.status || after.parent_id) return undefined
  if (after.status === 'requires_action') return 'asks you something'
  if (!isRunning(before)) return undefined
  if (after.status === 'waiting') return 'is done'
  return after.status === 'error' ? 'stopped with an error' : undefined
}

/** Watches the list until the answer is called. */
export function watch(): () => void {
  let before = feedStore.snapshot().chats
  return feedStore.subscribe(() => {
    const { chats } = feedStore.snapshot()
    if (chats === before) return
    for (const [id, chat] of chats) {
      const words = news(before.get(id), chat)
      if (words !== undefined && document.visibilityState === 'hidden' && mayNotify()) show(chat, words)
    }
    before = chats
  })
}

function show(chat: Chat, words: string) {
  const notification = new Notification(titleOf(chat), { body: words, tag: chat.id, icon: '/icon.svg' })
  notification.onclick = () => {
    window.focus()
    go({ page: 'chat', chatId: chat.id })
    notification.close()
  }
}
