import { ArrowUp, CornerDownRight, Pencil, X } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import type { QueuedMessage } from '@/api/types'
import { Button, IconButton } from '@/ui/button'
import { Tip } from '@/ui/tip'
import { queuedText } from './queue-order'

interface QueueProps {
  queued: QueuedMessage[]
  onEdit: (message: QueuedMessage) => void
  onDelete: (message: QueuedMessage) => void
  /** @param place 1 for the head */
  onMove: (message: QueuedMessage, place: number) => void
  onPromote: (message: QueuedMessage) => void
}

/** What is sent when the agent is done, in this order; a row is dragged, or moved up by its button. */
export function Queue({ queued, onEdit, onDelete, onMove, onPromote }: QueueProps) {
  const [dragged, setDragged] = useState<QueuedMessage>()
  const [over, setOver] = useState<number>()
  if (queued.length === 0) return null
  const end = () => {
    setDragged(undefined)
    setOver(undefined)
  }
  const rowDrag = (message: QueuedMessage, at: number) => ({
    draggable: queued.length > 1,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move'
      setDragged(message)
    },
    onDragOver: (event: DragEvent) => {
      if (dragged === undefined) return
      event.preventDefault()
      setOver(at)
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      if (dragged !== undefined && dragged.id !== message.id) onMove(dragged, at + 1)
      end()
    },
    onDragEnd: end,
  })
  return (
    <ol aria-label="Queued messages" className="mx-3 rounded-t-xl border border-line border-b-0 bg-side py-1">
      {queued.map((message, at) => {
        const files = message.content.filter((content) => content.type === 'file').length
        const target = over === at && dragged !== undefined && dragged.id !== message.id
        return (
          <li
            key={message.id}
            {...rowDrag(message, at)}
            className={`flex h-8 items-center gap-1 pr-1.5 pl-3 max-md:h-10 ${target ? 'bg-accent-soft' : ''} ${dragged?.id === message.id ? 'opacity-50' : ''}`}
          >
            <CornerDownRight size={13} className="mr-1 shrink-0 text-ink-3" aria-hidden />
            <span className="min-w-0 flex-1 truncate text-ink-2">
              {queuedText(message)}
              {files > 0 && <span className="text-ink-3"> · {files} attached</span>}
            </span>
            <Tip text="Interrupts the agent and sends this next">
              <Button small look="quiet" onClick={() => onPromote(message)} className="h-6 px-1.5">
                Send now
              </Button>
            </Tip>
            {at > 0 ? (
              <IconButton small label="Move up" onClick={() => onMove(message, at)}>
                <ArrowUp size={13} />
              </IconButton>
            ) : (
              queued.length > 1 && <span className="size-6 shrink-0" />
            )}
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
