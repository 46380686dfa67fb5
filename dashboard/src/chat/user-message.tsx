import { Pencil } from 'lucide-react'
import { type KeyboardEvent, memo, useState } from 'react'
import type { Message } from '@/api/types'
import { Button, IconButton } from '@/ui/button'
import { INPUT } from '@/ui/field'
import { Attachment } from './attachment'

interface UserMessageProps {
  message: Message
  onEdit: ((messageId: string, text: string) => Promise<void>) | undefined
}

/** Beyond this many lines a message of the user is folded. */
const LINES_MAX = 14

export const UserMessage = memo(function UserMessage({ message, onEdit }: UserMessageProps) {
  const [editing, setEditing] = useState(false)
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
  if (editing && onEdit) {
    return <EditForm text={text} onSave={(next) => onEdit(message.id, next)} onClose={() => setEditing(false)} />
  }
  return (
    <div className="group/user flex items-start justify-end gap-1">
      {onEdit && (
        <IconButton
          small
          label="Edit and run again"
          onClick={() => setEditing(true)}
          className="mt-1.5 opacity-0 focus-visible:opacity-100 group-hover/user:opacity-100 max-md:opacity-60"
        >
          <Pencil size={13} />
        </IconButton>
      )}
      <UserBubble text={text}>
        {message.parts.map((part) => part.type === 'file' && <Attachment key={part.file_id} file={part} />)}
      </UserBubble>
    </div>
  )
})

export function UserBubble({
  text,
  faded = false,
  children,
}: {
  text: string
  faded?: boolean
  children?: React.ReactNode
}) {
  const [all, setAll] = useState(false)
  const long = text.split('\n').length > LINES_MAX
  return (
    <div
      className={`flex min-w-0 max-w-[85%] flex-col gap-2 rounded-2xl rounded-br-md bg-hover px-3.5 py-2 ${faded ? 'opacity-60' : ''}`}
    >
      {children}
      {text !== '' && (
        <p className={`whitespace-pre-wrap break-words text-[15px] leading-6 ${long && !all ? 'line-clamp-12' : ''}`}>
          {text}
        </p>
      )}
      {long && (
        <button type="button" onClick={() => setAll(!all)} className="self-start text-ink-3 text-xs hover:text-ink">
          {all ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  )
}

function EditForm({
  text,
  onSave,
  onClose,
}: {
  text: string
  onSave: (text: string) => Promise<void>
  onClose: () => void
}) {
  const [value, setValue] = useState(text)
  const [busy, setBusy] = useState(false)
  const save = async () => {
    if (value.trim() === '' || busy) return
    setBusy(true)
    try {
      await onSave(value)
      onClose()
    } finally {
      setBusy(false)
    }
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      void save()
    }
  }
  return (
    <div className="flex flex-col gap-2">
      <textarea
        autoFocus
        aria-label="Your message"
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={onKey}
        className={`${INPUT} field-sizing-content max-h-80 min-h-16 rounded-xl px-3.5 py-2 text-[15px] leading-6`}
      />
      <div className="flex items-center justify-end gap-2">
        <span className="mr-auto text-ink-3 text-xs">What came after this message is dropped; changed files stay.</span>
        <Button small onClick={onClose}>
          Cancel
        </Button>
        <Button small look="solid" busy={busy} onClick={() => void save()}>
          Run again
        </Button>
      </div>
    </div>
  )
}
