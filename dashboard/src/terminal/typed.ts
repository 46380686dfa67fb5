// What was typed before a shell listens: kept for a moment, and sent as one when it does. All of it or nothing, because
// half a command is another command.

/** More than this is a paste into nowhere; none of it is kept. */
const KEPT_BYTES_MAX = 4_096
/** Nobody wants yesterday's keys in today's shell. */
const KEPT_MS = 30_000

export class Typed {
  private kept: Uint8Array<ArrayBuffer>[] = []
  private bytes = 0
  private since = 0

  constructor(private readonly now: () => number = Date.now) {}

  keep(typed: Uint8Array<ArrayBuffer>) {
    if (this.bytes === 0 || this.isOld()) {
      this.clear()
      this.since = this.now()
    }
    this.bytes += typed.length
    if (this.bytes <= KEPT_BYTES_MAX) this.kept.push(typed)
    else this.kept = []
  }

  /** What is to be sent, in order; nothing stays behind. */
  take(): Uint8Array<ArrayBuffer>[] {
    const taken = this.isOld() ? [] : this.kept
    this.clear()
    return taken
  }

  private isOld() {
    return this.now() - this.since > KEPT_MS
  }

  private clear() {
    this.kept = []
    this.bytes = 0
  }
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey'>

/** What a terminal is sent for a key that types no text: Ctrl+C, Backspace, Escape, Tab. */
export function controlOf({ key, ctrlKey, altKey, metaKey }: Pressed): string | undefined {
  if (altKey || metaKey) return undefined
  if (ctrlKey) return /^[a-z]$/i.test(key) ? String.fromCharCode(key.toUpperCase().charCodeAt(0) - 64) : undefined
  if (key === 'Backspace') return '\x7f'
  if (key === 'Escape') return '\x1b'
  return key === 'Tab' ? '\t' : undefined
}
