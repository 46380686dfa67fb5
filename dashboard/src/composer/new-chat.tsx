import { useQuery } from '@tanstack/react-query'
import { ChevronLeft } from 'lucide-react'
import { useState } from 'react'
import { feedStore } from '@/agents/feed'
import { useFeed } from '@/agents/use-feed'
import { ApiError, messageOf, post } from '@/api/client'
import type { Chat } from '@/api/types'
import { go } from '@/app/navigation'
import { queries } from '@/app/queries'
import { IconButton } from '@/ui/button'
import { toast } from '@/ui/toast'
import { useNarrow } from '@/ui/use-media'
import { ModelChip, WorkspaceChip } from './chips'
import { Composer, type Outgoing } from './composer'
import { loadDefaults, saveDefaults } from './draft'
import { FirstProvider } from './first-provider'

/** The composer is the page. */
export function NewChatPage() {
  const narrow = useNarrow()
  const { data: models } = useQuery(queries.models)
  const { workspaces } = useFeed()
  const [chosen, setChosen] = useState(loadDefaults)
  const modelId = models?.some((model) => model.id === chosen.modelId) ? chosen.modelId : undefined
  const workspaceId =
    chosen.workspaceId !== undefined && workspaces.has(chosen.workspaceId) ? chosen.workspaceId : undefined
  const noModels = models !== undefined && models.length === 0

  const choose = (next: typeof chosen) => {
    setChosen(next)
    saveDefaults(next)
  }
  const send = async ({ content }: Outgoing) => {
    try {
      const chat = await post<Chat>(
        '/chats',
        { content, ...(modelId ? { model_id: modelId } : {}), ...(workspaceId ? { workspace_id: workspaceId } : {}) },
        crypto.randomUUID(),
      )
      feedStore.apply({ event: 'chat', data: chat })
      go({ page: 'chat', chatId: chat.id })
      return true
    } catch (error) {
      toast.fail(error instanceof ApiError && error.status === 0 ? 'The server does not answer.' : messageOf(error))
      return false
    }
  }

  return (
    <div className="flex h-full flex-col">
      {narrow && (
        <header className="flex h-12 shrink-0 items-center px-2">
          <IconButton label="Back to the list" onClick={() => go({ page: 'home' })}>
            <ChevronLeft size={18} />
          </IconButton>
        </header>
      )}
      <div className="mx-auto flex w-full max-w-[720px] flex-1 flex-col px-6 pt-[22vh] max-md:justify-end max-md:px-3 max-md:pt-4 max-md:pb-3">
        {noModels ? (
          <FirstProvider />
        ) : (
          <>
            <h1 className="mb-5 text-center font-semibold text-[22px] tracking-tight max-md:mb-auto max-md:pt-[24vh]">
              What should be done?
            </h1>
            <Composer
              draftKey="new"
              placeholder="Describe a task, ask a question …"
              busy={false}
              autoFocus
              onSend={send}
              chips={
                <>
                  <ModelChip modelId={modelId} onChoose={(id) => choose({ ...chosen, modelId: id })} />
                  <WorkspaceChip
                    workspaceId={workspaceId}
                    mayClear
                    onChoose={(id) => {
                      const { workspaceId: _, ...rest } = chosen
                      choose(id === undefined ? rest : { ...rest, workspaceId: id })
                    }}
                  />
                  <span className="flex-1" />
                </>
              }
            />
            <p className="mt-3 text-center text-ink-3 text-xs max-md:hidden">
              The agent runs in the control plane and works in a workspace, which it makes when it needs one.
            </p>
          </>
        )}
      </div>
    </div>
  )
}
