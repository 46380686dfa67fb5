import { CornerDownRight, Pencil, X } from 'lucide-react'
import type { QueuedMessage } from '@/api/types'
import { Button, IconButton } from '@/ui/button'
import { Tip } from '@/ui/tip'

interface QueueProps {
  queued: QueuedMessage[]
  onEdit: (message: QueuedMessage) => void
  onDelete: (message: QueuedMessage) => void
  onPromote: (message: QueuedMessage) => void
}

export const queuedText = (message: QueuedMessage) =>
  message.content.flatMap((content) => (content.type === 'text' ? [content.text] : [])).join('\n\n')

/** What is sent when the agent is done, in this order. */
export function Queue({ queued, onEdit, onDelete, onPromote }: QueueProps) {
  if (queued.length === 0) return null
  return (
    <ol aria-label="Queued messages" className="mx-3 rounded-t-xl border border-line border-b-0 bg-side py-1">
      {queued.map((message) => {
        const files = message.content.filter((content) => content.type === 'file').length
        return (
          <li key={message.id} className="group/queued flex h-8 items-center gap-2 pr-1.5 pl-3">
            <CornerDownRight size={13} className="shrink-0 text-ink-3" aria-hidden />
            <span className="min-w-0 flex-1 truncate text-ink-2">
              {queuedText(message)}
              {files > 0 && <span className="text-ink-3"> · {files} attached</span>}
            </span>
            <Tip text="Interrupts the agent and sends this next">
              <Button small look="quiet" onClick={() => onPromote(message)} className="h-6 px-1.5">
                Send now
              </Button>
            </Tip>
            <IconButton small label="Edit" onClick={() => onEdit(message)}>
              <Pencil size={12} />
            </IconButton>
            <IconButton small label="Delete from the queue" onClick={() => onDelete(message)}>
              <X size={13} />
            </IconButton>
          </li>
        )
      })}
    </ol>
  )
}
