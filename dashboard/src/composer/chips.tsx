import { useQuery } from '@tanstack/react-query'
import { Box, ChevronDown, Plus, Sparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFeed } from '@/agents/use-feed'
import type { Model, Workspace } from '@/api/types'
import { go } from '@/app/navigation'
import { queries } from '@/app/queries'
import { count } from '@/ui/format'
import { Menu, MenuItem, MenuLine, MenuTitle } from '@/ui/menu'

function Chip({ icon, children, ...props }: { icon: ReactNode; children: ReactNode }) {
  return (
    <button
      type="button"
      {...props}
      className="flex h-7 min-w-0 items-center gap-1.5 rounded-md px-2 text-ink-2 text-xs transition-colors hover:bg-hover hover:text-ink data-popup-open:bg-hover max-md:h-9"
    >
      <span className="text-ink-3">{icon}</span>
      <span className="max-w-40 truncate max-md:max-w-24">{children}</span>
      <ChevronDown size={12} className="shrink-0 text-ink-3" />
    </button>
  )
}

export const nameOf = (model: Model) => model.display_name || model.name

interface ModelChipProps {
  modelId: string | undefined
  onChoose: (modelId: string) => void
}

export function ModelChip({ modelId, onChoose }: ModelChipProps) {
  const { data: models = [] } = useQuery(queries.models)
  const current = models.find((model) => model.id === modelId) ?? models.find((model) => model.is_default)
  if (models.length === 0) return null
  const providers = [...new Set(models.map((model) => model.provider))]
  return (
    <Menu side="top" trigger={<Chip icon={<Sparkles size={13} />}>{current ? nameOf(current) : 'Model'}</Chip>}>
      {providers.map((provider) => (
        <div key={provider}>
          <MenuTitle>{provider}</MenuTitle>
          {models
            .filter((model) => model.provider === provider)
            .map((model) => (
              <MenuItem
                key={model.id}
                checked={model.id === current?.id}
                note={count(model.context_limit)}
                onSelect={() => onChoose(model.id)}
              >
                {nameOf(model)}
              </MenuItem>
            ))}
        </div>
      ))}
    </Menu>
  )
}

interface WorkspaceChipProps {
  workspaceId: string | undefined
  onChoose: (workspaceId: string | undefined) => void
  /** A chat that has one cannot go back to none. */
  mayClear: boolean
}

export function WorkspaceChip({ workspaceId, onChoose, mayClear }: WorkspaceChipProps) {
  const { workspaces } = useFeed()
  const usable = [...workspaces.values()].filter(({ status }) => status !== 'deleting' && status !== 'deleted')
  const current = workspaceId === undefined ? undefined : workspaces.get(workspaceId)
  return (
    <Menu side="top" trigger={<Chip icon={<Box size={13} />}>{current ? current.name : 'Workspace'}</Chip>}>
      <MenuItem checked={current === undefined} disabled={!mayClear} onSelect={() => onChoose(undefined)}>
        The agent makes one when needed
      </MenuItem>
      {usable.length > 0 && <MenuLine />}
      {usable.map((workspace) => (
        <MenuItem
          key={workspace.id}
          checked={workspace.id === workspaceId}
          note={noteOf(workspace)}
          onSelect={() => onChoose(workspace.id)}
        >
          {workspace.name}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={<Plus size={14} />} onSelect={() => go({ page: 'workspaces' })}>
        New workspace …
      </MenuItem>
    </Menu>
  )
}

const noteOf = (workspace: Workspace) => (workspace.status === 'running' ? undefined : workspace.status)
