import { X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button, IconButton } from '@/ui/button'
import { INPUT } from '@/ui/field'
import type { LineComment } from './comments'

/** Stands beside the scrolled code, as wide as the panel. */
const BOX = 'sticky left-0 w-[min(430px,100vw)] px-3 py-1.5 font-sans whitespace-normal'

export function WrittenComment({ comment, onRemove }: { comment: LineComment; onRemove: () => void }) {
  return (
    <div className={BOX}>
      <div className="flex items-start gap-2 rounded-lg border border-line bg-raised py-1 pr-1 pl-3">
        <p className="min-w-0 flex-1 whitespace-pre-wrap break-words py-0.5 text-[13px] leading-5">{comment.text}</p>
        <IconButton small label="Remove the comment" onClick={onRemove}>
          <X size={12} />
        </IconButton>
      </div>
    </div>
  )
}

export function CommentField({ onSave, onClose }: { onSave: (text: string) => void; onClose: () => void }) {
  const [text, setText] = useState('')
  const save = () => {
    if (text.trim() !== '') onSave(text)
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // The page's Escape would interrupt the agent.
      event.preventDefault()
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      save()
    }
  }
  return (
    <div className={BOX}>
      <textarea
        autoFocus
        aria-label="Comment"
        placeholder="What should be different here?"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
        className={`${INPUT} field-sizing-content min-h-14 resize-none py-1.5`}
      />
      <div className="mt-1.5 flex justify-end gap-2">
        <Button small onClick={onClose}>
          Cancel
        </Button>
        <Button small look="solid" disabled={text.trim() === ''} onClick={save}>
          Add comment
        </Button>
      </div>
    </div>
  )
}
