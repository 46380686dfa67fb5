import { Boxes, Plus } from 'lucide-react'
import { useState } from 'react'
import { useFeed } from '@/agents/use-feed'
import type { Workspace } from '@/api/types'
import { Link } from '@/app/navigation'
import { Blank, Skeleton } from '@/ui/blank'
import { Button } from '@/ui/button'
import { ago } from '@/ui/format'
import { Page, Rows } from '@/ui/page'
import { useNow } from '@/ui/use-now'
import { CreateWorkspace } from './create-workspace'
import { WorkspaceState } from './state'
import { WorkspaceButtons } from './workspace-buttons'

export default function WorkspacesPage() {
  const { workspaces, loaded } = useFeed()
  const [creating, setCreating] = useState(false)
  const all = [...workspaces.values()].sort((a, b) => (lastUse(a) < lastUse(b) ? 1 : -1))
  const create = (
    <>
      <Link to={{ page: 'templates' }} className="flex h-7 items-center rounded-md px-2 text-ink-2 hover:bg-hover">
        Templates
      </Link>
      <Button look="solid" small icon={<Plus size={14} />} onClick={() => setCreating(true)}>
        New workspace
      </Button>
    </>
  )
  return (
    <Page title="Workspaces" back={{ page: 'home' }} actions={create}>
      {!loaded && <Skeleton rows={5} className="h-9" />}
      {loaded && all.length === 0 && (
        <Blank icon={<Boxes size={24} />} title="No workspaces yet">
          A workspace is where agents run commands and change files. An agent makes one when it needs it; you can also
          make one yourself.
        </Blank>
      )}
      {all.length > 0 && (
        <Rows label="Workspaces">
          {all.map((workspace) => (
            <Row key={workspace.id} workspace={workspace} />
          ))}
        </Rows>
      )}
      {creating && <CreateWorkspace onClose={() => setCreating(false)} />}
    </Page>
  )
}

const lastUse = (workspace: Workspace) => workspace.last_used_at ?? workspace.created_at

function Row({ workspace }: { workspace: Workspace }) {
  const now = useNow(60_000)
  return (
    <li className="flex min-h-11 items-center gap-3 pr-2 hover:bg-side">
      <Link
        to={{ page: 'workspace', workspaceId: workspace.id }}
        className="flex min-w-0 flex-1 items-center gap-3 self-stretch pl-3.5"
      >
        <span className="min-w-0 flex-1 truncate font-medium">{workspace.name}</span>
        <span className="w-24 text-ink-3 text-xs max-md:hidden">{workspace.template_name}</span>
        <span className="w-44 text-ink-2 text-xs max-md:w-auto">
          <WorkspaceState workspace={workspace} />
        </span>
        <span className="w-14 text-right text-ink-3 text-xs tabular-nums max-md:hidden">
          {ago(lastUse(workspace), now)}
        </span>
      </Link>
      <WorkspaceButtons workspace={workspace} />
    </li>
  )
}
