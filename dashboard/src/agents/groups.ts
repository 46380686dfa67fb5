// The order of the list: who needs me, who runs, then by day.
import type { Chat } from '@/api/types'
import { firstVisit } from './seen'

export type GroupName =
  | 'Needs you'
  | 'Running'
  | 'Pinned'
  | 'Today'
  | 'Yesterday'
  | 'Last 7 days'
  | 'Older'
  | 'Archived'

export interface Group {
  name: GroupName
  chats: Chat[]
}

const ORDER: GroupName[] = ['Needs you', 'Running', 'Pinned', 'Today', 'Yesterday', 'Last 7 days', 'Older', 'Archived']
const DAY_MS = 24 * 60 * 60 * 1000

export function groupOf(chat: Chat, seen: string | undefined, now: number, childAsks = false): GroupName {
  if (chat.archived) return 'Archived'
  if (childAsks || needsMe(chat, seen)) return 'Needs you'
  if (isRunning(chat)) return 'Running'
  if (chat.pinned) return 'Pinned'
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  const at = Date.parse(chat.updated_at)
  if (at >= midnight) return 'Today'
  if (at >= midnight - DAY_MS) return 'Yesterday'
  if (at >= midnight - 6 * DAY_MS) return 'Last 7 days'
  return 'Older'
}

export const isRunning = (chat: Chat) =>
  chat.status === 'running' || chat.status === 'pending' || chat.status === 'interrupting'

/** A question always needs me; an error until I have looked at it, also one from before this browser's first visit. */
export function needsMe(chat: Chat, seen: string | undefined) {
  if (chat.archived) return false
  if (chat.status === 'requires_action') return true
  return chat.status === 'error' && (seen === undefined || seen < chat.updated_at)
}

/** Something happened after I last looked. */
export const isUnseen = (chat: Chat, seen: string | undefined) => (seen ?? firstVisit) < chat.updated_at

export function groupsOf(chats: Iterable<Chat>, seen: ReadonlyMap<string, string>, now: number, query = ''): Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const groups = new Map<GroupName, Chat[]>()
  const all = [...chats]
  const asking = new Set(all.flatMap((chat) => (chat.status === 'requires_action' ? (chat.parent_id ?? []) : [])))
  for (const chat of all) {
    if (chat.parent_id !== undefined && chat.parent_id !== null) continue
    const title = titleOf(chat).toLowerCase()
    if (!words.every((word) => title.includes(word))) continue
    const name = groupOf(chat, seen.get(chat.id), now, asking.has(chat.id))
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [chat])
    else group.push(chat)
  }
  return ORDER.flatMap((name) => {
    const group = groups.get(name)
    if (group === undefined) return []
    return [{ name, chats: group.sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)) }]
  })
}

export const titleOf = (chat: Pick<Chat, 'title'>) => (chat.title?.trim() ? chat.title : 'New agent')

export function childrenOf(chats: Iterable<Chat>): Map<string, Chat[]> {
  const children = new Map<string, Chat[]>()
  for (const chat of chats) {
    if (chat.parent_id === undefined || chat.parent_id === null) continue
    const siblings = children.get(chat.parent_id)
    if (siblings === undefined) children.set(chat.parent_id, [chat])
    else siblings.push(chat)
  }
  return children
}
