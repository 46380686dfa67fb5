// The caller's chats and workspaces as they change: one stream for the whole page.
import { get } from '@/api/client'
import { type Connection, openStream } from '@/api/socket'
import type { Chat, ListEvent, Page, Workspace } from '@/api/types'

export interface Feed {
  chats: ReadonlyMap<string, Chat>
  workspaces: ReadonlyMap<string, Workspace>
  connection: Connection
  loaded: boolean
}

/** A snapshot with fewer chats than this has all of them. */
const SNAPSHOT_FULL = 50

/** So many of each are in the list; older ones are found by searching. */
const LIST_MAX = 200

export const EMPTY_FEED: Feed = { chats: new Map(), workspaces: new Map(), connection: 'connecting', loaded: false }

export function reduceFeed(feed: Feed, event: ListEvent): Feed {
  switch (event.event) {
    case 'snapshot': {
      const { chats, workspaces } = event.data
      return {
        ...feed,
        loaded: true,
        chats: chats === undefined ? feed.chats : withOlder(feed.chats, chats),
        workspaces: workspaces === undefined ? feed.workspaces : byId(workspaces),
      }
    }
    case 'chat':
      return { ...feed, chats: new Map(feed.chats).set(event.data.id, event.data) }
    case 'workspace': {
      const workspaces = new Map(feed.workspaces)
      if (event.data.status === 'deleted') workspaces.delete(event.data.id)
      else workspaces.set(event.data.id, event.data)
      return { ...feed, workspaces }
    }
    case 'removed':
      return {
        ...feed,
        chats: without(feed.chats, event.data.chat_ids),
        workspaces: without(feed.workspaces, event.data.workspace_ids),
      }
    default:
      return ignored(feed, event)
  }
}

function ignored(feed: Feed, _event: never): Feed {
  return feed
}

function byId<T extends { id: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]))
}

/** A snapshot that is full is the newest chats only: those that were loaded from before them stay. */
function withOlder(known: ReadonlyMap<string, Chat>, newest: Chat[]): ReadonlyMap<string, Chat> {
  const oldest = newest.map((chat) => chat.updated_at).sort()[0] ?? ''
  const older = [...known.values()].filter((chat) => newest.length >= SNAPSHOT_FULL && chat.updated_at < oldest)
  return byId([...newest, ...older])
}

const itemsOf = <T>(answer: PromiseSettledResult<Page<T>>): T[] =>
  answer.status === 'fulfilled' ? answer.value.items : []

function without<T>(items: ReadonlyMap<string, T>, ids: string[] | undefined): ReadonlyMap<string, T> {
  if (ids === undefined || ids.length === 0) return items
  const gone = new Set(ids)
  return new Map([...items].filter(([id]) => !gone.has(id)))
}

export class FeedStore {
  private feed: Feed = EMPTY_FEED
  private readonly listeners = new Set<() => void>()
  private close: (() => void) | undefined

  start(onSignedOut: () => void) {
    void this.load()
    this.close = openStream<ListEvent>({
      path: '/events',
      onEvent: (event) => this.apply(event),
      onConnection: (connection) => this.set({ ...this.feed, connection }),
      onRefused: onSignedOut,
      probe: '/users/me',
    })
  }

  stop() {
    this.close?.()
    this.feed = EMPTY_FEED
  }

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = () => this.feed

  apply(event: ListEvent) {
    this.set(reduceFeed(this.feed, event))
  }

  /** The first page by request: a stream's first event may name fewer chats than the list shows. */
  private async load() {
    const [chats, workspaces] = await Promise.allSettled([
      get<Page<Chat>>('/chats', { limit: LIST_MAX }),
      get<Page<Workspace>>('/workspaces', { limit: LIST_MAX }),
    ])
    // What the stream has told meanwhile is newer. A failure is the stream's to report: it is without a connection too.
    this.set({
      ...this.feed,
      loaded: this.feed.loaded || chats.status === 'fulfilled',
      chats: new Map([...byId(itemsOf(chats)), ...this.feed.chats]),
      workspaces: new Map([...byId(itemsOf(workspaces)), ...this.feed.workspaces]),
    })
  }

  private set(feed: Feed) {
    this.feed = feed
    for (const listener of this.listeners) listener()
  }
}

export const feedStore = new FeedStore()
