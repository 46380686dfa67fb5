import { Play, Square, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Workspace } from '@/api/types'
import { Button, IconButton } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { build, isMoving } from './actions'

/** Start or stop, and delete. */
export function WorkspaceButtons({ workspace, onDeleted }: { workspace: Workspace; onDeleted?: () => void }) {
  const [asking, setAsking] = useState(false)
  const moving = isMoving(workspace)
  // One whose daemon is lost is started again: the start repairs it.
  const runs = workspace.status === 'running' && workspace.daemon?.status !== 'disconnected'
  return (
    <span className="flex">
      {runs ? (
        <IconButton label="Stop" disabled={moving} onClick={() => void build(workspace, 'stop')}>
          <Square size={13} />
        </IconButton>
      ) : (
        <IconButton label="Start" disabled={moving} onClick={() => void build(workspace, 'start')}>
          <Play size={14} />
        </IconButton>
      )}
      <IconButton label="Delete" disabled={workspace.status === 'deleting'} onClick={() => setAsking(true)}>
        <Trash2 size={14} />
      </IconButton>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Delete ${workspace.name}?`}
        description="All its files are deleted, and agents that work in it lose it. This cannot be undone."
      >
        <DialogButtons>
          <Button onClick={() => setAsking(false)}>Keep</Button>
          <Button
            look="danger"
            onClick={() => {
              setAsking(false)
              void build(workspace, 'delete').then((accepted) => accepted && onDeleted?.())
            }}
          >
            Delete
          </Button>
        </DialogButtons>
      </Dialog>
    </span>
  )
}
