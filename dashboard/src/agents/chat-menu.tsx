import { Archive, ArchiveRestore, Bell, Ellipsis, Eraser, Pencil, Pin, PinOff, Shrink, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Chat } from '@/api/types'
import { go, useOpenChatId } from '@/app/navigation'
import { IconButton } from '@/ui/button'
import { Menu, MenuItem, MenuLine } from '@/ui/menu'
import { toast } from '@/ui/toast'
import { changeChat, compactChat, setArchived } from './actions'
import type { ChatDialogKind } from './chat-dialog'
import { hasBell, ring } from './notify'

const ChatDialog = lazy(() => import('./chat-dialog'))

interface ChatMenuProps {
  chat: Chat
  small?: boolean
  tabbable?: boolean
}

export function ChatMenu({ chat, small = false, tabbable = true }: ChatMenuProps) {
  const [dialog, setDialog] = useState<ChatDialogKind>()
  const chatId = useOpenChatId()

  const [bell, setBell] = useState(() => hasBell(chat.id))

  const toggleBell = async () => {
    if (await ring(chat.id, !bell)) setBell(!bell)
    else toast.fail('The browser does not allow this page to notify you.')
  }
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
        {!chat.parent_id && (
          <MenuItem icon={<Bell size={13} />} checked={bell} onSelect={() => void toggleBell()}>
            Tell me when it is done
          </MenuItem>
        )}
        {!chat.archived && (chat.status === 'waiting' || chat.status === 'error') && (
          <>
            <MenuLine />
            <MenuItem icon={<Shrink size={13} />} onSelect={() => void compactChat(chat)}>
              Shorten the context
            </MenuItem>
            <MenuItem icon={<Eraser size={13} />} onSelect={() => setDialog('clear')}>
              Clear the context …
            </MenuItem>
          </>
        )}
        <MenuLine />
        <MenuItem icon={<Trash2 size={13} />} danger onSelect={() => setDialog('delete')}>
          Delete …
        </MenuItem>
      </Menu>
      <Suspense fallback={null}>
        {dialog && <ChatDialog kind={dialog} chat={chat} onLeave={leave} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  )
}
