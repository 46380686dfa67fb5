// What the page asks for once and keeps: each query with its key, in one place.
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, get } from '@/api/client'
import type {
  AdminModel,
  AdminSettings,
  Build,
  Chat,
  Model,
  Page,
  Provider,
  Template,
  Token,
  User,
  Workspace,
  WorkspaceInstructions,
} from '@/api/types'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
})

const PAGE_MAX = 200
const list = <T>(path: string) => get<Page<T> | T[]>(path, { limit: PAGE_MAX }).then(itemsOf)

/** Some lists are short enough for the server to answer them whole. */
const itemsOf = <T>(page: Page<T> | T[]): T[] => (Array.isArray(page) ? page : page.items)

export const queries = {
  me: queryOptions({ queryKey: ['me'], queryFn: () => get<User>('/users/me'), staleTime: Number.POSITIVE_INFINITY }),
  models: queryOptions({ queryKey: ['models'], queryFn: () => list<Model>('/models') }),
  providers: queryOptions({ queryKey: ['providers'], queryFn: () => list<Provider>('/admin/providers') }),
  adminModels: queryOptions({ queryKey: ['admin-models'], queryFn: () => list<AdminModel>('/admin/models') }),
  settings: queryOptions({ queryKey: ['settings'], queryFn: () => get<AdminSettings>('/admin/settings') }),
  users: queryOptions({ queryKey: ['users'], queryFn: () => list<User>('/users') }),
  tokens: queryOptions({ queryKey: ['tokens'], queryFn: () => list<Token>('/tokens') }),
  templates: queryOptions({ queryKey: ['templates'], queryFn: () => list<Template>('/templates') }),
  template: (id: string) =>
    queryOptions({ queryKey: ['templates', id], queryFn: () => get<Template>(`/templates/${id}`) }),
  workspace: (id: string) =>
    queryOptions({ queryKey: ['workspaces', id], queryFn: () => get<Workspace>(`/workspaces/${id}`) }),
  connection: (id: string) =>
    queryOptions({
      queryKey: ['workspaces', id, 'connection'],
      queryFn: () => get<{ path?: string; latency_ms?: number; rtt_ms?: number }>(`/workspaces/${id}/connection`),
      refetchInterval: 10_000,
      retry: false,
    }),
  /** Where a pending chat stands in the line for a worker. */
  place: (chatId: string) =>
    queryOptions({
      queryKey: ['chats', chatId, 'place'],
      queryFn: () => get<Chat>(`/chats/${chatId}`).then((chat) => chat.queue_position ?? null),
      refetchInterval: 2_000,
      gcTime: 0,
      retry: false,
    }),
  /** The newest chats of anybody, for those who may read them. */
  chatsOf: (ownerId: string) =>
    queryOptions({
      queryKey: ['users', ownerId, 'chats'],
      queryFn: () => get<Page<Chat>>('/chats', { owner: ownerId, limit: PAGE_MAX }).then(itemsOf),
    }),
  /** @param told how often the model was told: what it knows changes with it */
  instructions: (chatId: string, told: number) =>
    queryOptions({
      queryKey: ['instructions', chatId, told],
      queryFn: () => get<WorkspaceInstructions>(`/chats/${chatId}/instructions`),
    }),
  ports: (id: string) =>
    queryOptions({
      queryKey: ['workspaces', id, 'ports'],
      queryFn: () => get<{ ports: { port: number; address: string; process?: string }[] }>(`/workspaces/${id}/ports`),
      refetchInterval: 5_000,
      retry: false,
    }),
  build: (id: string) => queryOptions({ queryKey: ['builds', id], queryFn: () => get<Build>(`/builds/${id}`) }),
}

export const isAdmin = (user: User | undefined) => user?.role === 'admin'
