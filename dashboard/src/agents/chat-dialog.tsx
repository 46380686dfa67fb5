import type { FormEvent } from 'react'
import type { Chat } from '@/api/types'
import { Button } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { changeChat, clearChat, deleteChat } from './actions'
import { titleOf } from './groups'

export type ChatDialogKind = 'rename' | 'clear' | 'delete'

interface ChatDialogProps {
  kind: ChatDialogKind
  chat: Chat
  /** The chat is about to go: leave its page. */
  onLeave: () => void
  onClose: () => void
}

/** What a chat's menu asks before it does it. */
export default function ChatDialog({ kind, chat, onLeave, onClose }: ChatDialogProps) {
  switch (kind) {
    case 'rename':
      return <RenameDialog chat={chat} onClose={onClose} />
    case 'clear':
      return (
        <Question
          title="Clear the context?"
          text="The model begins anew and knows nothing of what was said so far. You can still read all of it here, and the workspace stays as it is."
          yes="Clear"
          onYes={() => void clearChat(chat)}
          onClose={onClose}
        />
      )
    case 'delete':
      return (
        <Question
          title="Delete this agent?"
          text={`“${titleOf(chat)}” and its whole conversation are deleted. Its workspace stays.`}
          yes="Delete"
          danger
          onYes={() => {
            onLeave()
            void deleteChat(chat)
          }}
          onClose={onClose}
        />
      )
  }
}

interface QuestionProps {
  title: string
  text: string
  yes: string
  danger?: boolean
  onYes: () => void
  onClose: () => void
}

function Question({ title, text, yes, danger = false, onYes, onClose }: QuestionProps) {
  const accept = () => {
    onClose()
    onYes()
  }
  return (
    <Dialog open onClose={onClose} title={title} description={text}>
      <DialogButtons>
        <Button onClick={onClose}>Keep</Button>
        <Button look={danger ? 'danger' : 'solid'} onClick={accept}>
          {yes}
        </Button>
      </DialogButtons>
    </Dialog>
  )
}

function RenameDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title')).trim()
    onClose()
    if (title !== '' && title !== chat.title) void changeChat(chat, { title })
  }
  return (
    <Dialog open onClose={onClose} title="Rename">
      <form onSubmit={submit}>
        <TextField label="Title" name="title" defaultValue={chat.title} maxLength={200} autoFocus />
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid">
            Rename
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
