import clsx from 'clsx'
import { Ring } from '@/agents/status-dot'
import type { Workspace } from '@/api/types'

/** A workspace's state in a word and a picture: running but out of reach is a state of its own. */
export function WorkspaceState({ workspace }: { workspace: Workspace }) {
  const { status, daemon } = workspace
  const moving = status === 'pending' || status === 'starting' || status === 'stopping' || status === 'deleting'
  const lost = status === 'running' && daemon !== undefined && daemon.status !== 'connected'
  return (
    <span className="inline-flex items-center gap-1.5 align-middle">
      <span className="flex size-4 items-center justify-center">
        {moving ? (
          <Ring />
        ) : (
          <span
            className={clsx(
              'size-2 rounded-full',
              status === 'failed' ? 'bg-bad' : lost ? 'bg-warn' : status === 'running' ? 'bg-good' : 'bg-line-strong',
            )}
          />
        )}
      </span>
      {lost ? `running, daemon ${daemon.status}` : status}
    </span>
  )
}
