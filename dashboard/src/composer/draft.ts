// What was typed and not sent, kept in this browser for each chat.
const PREFIX = 'warren.draft.'
/** Longer drafts are not kept; the browser's storage is small. */
const DRAFT_CHARS_MAX = 50_000

export function loadDraft(key: string): string {
  return localStorage.getItem(PREFIX + key) ?? ''
}

export function saveDraft(key: string, text: string) {
  if (text === '' || text.length > DRAFT_CHARS_MAX) localStorage.removeItem(PREFIX + key)
  else localStorage.setItem(PREFIX + key, text)
}

const DEFAULTS_KEY = 'warren.new-chat'

export interface Defaults {
  modelId?: string
  workspaceId?: string
}

/** The model and workspace that the last new chat was started with. */
export function loadDefaults(): Defaults {
  try {
    const defaults: Defaults = JSON.parse(localStorage.getItem(DEFAULTS_KEY) ?? '{}')
    return defaults
  } catch {
    return {}
  }
}

export function saveDefaults(defaults: Defaults) {
  localStorage.setItem(DEFAULTS_KEY, JSON.stringify(defaults))
}
