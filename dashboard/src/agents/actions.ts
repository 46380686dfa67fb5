// What can be done to a chat from anywhere; shown at once, taken back when the server refuses.
import { messageOf, patch, post, remove } from '@/api/client'
import type { Budget, Chat } from '@/api/types'
import { toast } from '@/ui/toast'
import { feedStore } from './feed'
import { titleOf } from './groups'

type Change = Partial<Pick<Chat, 'title' | 'archived' | 'pinned' | 'labels'>> & {
  model_id?: string
  workspace_id?: string | null
  budget?: Pick<Budget, 'tokens' | 'usd'>
}

export async function changeChat(chat: Chat, change: Change) {
  const { workspace_id, ...visible } = change
  feedStore.apply({ event: 'chat', data: { ...chat, ...visible, ...(workspace_id ? { workspace_id } : {}) } })
  try {
    const changed = await patch<Chat>(`/chats/${chat.id}`, change)
    feedStore.apply({ event: 'chat', data: changed })
    return true
  } catch (error) {
    feedStore.apply({ event: 'chat', data: chat })
    toast.fail(messageOf(error))
    return false
  }
}

export async function setArchived(chat: Chat, archived: boolean) {
  if (!(await changeChat(chat, { archived }))) return
  toast.say(archived ? `Archived “${titleOf(chat)}”` : `“${titleOf(chat)}” is back`, {
    label: 'Undo',
    run: () => void changeChat({ ...chat, archived }, { archived: !archived }),
  })
}

/** Has the model sum up what was said so far, and go on from its summary. */
export async function compactChat(chat: Chat) {
  try {
    await post(`/chats/${chat.id}/compact`)
    toast.say('The model sums up the conversation.')
  } catch (error) {
    toast.fail(messageOf(error))
  }
}

export async function clearChat(chat: Chat) {
  try {
    await post(`/chats/${chat.id}/clear`)
    toast.say('The model begins anew with your next message.')
  } catch (error) {
    toast.fail(messageOf(error))
  }
}

export async function deleteChat(chat: Chat) {
  feedStore.apply({ event: 'removed', data: { chat_ids: [chat.id] } })
  try {
    await remove(`/chats/${chat.id}`)
    toast.say(`Deleted “${titleOf(chat)}”`)
  } catch (error) {
    feedStore.apply({ event: 'chat', data: chat })
    toast.fail(messageOf(error))
  }
}
