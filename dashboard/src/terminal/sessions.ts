// Which terminals a workspace has in this browser: their ids outlive the page, so that another tab, or tomorrow's
// page, comes back to them.

export interface Sessions {
  ids: string[]
  /** Grows with each terminal, for its name. */
  opened: number
}

const NONE: Sessions = { ids: [], opened: 0 }
const SESSIONS_MAX = 12
const keyOf = (workspaceId: string) => `warren.terminals.${workspaceId}`

export function parse(text: string | null): Sessions {
  if (text === null) return NONE
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('ids' in value) || !Array.isArray(value.ids)) return NONE
    const ids = value.ids.filter((id): id is string => typeof id === 'string').slice(0, SESSIONS_MAX)
    const opened = 'opened' in value && typeof value.opened === 'number' ? value.opened : ids.length
    return { ids, opened }
  } catch {
    return NONE
  }
}

export function withNew(sessions: Sessions, id: string): Sessions {
  if (sessions.ids.length >= SESSIONS_MAX) return sessions
  return { ids: [...sessions.ids, id], opened: sessions.opened + 1 }
}

export function without(sessions: Sessions, id: string): Sessions {
  const ids = sessions.ids.filter((known) => known !== id)
  return { ids, opened: ids.length === 0 ? 0 : sessions.opened }
}

export const load = (workspaceId: string) => parse(localStorage.getItem(keyOf(workspaceId)))

export function save(workspaceId: string, sessions: Sessions) {
  if (sessions.ids.length === 0) localStorage.removeItem(keyOf(workspaceId))
  else localStorage.setItem(keyOf(workspaceId), JSON.stringify(sessions))
}

/** Tells of changes that another tab made. */
export function onElsewhere(workspaceId: string, listener: () => void): () => void {
  const hear = (event: StorageEvent) => {
    if (event.key === keyOf(workspaceId)) listener()
  }
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
