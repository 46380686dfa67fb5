import { Check, CircleAlert, MessageCircleQuestion } from 'lucide-react'
import type { Chat } from '@/api/types'

export const STATUS_WORDS: Record<Chat['status'], string> = {
  pending: 'starting',
  running: 'running',
  interrupting: 'stopping',
  requires_action: 'asks you',
  waiting: 'done',
  error: 'failed',
}

/** A chat's state as one small picture, with its name for those who do not see it. */
export function StatusDot({ chat, unseen }: { chat: Chat; unseen: boolean }) {
  const words = chat.status === 'waiting' && unseen ? 'done, new' : STATUS_WORDS[chat.status]
  return (
    <span role="img" aria-label={words} className="flex size-4 shrink-0 items-center justify-center">
      <Picture chat={chat} unseen={unseen} />
    </span>
  )
}

function Picture({ chat, unseen }: { chat: Chat; unseen: boolean }) {
  switch (chat.status) {
    case 'running':
    case 'pending':
      return <Ring />
    case 'interrupting':
      return <span className="size-[9px] animate-breathe rounded-[2px] bg-warn" />
    case 'requires_action':
      return <MessageCircleQuestion size={15} className="text-warn" />
    case 'error':
      return <CircleAlert size={14} className="text-bad" />
    case 'waiting':
      return unseen ? <span className="size-2 rounded-full bg-accent" /> : <Check size={13} className="text-ink-3/60" />
  }
}

/** Turns while the agent works. */
export function Ring({ size = 13 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" className="animate-spin-slow text-accent" aria-hidden>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.22" />
      <path d="M8 2a6 6 0 0 1 6 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
