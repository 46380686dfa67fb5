import { useMemo, useSyncExternalStore } from 'react'
import { useNow } from '@/ui/use-now'
import { feedStore } from './feed'
import { childrenOf, type Group, groupsOf, needsMe } from './groups'
import { seenStore } from './seen'

export const useFeed = () => useSyncExternalStore(feedStore.subscribe, feedStore.snapshot)
export const useSeen = () => useSyncExternalStore(seenStore.subscribe, seenStore.snapshot)

const MINUTE_MS = 60_000

export function useGroups(query: string): Group[] {
  const { chats } = useFeed()
  const seen = useSeen()
  const now = useNow(MINUTE_MS)
  return useMemo(() => groupsOf(chats.values(), seen, now, query), [chats, seen, now, query])
}

export function useChildren() {
  const { chats } = useFeed()
  return useMemo(() => childrenOf(chats.values()), [chats])
}

export function useNeedsMe() {
  const { chats } = useFeed()
  const seen = useSeen()
  return useMemo(() => [...chats.values()].filter((chat) => needsMe(chat, seen.get(chat.id))), [chats, seen])
}
