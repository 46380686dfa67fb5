// A control plane that is only pretended, for `npm run dev` and for pictures: it keeps what it is sent in memory and
// plays the same agent turn for every message. It checks nothing.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin, PreviewServer, ViteDevServer } from 'vite'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Chat, ChatEvent, ListEvent, Message, Part, QueuedMessage, Workspace } from '../src/api/types.ts'
import { moved } from '../src/composer/queue-order.ts'
import * as world from '../src/gallery/fixtures.ts'
import { pretendShell } from './pretend-shell.ts'
import { pretendedRooms, pretendedWorkspaces, type Room } from './pretend-world.ts'

type Body = Record<string, unknown>

const PAUSE_MS = 24

const BUILD_LOG =
  'probing the sandbox: user namespaces, seccomp, bubblewrap 0.8.0\nunpacking the daemon 0.1.0 (37 MiB)\nstarting the daemon as uid 70001\n\u001b[32mthe daemon is connected by relay after 412 ms\u001b[0m\n'

type Server = Pick<ViteDevServer | PreviewServer, 'middlewares' | 'httpServer'>

export function pretendServer(): Plugin {
  const attach = (server: Server) => {
    const pretended = new Pretended()
    server.middlewares.use('/api/v1', (request, response) => void pretended.answer(request, response))
    server.httpServer?.on('upgrade', (request, socket, head) => {
      if (!request.url?.startsWith('/api/v1/')) return
      sockets.handleUpgrade(request, socket, head, (webSocket) => pretended.open(request.url ?? '', webSocket))
    })
  }
  return { name: 'pretend-server', configureServer: attach, configurePreviewServer: attach }
}

const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'warren' })

class Pretended {
  private readonly rooms = new Map<string, Room>()
  private readonly workspaces = new Map<string, Workspace>()
  private readonly providers: Body[] = [
    {
      id: 'p-1',
      name: 'Anthropic',
      kind: 'anthropic',
      base_url: 'https://api.anthropic.com',
      has_key: true,
      key_hint: 'x9Qa',
    },
    { id: 'p-2', name: 'Lab', kind: 'openai_compatible', base_url: 'http://10.0.0.7:8000/v1', has_key: false },
  ]
  private readonly lists = new Set<WebSocket>()

  constructor() {
    for (const workspace of pretendedWorkspaces()) this.workspaces.set(workspace.id, workspace)
    for (const room of pretendedRooms()) this.rooms.set(room.chat.id, room)
  }

  open(url: string, socket: WebSocket) {
    if (url.includes('/terminal?')) {
      pretendShell(socket)
      return
    }
    const id = /chats\/([^/]+)\/events/.exec(url)?.[1]
    if (id === undefined) {
      this.lists.add(socket)
      socket.on('close', () => this.lists.delete(socket))
      const event: ListEvent = {
        event: 'snapshot',
        data: { chats: [...this.rooms.values()].map(({ chat }) => chat), workspaces: [...this.workspaces.values()] },
      }
      socket.send(JSON.stringify(event))
      return
    }
    const room = this.rooms.get(id)
    if (room === undefined) {
      socket.close(4404)
      return
    }
    room.readers.add(socket)
    socket.on('close', () => room.readers.delete(socket))
    const messages = url.includes('after=') ? room.messages : room.messages.slice(id === 'long' ? -1000 : -50)
    const event: ChatEvent = {
      event: 'snapshot',
      data: { chat: room.chat, messages, queued: room.queued, approvals: room.approvals ?? [] },
    }
    socket.send(JSON.stringify(event))
    if (id === 'run')
      this.say(room, {
        event: 'delta',
        data: {
          message_id: room.messages.at(-1)?.id ?? '',
          part: 1,
          kind: 'tool_output',
          text: 'warming up …\nround  400  tunnel 0.41 ms   ssh 0.38 ms\nround  800  tunnel 0.40 ms   ssh 0.38 ms\nround 1200  tunnel 0.40 ms   ssh 0.39 ms\n',
        },
      })
  }

  async answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://here')
    const body = await bodyOf(request)
    const [kind, id, what, item, verb] = url.pathname.split('/').filter(Boolean)
    const answered = this.route(`${request.method} ${kind}`, id, what, item, verb, body)
    response.statusCode = answered === undefined ? 404 : answered === null ? 204 : 200
    response.setHeader('Content-Type', answered === undefined ? 'application/problem+json' : 'application/json')
    response.end(
      typeof answered === 'string'
        ? answered
        : answered === undefined
          ? JSON.stringify({ status: 404, title: 'Not found', detail: 'The pretend server does not do this.' })
          : answered === null
            ? undefined
            : JSON.stringify(answered),
    )
  }

  private route(route: string, id = '', what = '', item = '', verb = '', body: Body): unknown {
    const room = this.rooms.get(id)
    switch (route) {
      case 'POST sessions':
        return body.password === 'wrong' ? undefined : { token: 'wrn_x', user: world.ada, csrf: 'secret' }
      case 'DELETE sessions':
        return null
      case 'POST users':
        return { token: 'wrn_x', user: world.ada, csrf: 'secret' }
      case 'GET users':
        return id === 'me'
          ? world.ada
          : {
              items: [
                world.ada,
                { ...world.ada, id: 'u-2', username: 'grace', email: 'grace@example.org', role: 'member' },
              ],
            }
      case 'GET models':
        return { items: world.models }
      case 'GET templates':
        return id === '' ? { items: [world.localTemplate] } : world.localTemplate
      case 'GET audit':
        return { items: world.audit }
      case 'GET tokens':
        return {
          items: [
            { id: 'k-1', name: 'laptop', scope: 'all', created_at: world.at(0), expires_at: world.at(9_000_000) },
          ],
        }
      case 'POST tokens':
        return { token: 'wrn_3fJ8sZkQ0pLmXv7Yt2', id: randomUUID() }
      case 'GET admin':
        if (id === 'providers') return { items: this.providers }
        if (id === 'models')
          return {
            items: world.models.map((model) => ({ ...model, provider_id: 'p-1', enabled: true, ...world.thinking })),
          }
        return {
          system_prompt: 'Commits follow Conventional Commits.',
          disabled_tools: [],
          max_steps: 200,
          approval_rules: [
            { tool: 'execute', decision: 'ask', command: 'git push' },
            { tool: 'write_*', decision: 'allow' },
          ],
        }
      case 'POST admin':
        return item === 'test' ? { ok: true, latency_ms: 412 } : { id: randomUUID(), ...body, has_key: true }
      case 'PATCH admin':
        return { id: what, ...body }
      case 'GET workspaces': {
        if (id === '') return { items: [...this.workspaces.values()] }
        if (what === 'connection') return { path: 'relay', rtt_ms: 0.6 }
        return this.workspaces.get(id)
      }
      case 'POST workspaces': {
        const found = this.workspaces.get(id)
        const next = found ?? world.workspace(randomUUID(), String(body.name), 'starting')
        const status = body.transition === 'stop' ? 'stopping' : body.transition === 'delete' ? 'deleting' : 'starting'
        this.tell({ ...next, status })
        setTimeout(
          () =>
            this.tell({
              ...next,
              status: status === 'stopping' ? 'stopped' : status === 'deleting' ? 'deleted' : 'running',
            }),
          2500,
        )
        return found ? next.latest_build : next
      }
      case 'GET builds':
        if (what === 'logs') return BUILD_LOG
        return { id, transition: 'start', status: 'succeeded' }
      case 'GET chats':
        if (room === undefined)
          return id === '' ? { items: [...this.rooms.values()].map(({ chat }) => chat) } : undefined
        if (what === 'instructions') return world.instructions
        return what === 'messages' ? { items: [], queued: [] } : room.chat
      case 'PATCH chats':
        if (room === undefined) return undefined
        if (what === 'queue') {
          this.queue(room, moved(room.queued, item, Number(body.position)))
          return { queued: room.queued }
        }
        if (what === 'messages') return this.edit(room, item, body)
        this.change(room, body)
        return room.chat
      case 'DELETE chats':
        if (what === 'queue' && room)
          this.queue(
            room,
            room.queued.filter((queued) => queued.id !== item),
          )
        else this.rooms.delete(id)
        return null
      case 'POST chats':
        if (room === undefined) return this.create(body)
        if (what === 'interrupt') room.turn?.abort()
        if (what === 'queue' && verb === 'promote') room.turn?.abort()
        if (what === 'messages') return this.send(room, body)
        return room.chat
      case 'POST files':
        return { id: randomUUID() }
      default:
        return undefined
    }
  }

  private create(body: Body) {
    const chat = world.chat(randomUUID(), textOf(body).slice(0, 48), 'pending')
    const room: Room = { chat, messages: [], queued: [], readers: new Set() }
    this.rooms.set(chat.id, room)
    this.accept(room, body)
    return chat
  }

  private send(room: Room, body: Body) {
    if (room.chat.status !== 'running' && room.chat.status !== 'pending') return { message: this.accept(room, body) }
    const queued: QueuedMessage = {
      id: randomUUID(),
      content: [{ type: 'text', text: textOf(body) }],
      created_at: new Date().toISOString(),
    }
    this.queue(room, [...room.queued, queued])
    return { queued }
  }

  private edit(room: Room, id: string, body: Body) {
    const from = room.messages.findIndex((message) => message.id === id)
    const gone = room.messages.splice(from)
    this.say(room, { event: 'removed', data: { message_ids: gone.map((message) => message.id) } })
    return this.accept(room, body)
  }

  private accept(room: Room, body: Body): Message {
    const message = this.commit(room, 'user', [world.text(textOf(body))])
    void this.play(room)
    return message
  }

  private queue(room: Room, queued: QueuedMessage[]) {
    room.queued = queued
    this.say(room, { event: 'queue', data: { queued } })
  }

  private commit(room: Room, role: Message['role'], parts: Part[], more: Partial<Message> = {}): Message {
    const seq = (room.messages.at(-1)?.seq ?? 0) + 1
    const message: Message = {
      id: more.id ?? randomUUID(),
      seq,
      role,
      parts,
      created_at: new Date().toISOString(),
      ...more,
    }
    room.messages.push(message)
    this.say(room, { event: 'message', data: message })
    return message
  }

  private change(room: Room, change: Partial<Chat>) {
    room.chat = { ...room.chat, ...change, updated_at: new Date().toISOString() }
    const event: ListEvent = { event: 'chat', data: room.chat }
    for (const list of this.lists) list.send(JSON.stringify(event))
  }

  private status(room: Room, status: Chat['status']) {
    this.change(room, { status, status_since: new Date().toISOString() })
    this.say(room, { event: 'status', data: { status } })
  }

  private say(room: Room, event: ChatEvent) {
    for (const reader of room.readers) reader.send(JSON.stringify({ ...event, id: randomUUID() }))
  }

  private tell(workspace: Workspace) {
    this.workspaces.set(workspace.id, workspace)
    const event: ListEvent = { event: 'workspace', data: workspace }
    for (const list of this.lists) list.send(JSON.stringify(event))
  }

  /** Streams the fixture's turn as a server would: deltas, then the committed message, then its results. */
  private async play(room: Room) {
    const turn = new AbortController()
    room.turn = turn
    await sleep(300)
    this.status(room, 'running')
    for (const planned of world.relayTurn().slice(1)) {
      if (planned.role === 'tool') {
        await this.work(room, planned, turn.signal)
      } else {
        const { seq: _, ...rest } = planned
        await this.stream(room, { ...rest, id: randomUUID(), created_at: new Date().toISOString() }, turn.signal)
      }
      if (turn.signal.aborted) break
    }
    const [head, ...others] = room.queued
    if (head !== undefined) {
      this.queue(room, others)
      this.accept(room, { content: head.content })
      return
    }
    this.status(room, 'waiting')
  }

  private async work(room: Room, planned: Message, signal: AbortSignal) {
    const calls = room.messages.at(-1)
    for (const part of planned.parts) {
      if (part.type !== 'tool_result' || part.name !== 'execute') continue
      const index = calls?.parts.findIndex((other) => other.type === 'tool_call' && other.id === part.id) ?? -1
      const output = JSON.stringify(part.output).length > 200 ? world.TEST_OUTPUT : ''
      for (const line of output.split(/(?<=\n)/)) {
        await sleep(220)
        if (calls && !signal.aborted)
          this.say(room, {
            event: 'delta',
            data: { message_id: calls.id, part: index, kind: 'tool_output', text: line },
          })
      }
    }
    await sleep(350)
    this.commit(room, 'tool', planned.parts)
  }

  private async stream(room: Room, message: Omit<Message, 'seq'>, signal: AbortSignal) {
    for (const [part, whole] of message.parts.entries()) {
      const kind = whole.type === 'text' || whole.type === 'reasoning' ? whole.type : 'tool_input'
      const value =
        whole.type === 'text' || whole.type === 'reasoning'
          ? whole.text
          : whole.type === 'tool_call'
            ? JSON.stringify(whole.input)
            : ''
      const named = whole.type === 'tool_call' ? { id: whole.id, name: whole.name } : {}
      for (const chunk of value.match(/[\s\S]{1,9}/g) ?? []) {
        await sleep(PAUSE_MS)
        if (signal.aborted) {
          if (whole.type === 'text')
            this.commit(room, 'assistant', [...message.parts.slice(0, part)], { id: message.id, finish: 'interrupted' })
          return
        }
        this.say(room, { event: 'delta', data: { message_id: message.id, part, kind, text: chunk, ...named } })
      }
    }
    this.commit(room, 'assistant', message.parts, message)
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function textOf(body: Body): string {
  const content = Array.isArray(body.content) ? body.content : []
  return content.map((part: { text?: string }) => part.text ?? '').join('\n')
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return {}
  }
}
