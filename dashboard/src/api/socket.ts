// A stream of events over a WebSocket that resumes where it broke off: each event's id is remembered, and a new
// connection asks for what came after it.
import { ApiError, get, session, urlOf } from './client'

export type Connection = 'connecting' | 'open' | 'lost'

interface StreamOptions<E> {
  path: string
  onEvent: (event: E) => void
  onConnection: (connection: Connection) => void
  /** The server refused for good (signed out, unknown chat). */
  onRefused?: () => void
  /** What to ask when no connection comes about: a browser does not say why an upgrade was refused. */
  probe: string
}

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 8_000
/** A page cannot see a WebSocket's pings, so after this much silence it resumes on a new connection, to be sure. */
const SILENCE_MAX_MS = 90_000
/** After them a connection that still looks open may be dead: the stream goes on with a new one. */
const NETWORK_EVENTS = ['online', 'offline'] as const
/** Closed by the server for good: 4401 signed out, 4403 and 4404 not for this caller. */
const REFUSALS = new Set([4401, 4403, 4404])

/** Opens the stream and keeps it open; the answer closes it. */
export function openStream<E extends { id?: string }>(options: StreamOptions<E>): () => void {
  let socket: WebSocket | undefined
  let lastId: string | undefined
  let closed = false
  let attempt = 0
  let retry: number | undefined
  let watchdog: number | undefined

  const rearm = () => {
    clearTimeout(watchdog)
    watchdog = window.setTimeout(() => socket?.close(), SILENCE_MAX_MS)
  }

  const connect = () => {
    if (closed) return
    clearTimeout(retry)
    const address = new URL(urlOf(options.path, { after: lastId }), location.href)
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
    const csrf = session.csrf()
    const current = new WebSocket(address, csrf ? ['warren', `csrf.${csrf}`] : ['warren'])
    const before = socket
    socket = current
    before?.close()
    rearm()
    let opened = false
    current.onopen = () => {
      if (socket !== current) return
      opened = true
      attempt = 0
      options.onConnection('open')
    }
    current.onmessage = (message) => {
      if (socket !== current) return
      rearm()
      if (typeof message.data !== 'string' || message.data === '') return
      const event: E = JSON.parse(message.data)
      if (event.id !== undefined) lastId = event.id
      options.onEvent(event)
    }
    current.onclose = (event) => {
      if (closed || socket !== current) return
      clearTimeout(watchdog)
      if (REFUSALS.has(event.code)) {
        closed = true
        options.onRefused?.()
        return
      }
      if (!opened) void probe()
      options.onConnection('lost')
      const pause = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt) * (0.7 + Math.random() * 0.6)
      attempt += 1
      retry = window.setTimeout(connect, pause)
    }
  }

  const probe = async () => {
    try {
      await get(options.probe)
    } catch (error) {
      if (closed || !(error instanceof ApiError) || ![401, 403, 404].includes(error.status)) return
      closed = true
      clearTimeout(retry)
      options.onRefused?.()
    }
  }

  const renew = () => {
    if (closed) return
    options.onConnection('lost')
    connect()
  }
  const wake = () => {
    if (document.visibilityState === 'hidden') return
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) connect()
  }

  options.onConnection('connecting')
  connect()
  for (const name of NETWORK_EVENTS) window.addEventListener(name, renew)
  document.addEventListener('visibilitychange', wake)
  return () => {
    closed = true
    clearTimeout(retry)
    clearTimeout(watchdog)
    for (const name of NETWORK_EVENTS) window.removeEventListener(name, renew)
    document.removeEventListener('visibilitychange', wake)
    socket?.close(1000)
  }
}
