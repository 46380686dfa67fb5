// The open chat, outside React: events are collected and applied once a frame, so that fifty deltas a second cost one
// render each sixtieth of a second at most.
import { get } from '@/api/client'
import { type Connection, openStream } from '@/api/socket'
import type { ChatEvent, Message } from '@/api/types'
import { type ChatState, EMPTY, prepend, reduce } from './reducer'

/** A message on its way to the server. */
export interface Sending {
  key: string
  text: string
  files: { file_id: string; name?: string; media_type?: string }[]
}

export interface ChatView {
  state: ChatState
  connection: Connection
  /** The chat cannot be read: it is gone, or somebody else's. */
  refused: boolean
  /** There is, or may be, history before the first message. */
  hasOlder: boolean
  sending: Sending[]
}

const NOTHING: ChatView = { state: EMPTY, connection: 'connecting', refused: false, hasOlder: false, sending: [] }

const PAGE_OF_HISTORY = 50

/** Chats that were open a moment ago are shown at once when they are opened again, and then brought up to date. */
const recent = new Map<string, ChatView>()
const RECENT_MAX = 12

function remember(chatId: string, view: ChatView) {
  recent.delete(chatId)
  if (!view.refused && view.state.chat !== undefined) recent.set(chatId, view)
  const [oldest] = recent.keys()
  if (recent.size > RECENT_MAX && oldest !== undefined) recent.delete(oldest)
}

export class ChatStore {
  private view: ChatView
  private readonly listeners = new Set<() => void>()
  private pending: ChatEvent[] = []
  private frame: number | undefined
  private close: (() => void) | undefined
  private loadingOlder = false

  constructor(readonly chatId: string) {
    this.view = { ...(recent.get(chatId) ?? NOTHING), connection: 'connecting', sending: [] }
  }

  start() {
    this.close = openStream<ChatEvent>({
      path: `/chats/${this.chatId}/events`,
      onEvent: (event) => this.enqueue(event),
      onConnection: (connection) => this.set({ ...this.view, connection }),
      onRefused: () => this.set({ ...this.view, refused: true }),
      probe: `/chats/${this.chatId}`,
    })
  }

  stop() {
    this.close?.()
    if (this.frame !== undefined) cancelAnimationFrame(this.frame)
    this.frame = undefined
    this.flush()
    remember(this.chatId, this.view)
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = () => this.view

  /** Applies what the page itself knows sooner than the stream, such as the answer to a request. */
  apply(event: ChatEvent) {
    this.flush()
    this.set({ ...this.view, state: reduce(this.view.state, event) })
  }

  /** Shows a message at once, until `done` says that the server has it or refused it. */
  sending(message: Sending): () => void {
    this.set({ ...this.view, sending: [...this.view.sending, message] })
    return () => this.set({ ...this.view, sending: this.view.sending.filter((other) => other !== message) })
  }

  async loadOlder() {
    const first = this.view.state.messages[0]
    if (this.loadingOlder || first === undefined || !this.view.hasOlder) return
    this.loadingOlder = true
    try {
      const page = await get<{ items: Message[] }>(`/chats/${this.chatId}/messages`, {
        before: first.id,
        limit: PAGE_OF_HISTORY,
      })
      const state = prepend(this.view.state, page.items)
      this.set({ ...this.view, state, hasOlder: page.items.length >= PAGE_OF_HISTORY })
    } finally {
      this.loadingOlder = false
    }
  }

  private enqueue(event: ChatEvent) {
    this.pending.push(event)
    // A hidden page gets no frames; its state must not pile up as events.
    if (document.visibilityState === 'hidden') {
      this.flush()
      return
    }
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined
      this.flush()
    })
  }

  private flush() {
    if (this.pending.length === 0) return
    const events = this.pending
    this.pending = []
    const snapshot = events.findLast((event) => event.event === 'snapshot')
    const state = events.reduce(reduce, this.view.state)
    const hasOlder =
      snapshot?.event === 'snapshot'
        ? snapshot.data.messages.length >= PAGE_OF_HISTORY || state.messages.length > snapshot.data.messages.length
        : this.view.hasOlder
    this.set({ ...this.view, state, hasOlder })
  }

  private set(view: ChatView) {
    this.view = view
    for (const listener of this.listeners) listener()
  }
}
