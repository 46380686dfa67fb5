import { useQuery } from '@tanstack/react-query'
import { SquarePen } from 'lucide-react'
import { useCallback } from 'react'
import { isRunning, titleOf } from '@/agents/groups'
import { StatusDot } from '@/agents/status-dot'
import { useFeed } from '@/agents/use-feed'
import { ApiError, messageOf } from '@/api/client'
import type { Workspace } from '@/api/types'
import { NotFound } from '@/app/failed'
import { go, Link } from '@/app/navigation'
import { queries } from '@/app/queries'
import { loadDefaults, saveDefaults } from '@/composer/draft'
import { Fact } from '@/review/facts'
import { Terminals } from '@/terminal/terminals'
import { Failure, Skeleton } from '@/ui/blank'
import { Button } from '@/ui/button'
import { dateTime, duration } from '@/ui/format'
import { Page } from '@/ui/page'
import { isMoving, refresh } from './actions'
import { BuildView } from './build-view'
import { Introduce } from './introduce'
import { Ports } from './ports'
import { WorkspaceState } from './state'
import { WorkspaceButtons } from './workspace-buttons'

export default function WorkspacePage({ workspaceId }: { workspaceId: string }) {
  const { workspaces } = useFeed()
  const listed = workspaces.get(workspaceId)
  const { data, error } = useQuery({ ...queries.workspace(workspaceId), enabled: listed === undefined })
  const workspace = listed ?? data
  const onEnd = useCallback(() => void refresh(workspaceId), [workspaceId])
  if (error instanceof ApiError && error.status === 404) return <NotFound />
  if (workspace === undefined) {
    return (
      <Page title="" back={{ page: 'workspaces' }}>
        {error ? <Failure text={messageOf(error)} /> : <Skeleton rows={6} />}
      </Page>
    )
  }
  return (
    <Page
      title={workspace.name}
      back={{ page: 'workspaces' }}
      actions={
        <>
          <WorkspaceButtons workspace={workspace} onDeleted={() => go({ page: 'workspaces' })} />
          <Button
            small
            look="solid"
            icon={<SquarePen size={13} />}
            disabled={workspace.status === 'deleting'}
            onClick={() => {
              saveDefaults({ ...loadDefaults(), workspaceId })
              go({ page: 'new' })
            }}
          >
            New agent here
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <Facts workspace={workspace} />
        {workspace.engine === 'external' && workspace.daemon?.status !== 'connected' && (
          <Introduce workspace={workspace} />
        )}
        {workspace.latest_build && <BuildView build={workspace.latest_build} onEnd={onEnd} />}
        {workspace.status === 'running' && (
          <section>
            <h2 className="mb-1.5 text-ink-3 text-xs">Terminal</h2>
            <Terminals
              workspace={workspace}
              className="h-[min(460px,60dvh)] overflow-hidden rounded-lg border border-line"
            />
          </section>
        )}
        {workspace.daemon?.status === 'connected' && (
          <section aria-label="Ports">
            <h2 className="mb-1.5 text-ink-3 text-xs">Ports</h2>
            <Ports workspaceId={workspaceId} />
          </section>
        )}
        <Agents workspaceId={workspaceId} />
      </div>
    </Page>
  )
}

function Facts({ workspace }: { workspace: Workspace }) {
  const connected = workspace.daemon?.status === 'connected' && !isMoving(workspace)
  const { data: connection } = useQuery({ ...queries.connection(workspace.id), enabled: connected })
  const rtt = connection?.rtt_ms ?? connection?.latency_ms
  return (
    <div>
      <Fact name="Status">
        <WorkspaceState workspace={workspace} />
      </Fact>
      <Fact name="Connection">
        {connected
          ? [connection?.path ?? 'connected', rtt !== undefined && duration(rtt)].filter(Boolean).join(', ')
          : '–'}
      </Fact>
      <Fact name="Template">{workspace.template_name ?? '–'}</Fact>
      <Fact name="Daemon">{workspace.daemon?.version ?? '–'}</Fact>
      <Fact name="Created">{dateTime(workspace.created_at)}</Fact>
      <Fact name="Last used">{dateTime(workspace.last_used_at)}</Fact>
      <Parameters workspace={workspace} />
    </div>
  )
}

/** What it was made with, in its template's words. */
function Parameters({ workspace }: { workspace: Workspace }) {
  const given = Object.entries(workspace.parameters ?? {})
  const { data: template } = useQuery({ ...queries.template(workspace.template_id), enabled: given.length > 0 })
  return given.map(([name, value]) => {
    const parameter = template?.parameters?.find((other) => other.name === name)
    return (
      <Fact key={name} name={parameter?.display_name ?? name}>
        <code className="text-[12px]">{typeof value === 'string' ? value : JSON.stringify(value)}</code>
        {parameter?.description && <span className="ml-2 text-ink-3 text-xs">{parameter.description}</span>}
      </Fact>
    )
  })
}

function Agents({ workspaceId }: { workspaceId: string }) {
  const { chats } = useFeed()
  const here = [...chats.values()].filter((chat) => chat.workspace_id === workspaceId && !chat.archived)
  if (here.length === 0) return null
  return (
    <section aria-label="Agents in this workspace">
      <h2 className="mb-1.5 text-ink-3 text-xs">Agents in this workspace</h2>
      <ul className="-mx-2">
        {here.map((chat) => (
          <li key={chat.id}>
            <Link
              to={{ page: 'chat', chatId: chat.id }}
              className="flex h-8 items-center gap-2 rounded-md px-2 hover:bg-hover max-md:h-10"
            >
              <StatusDot chat={chat} unseen={false} />
              <span className="truncate">{titleOf(chat)}</span>
              {isRunning(chat) && <span className="truncate text-ink-3">{chat.current_step}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
