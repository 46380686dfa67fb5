// Short notices at the foot of the page, with at most one thing to do about each.
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { IconButton } from './button'

interface Notice {
  id: number
  text: string
  bad: boolean
  action?: { label: string; run: () => void }
}

const SHOWN_MS = 6_000
const NOTICES_MAX = 3

let notices: readonly Notice[] = []
let nextId = 1
const listeners = new Set<() => void>()

function set(next: readonly Notice[]) {
  notices = next
  for (const listener of listeners) listener()
}

const dismiss = (id: number) => set(notices.filter((notice) => notice.id !== id))

function show(notice: Omit<Notice, 'id'>) {
  const id = nextId++
  set([...notices, { ...notice, id }].slice(-NOTICES_MAX))
  setTimeout(() => dismiss(id), SHOWN_MS)
}

export const toast = {
  say: (text: string, action?: Notice['action']) => show({ text, bad: false, ...(action ? { action } : {}) }),
  fail: (text: string) => show({ text, bad: true }),
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => notices,
  )
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-6 z-50 flex flex-col items-center gap-2 px-3"
    >
      {shown.map((notice) => (
        <div
          key={notice.id}
          className="pointer-events-auto flex max-w-[520px] animate-rise items-center gap-3 rounded-lg bg-raised py-1.5 pr-1.5 pl-3.5 shadow-pop"
        >
          {notice.bad && <span className="size-1.5 shrink-0 rounded-full bg-bad" />}
          <span className="min-w-0 break-words py-0.5">{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              className="shrink-0 rounded-md px-2 py-0.5 font-medium text-accent hover:bg-hover"
              onClick={() => {
                notice.action?.run()
                dismiss(notice.id)
              }}
            >
              {notice.action.label}
            </button>
          )}
          <IconButton small label="Dismiss" onClick={() => dismiss(notice.id)}>
            <X size={13} />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
