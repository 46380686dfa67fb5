// A terminal's WebSocket, which comes back by itself to the same session. What is typed while it is away is dropped:
// nobody wants yesterday's keys in today's shell.
import { session, urlOf } from '@/api/client'

export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** It broke; another try comes. */
  | { kind: 'lost'; reason: string }
  | { kind: 'ended'; code: number }
  | { kind: 'signed-out' }

interface LinkOptions {
  workspaceId: string
  sessionId: string
  size: () => Size
  onState: (state: LinkState) => void
  /** Bytes that were printed; `shown` says that they were drawn. */
  onPrinted: (bytes: Uint8Array, shown: () => void) => void
  /** The terminal's size, which another viewer may have changed. */
  onSize: (size: Size) => void
}

export interface Size {
  cols: number
  rows: number
}

type Told = { size?: Size; exit?: number }

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 8_000
/** The server stops when so much is on its way to the screen. */
const WINDOW_BYTES = 512 * 1024
const ACK_EVERY_BYTES = 64 * 1024
const SIGNED_OUT = 4401
const ENDED = 4410

export class TerminalLink {
  private socket: WebSocket | undefined
  private retry: number | undefined
  private attempt = 0
  private closed = false
  private exit: number | undefined

  constructor(private readonly options: LinkOptions) {
    this.connect()
    window.addEventListener('online', this.wake)
  }

  private readonly wake = () => {
    if (this.socket?.readyState !== WebSocket.OPEN) this.connect()
  }

  private connect() {
    if (this.closed) return
    clearTimeout(this.retry)
    const before = this.socket
    const { workspaceId, sessionId, size, onState } = this.options
    onState({ kind: 'connecting' })
    const query = { session: sessionId, ...size(), window: WINDOW_BYTES }
    const address = new URL(urlOf(`/workspaces/${workspaceId}/terminal`, query), location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const csrf = session.csrf()
    const socket = new WebSocket(address, csrf ? ['warren', `csrf.${csrf}`] : ['warren'])
    socket.binaryType = 'arraybuffer'
    this.socket = socket
    before?.close()
    let shown = 0
    let acked = 0
    socket.onopen = () => {
      if (this.socket !== socket) return
      this.attempt = 0
      onState({ kind: 'open' })
    }
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return
      if (typeof data === 'string') {
        this.hear(JSON.parse(data))
        return
      }
      if (!(data instanceof ArrayBuffer)) return
      const bytes = new Uint8Array(data)
      this.options.onPrinted(bytes, () => {
        shown += bytes.length
        if (shown - acked < ACK_EVERY_BYTES || socket.readyState !== WebSocket.OPEN) return
        acked = shown
        socket.send(JSON.stringify({ ack: shown }))
      })
    }
    socket.onclose = (event) => {
      if (this.socket === socket) this.ended(event)
    }
  }

  private hear(told: Told) {
    if (told.size) this.options.onSize(told.size)
    if (told.exit !== undefined) this.exit = told.exit
  }

  private ended(event: CloseEvent) {
    if (this.closed) return
    if (event.code === SIGNED_OUT || event.code === ENDED) {
      this.close()
      this.options.onState(event.code === ENDED ? { kind: 'ended', code: this.exit ?? 0 } : { kind: 'signed-out' })
      return
    }
    this.options.onState({ kind: 'lost', reason: event.reason })
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.attempt) * (0.7 + Math.random() * 0.6)
    this.attempt += 1
    this.retry = window.setTimeout(() => this.connect(), pause)
  }

  type(bytes: Uint8Array<ArrayBuffer>) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes)
  }

  resize(size: Size) {
    this.say({ resize: size })
  }

  /** Ends the shell. */
  hangUp() {
    this.say({ close: true })
  }

  private say(message: { resize: Size } | { close: true }) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message))
  }

  close() {
    this.closed = true
    clearTimeout(this.retry)
    window.removeEventListener('online', this.wake)
    this.socket?.close(1000)
  }
}
