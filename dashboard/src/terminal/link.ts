// A terminal's WebSocket, which comes back by itself to the same session. What is typed while it is away waits for it.
import { session, urlOf } from '@/api/client'
import type { Typed } from './typed'

export type LinkState =
  /** Nobody listens yet, or, `again`, no more; tries go on. */
  | { kind: 'away'; again: boolean; reason: string }
  | { kind: 'open' }
  | { kind: 'ended'; code: number }
  | { kind: 'signed-out' }

interface LinkOptions {
  workspaceId: string
  sessionId: string
  size: () => Size
  typed: Typed
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
/** After them a connection that still looks open may be dead. */
const NETWORK_EVENTS = ['online', 'offline'] as const
const SIGNED_OUT = 4401
const ENDED = 4410

export class TerminalLink {
  private socket: WebSocket | undefined
  private retry: number | undefined
  private attempt = 0
  private closed = false
  private exit: number | undefined
  /** The terminal has said something, so that there is one. */
  private heard = false
  /** There was one before. */
  private again = false
  /** Why it broke last. */
  private reason = ''

  constructor(private readonly options: LinkOptions) {
    this.connect()
    for (const name of NETWORK_EVENTS) window.addEventListener(name, this.connect)
  }

  private readonly connect = () => {
    if (this.closed) return
    clearTimeout(this.retry)
    const before = this.socket
    const { workspaceId, sessionId, size } = this.options
    this.left()
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
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return
      if (!this.heard) this.opened(socket)
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

  private opened(socket: WebSocket) {
    this.heard = true
    this.reason = ''
    this.attempt = 0
    this.options.onState({ kind: 'open' })
    for (const typed of this.options.typed.take()) socket.send(typed)
  }

  private left(reason = this.reason) {
    this.again ||= this.heard
    this.heard = false
    this.reason = reason
    this.options.onState({ kind: 'away', again: this.again, reason })
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
    this.left(event.reason)
    const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.attempt) * (0.7 + Math.random() * 0.6)
    this.attempt += 1
    this.retry = window.setTimeout(this.connect, pause)
  }

  type(bytes: Uint8Array<ArrayBuffer>) {
    if (this.heard && this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes)
    else if (!this.closed) this.options.typed.keep(bytes)
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
    for (const name of NETWORK_EVENTS) window.removeEventListener(name, this.connect)
    this.socket?.close(1000)
  }
}
