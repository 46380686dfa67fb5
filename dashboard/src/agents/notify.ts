// Tells the user, by the browser's own notifications, when an agent ends or asks while the page is out of sight.
import type { Chat } from '@/api/types'
import { go } from '@/app/navigation'
import { feedStore } from './feed'
import { isRunning, titleOf } from './groups'

const KEY = 'warren.notify'

/** Chats with a bell of their own: they tell also when the others do not. */
const BELLS_KEY = 'warren.bells'
const BELLS_MAX = 200

const isAllowed = () => 'Notification' in window && Notification.permission === 'granted'

export const mayNotify = () => isAllowed() && localStorage.getItem(KEY) === 'on'

export function bellsOf(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

export const hasBell = (chatId: string) => isAllowed() && bellsOf(localStorage.getItem(BELLS_KEY)).includes(chatId)

/** Answers whether the browser allows it. */
export async function ring(chatId: string, on: boolean): Promise<boolean> {
  if (on && !(await ask())) return false
  const others = bellsOf(localStorage.getItem(BELLS_KEY)).filter((id) => id !== chatId)
  localStorage.setItem(BELLS_KEY, JSON.stringify(on ? [...others, chatId].slice(-BELLS_MAX) : others))
  return true
}

const ask = async () => 'Notification' in window && (await Notification.requestPermission()) === 'granted'

/** Asks the browser, once; answers whether it allows it. */
export async function turnOn(): Promise<boolean> {
  const allowed = await ask()
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
      if (words !== undefined && document.visibilityState === 'hidden' && (mayNotify() || hasBell(id)))
        show(chat, words)
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
