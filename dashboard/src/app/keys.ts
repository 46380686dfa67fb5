// Single keys and chords of the whole page. Single letters never fire while a field has the focus.
import { useEffect, useRef } from 'react'

/** From "k", "mod+k", "shift+?" or "g n" (two keys, one after the other) to what it does. */
export type Bindings = Record<string, (event: KeyboardEvent) => void>

const SEQUENCE_MS = 900

export function inField(target: EventTarget | null) {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

export function chordOf(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>) {
  const key = event.key.toLowerCase()
  if (event.altKey) return `alt+${key}`
  return event.metaKey || event.ctrlKey ? `mod+${key}` : key
}

export function useKeys(bindings: Bindings) {
  const latest = useRef(bindings)
  useEffect(() => {
    latest.current = bindings
  })
  useEffect(() => {
    let first: { key: string; at: number } | undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const chord = chordOf(event)
      const plain = !chord.includes('+') && chord !== 'escape'
      if (plain && (inField(event.target) || document.querySelector('[role="dialog"],[role="menu"]'))) return
      const before = first !== undefined && event.timeStamp - first.at < SEQUENCE_MS ? first.key : undefined
      const run = (before === undefined ? undefined : latest.current[`${before} ${chord}`]) ?? latest.current[chord]
      first = plain ? { key: chord, at: event.timeStamp } : undefined
      if (run === undefined) return
      event.preventDefault()
      run(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

export const ALL_KEYS: { keys: string; does: string }[] = [
  { keys: 'mod+k', does: 'Find an agent or a command' },
  { keys: 'c', does: 'New agent' },
  { keys: 'j', does: 'Next row' },
  { keys: 'k', does: 'Row before' },
  { keys: '→', does: 'Open the row’s sub-agents (← closes)' },
  { keys: 'enter', does: 'Open the row · send the message' },
  { keys: 'e', does: 'Archive this agent' },
  { keys: 'g n', does: 'Next agent that needs you' },
  { keys: '/', does: 'Write a message' },
  { keys: 'Esc', does: 'Interrupt the agent' },
  { keys: 'mod+enter', does: 'Send now, interrupting' },
  { keys: '↑', does: 'Edit the last queued message' },
  { keys: ']', does: 'Show or hide the side panel' },
  { keys: '?', does: 'These keys' },
]
