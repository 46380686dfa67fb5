// When I last looked at each chat, kept in this browser. What is newer is marked in the list.
const KEY = 'warren.seen'
/** The oldest are forgotten; those chats have long left the list's top. */
const ENTRIES_MAX = 500

/** What was there before this browser first saw the list is not news. */
const FIRST_VISIT_KEY = 'warren.first-visit'
export const firstVisit = localStorage.getItem(FIRST_VISIT_KEY) ?? new Date().toISOString()
localStorage.setItem(FIRST_VISIT_KEY, firstVisit)

let seen: ReadonlyMap<string, string> = load()
const listeners = new Set<() => void>()

function load(): Map<string, string> {
  try {
    const entries: [string, string][] = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return new Map(entries)
  } catch {
    return new Map()
  }
}

export const seenStore = {
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  snapshot: () => seen,
  mark(chatId: string, updatedAt: string) {
    const before = seen.get(chatId)
    if (before !== undefined && before >= updatedAt) return
    const next = new Map(seen)
    next.delete(chatId)
    next.set(chatId, updatedAt)
    seen = new Map([...next].slice(-ENTRIES_MAX))
    localStorage.setItem(KEY, JSON.stringify([...seen]))
    for (const listener of listeners) listener()
  },
}
