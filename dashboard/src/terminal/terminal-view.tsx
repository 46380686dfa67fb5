import { useEffect, useRef, useState } from 'react'
import { Button } from '@/ui/button'
import { type LinkState, TerminalLink } from './link'
import type { Typed } from './typed'
import { openTerminal } from './xterm'

interface TerminalViewProps {
  workspaceId: string
  sessionId: string
  /** What was typed before the terminal could be. */
  typed: Typed
  /** A new shell in place of one that ended. */
  onRenew: () => void
  /** Hands out what ends the shell. */
  onLink?: (link: TerminalLink | undefined) => void
}

/** "Reconnecting" shows only after so long. */
const PATIENCE_MS = 2_000
const encoder = new TextEncoder()

/** One terminal: xterm.js on a link. */
export default function TerminalView({ workspaceId, sessionId, typed, onRenew, onLink }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null)
  const [state, setState] = useState<LinkState>({ kind: 'away', again: false, reason: '' })

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const { terminal, room, dispose } = openTerminal(element)
    let wanted = room() ?? { cols: terminal.cols, rows: terminal.rows }
    terminal.resize(wanted.cols, wanted.rows)
    const link = new TerminalLink({
      workspaceId,
      sessionId,
      size: () => wanted,
      typed,
      onState: setState,
      onPrinted: (bytes, shown) => terminal.write(bytes, shown),
      onSize: ({ cols, rows }) => terminal.resize(cols, rows),
    })
    onLink?.(link)
    terminal.onData((text) => link.type(encoder.encode(text)))
    terminal.onBinary((text) => link.type(Uint8Array.from(text, (letter) => letter.charCodeAt(0))))
    const observer = new ResizeObserver(() => {
      const next = room()
      if (next === undefined || (next.cols === wanted.cols && next.rows === wanted.rows)) return
      wanted = next
      link.resize(next)
    })
    observer.observe(element)
    // The page's own keys are not for a terminal, in which all keys mean something.
    const keep = (event: KeyboardEvent) => event.stopPropagation()
    element.addEventListener('keydown', keep)
    terminal.focus()
    return () => {
      onLink?.(undefined)
      element.removeEventListener('keydown', keep)
      observer.disconnect()
      link.close()
      dispose()
    }
  }, [workspaceId, sessionId, typed, onLink])

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={place} className="absolute inset-0 overflow-auto py-1.5 pl-2.5" data-terminal={sessionId} />
      <Notice state={state} onRenew={onRenew} />
    </div>
  )
}

function Notice({ state, onRenew }: { state: LinkState; onRenew: () => void }) {
  const away = state.kind === 'away'
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (!away) return
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [away])
  const text = textOf(state, late)
  if (text === undefined) return null
  return (
    <div
      role="status"
      className="absolute inset-x-0 bottom-0 flex items-center gap-3 border-line border-t bg-raised px-3 py-1.5 text-ink-2 text-xs"
    >
      <span className="min-w-0 flex-1 break-words">{text}</span>
      {state.kind === 'ended' && (
        <Button small onClick={onRenew}>
          New shell
        </Button>
      )}
    </div>
  )
}

function textOf(state: LinkState, late: boolean): string | undefined {
  switch (state.kind) {
    case 'open':
      return undefined
    case 'away':
      return late ? `${state.again ? 'Reconnecting' : 'Connecting'} … ${state.reason}` : undefined
    case 'ended':
      return state.code === 0 ? 'The shell has ended.' : `The shell ended with ${state.code}.`
    case 'signed-out':
      return 'You are signed out. Sign in again to go on.'
  }
}
