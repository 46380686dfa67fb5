import { Archive, ArchiveRestore, Ellipsis, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { Chat } from '@/api/types'
import { go, useOpenChatId } from '@/app/navigation'
import { Button, IconButton } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { Menu, MenuItem, MenuLine } from '@/ui/menu'
import { changeChat, deleteChat, setArchived } from './actions'
import { titleOf } from './groups'

interface ChatMenuProps {
  chat: Chat
  small?: boolean
  tabbable?: boolean
}

export function ChatMenu({ chat, small = false, tabbable = true }: ChatMenuProps) {
  const [dialog, setDialog] = useState<'rename' | 'delete'>()
  const chatId = useOpenChatId()

  const leave = () => {
    if (chatId === chat.id) go({ page: 'home' })
  }
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="More" small={small} tabIndex={tabbable ? 0 : -1}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil size={13} />} onSelect={() => setDialog('rename')}>
          Rename
        </MenuItem>
        <MenuItem
          icon={chat.pinned ? <PinOff size={13} /> : <Pin size={13} />}
          onSelect={() => void changeChat(chat, { pinned: !chat.pinned })}
        >
          {chat.pinned ? 'Unpin' : 'Pin'}
        </MenuItem>
        <MenuItem
          icon={chat.archived ? <ArchiveRestore size={13} /> : <Archive size={13} />}
          keys="e"
          onSelect={() => {
            void setArchived(chat, !chat.archived)
            if (!chat.archived) leave()
          }}
        >
          {chat.archived ? 'Take out of the archive' : 'Archive'}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 size={13} />} danger onSelect={() => setDialog('delete')}>
          Delete …
        </MenuItem>
      </Menu>
      <RenameDialog chat={chat} open={dialog === 'rename'} onClose={() => setDialog(undefined)} />
      <Dialog
        open={dialog === 'delete'}
        onClose={() => setDialog(undefined)}
        title="Delete this agent?"
        description={`“${titleOf(chat)}” and its whole conversation are deleted. Its workspace stays.`}
      >
        <DialogButtons>
          <Button onClick={() => setDialog(undefined)}>Keep</Button>
          <Button
            look="danger"
            onClick={() => {
              setDialog(undefined)
              leave()
              void deleteChat(chat)
            }}
          >
            Delete
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  )
}

function RenameDialog({ chat, open, onClose }: { chat: Chat; open: boolean; onClose: () => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const title = String(new FormData(event.currentTarget).get('title')).trim()
    onClose()
    if (title !== '' && title !== chat.title) void changeChat(chat, { title })
  }
  return (
    <Dialog open={open} onClose={onClose} title="Rename">
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
