import { feedStore } from '@/agents/feed'
import { get, messageOf, post } from '@/api/client'
import type { Build, Workspace } from '@/api/types'
import { toast } from '@/ui/toast'

/** What a workspace does until the server says more. */
const MEANWHILE = { start: 'starting', stop: 'stopping', delete: 'deleting' } as const

export async function build(workspace: Workspace, transition: Build['transition']): Promise<boolean> {
  feedStore.apply({ event: 'workspace', data: { ...workspace, status: MEANWHILE[transition] } })
  try {
    await post<Build>(`/workspaces/${workspace.id}/builds`, { transition })
    await refresh(workspace.id)
    return true
  } catch (error) {
    feedStore.apply({ event: 'workspace', data: workspace })
    toast.fail(messageOf(error))
    return false
  }
}

/** Asks for a workspace again; one that is gone leaves the list. */
export async function refresh(id: string) {
  try {
    feedStore.apply({ event: 'workspace', data: await get<Workspace>(`/workspaces/${id}`) })
  } catch {
    // The list's stream says what becomes of it.
  }
}

export const isMoving = ({ status }: Workspace) =>
  status === 'pending' || status === 'starting' || status === 'stopping' || status === 'deleting'
