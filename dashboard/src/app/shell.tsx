import { lazy, Suspense, useEffect, useState } from 'react'
import { setArchived } from '@/agents/actions'
import { AgentList } from '@/agents/agent-list'
import { feedStore } from '@/agents/feed'
import { titleOf } from '@/agents/groups'
import { watch } from '@/agents/notify'
import { useFeed, useNeedsMe } from '@/agents/use-feed'
import { session } from '@/api/client'
import { ChatPage } from '@/chat/chat-page'
import { NewChatPage } from '@/composer/new-chat'
import { loadMenus } from '@/ui/menu'
import { useNarrow } from '@/ui/use-media'
import { NotFound } from './failed'
import { useKeys } from './keys'
import { go, useOpenChatId, usePlace } from './navigation'
import type { Place } from './place'

const WorkspacesPage = lazy(() => import('@/workspaces/workspaces-page'))
const WorkspacePage = lazy(() => import('@/workspaces/workspace-page'))
const TemplatesPage = lazy(() => import('@/workspaces/templates-page'))
const TemplatePage = lazy(() => import('@/workspaces/template-page'))
const SettingsPage = lazy(() => import('@/settings/settings-page'))
const KeysDialog = lazy(() => import('./keys-dialog'))
const loadPalette = () => import('./palette')
const Palette = lazy(loadPalette)

/** The palette and the menus come when the first page stands, since people use them at once. */
const SOON_MS = 1500
/** Without a server it comes when it is asked for. */
const ignored = () => {}

/** The list beside the page; on a phone only one of the two. */
export function Shell() {
  const narrow = useNarrow()
  const place = usePlace()
  const atList = place.page === 'home'
  const chatId = useOpenChatId()
  const [overlay, setOverlay] = useState<'palette' | 'keys'>()
  const needsMe = useNeedsMe()
  const feed = useFeed()
  const openChat = chatId === undefined ? undefined : feed.chats.get(chatId)

  useEffect(() => {
    feedStore.start(() => {
      session.end()
      go({ page: 'signin' })
    })
    const unwatch = watch()
    return () => {
      unwatch()
      feedStore.stop()
    }
  }, [])

  useEffect(() => {
    const name = openChat === undefined ? 'Warren' : `${titleOf(openChat)} · Warren`
    document.title = needsMe.length > 0 ? `(${needsMe.length}) ${name}` : name
  }, [needsMe.length, openChat])

  useEffect(() => {
    const timer = setTimeout(() => void Promise.all([loadPalette(), loadMenus()]).catch(ignored), SOON_MS)
    return () => clearTimeout(timer)
  }, [])
  useKeys({
    'mod+k': () => setOverlay('palette'),
    '?': () => setOverlay('keys'),
    c: () => go({ page: 'new' }),
    e: () => {
      if (openChat === undefined) return
      void setArchived(openChat, true)
      go({ page: 'home' })
    },
    'g n': () => {
      const next = needsMe.find((chat) => chat.id !== chatId) ?? needsMe[0]
      if (next) go({ page: 'chat', chatId: next.id })
    },
    '/': () => document.getElementById('composer')?.focus(),
  })

  const list = <AgentList onFind={() => setOverlay('palette')} onKeys={() => setOverlay('keys')} />
  return (
    <div className="flex h-full">
      {narrow && atList && (
        <main className="min-w-0 flex-1 bg-side">
          <h1 className="sr-only">Agents</h1>
          {list}
        </main>
      )}
      {!narrow && (
        <aside aria-label="Agents" className="w-[276px] shrink-0 border-line border-r bg-side">
          {list}
        </aside>
      )}
      {(!narrow || !atList) && (
        <main className="relative min-w-0 flex-1">
          <Suspense fallback={null}>
            <Content place={place} />
          </Suspense>
        </main>
      )}
      <Suspense fallback={null}>
        {overlay === 'palette' && <Palette onClose={() => setOverlay(undefined)} onKeys={() => setOverlay('keys')} />}
        {overlay === 'keys' && <KeysDialog onClose={() => setOverlay(undefined)} />}
      </Suspense>
    </div>
  )
}

function Content({ place }: { place: Place }) {
  switch (place.page) {
    case 'home':
    case 'new':
      return <NewChatPage />
    case 'chat':
      return <ChatPage key={place.chatId} chatId={place.chatId} />
    case 'workspaces':
      return <WorkspacesPage />
    case 'workspace':
      return <WorkspacePage key={place.workspaceId} workspaceId={place.workspaceId} />
    case 'templates':
      return <TemplatesPage />
    case 'template':
      return <TemplatePage key={place.templateId} templateId={place.templateId} />
    case 'settings':
      return <SettingsPage section={place.section} />
    default:
      return <NotFound />
  }
}
