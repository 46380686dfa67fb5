import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import type { Message } from '@/api/types'
import { Markdown } from './markdown'

/** Where the conversation was made shorter: the summary that the model works from since. */
export function Summary({ message }: { message: Message }) {
  const [open, setOpen] = useState(false)
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
  return (
    <section className="my-1">
      <div className="flex items-center gap-3 text-ink-3 text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="flex items-center gap-1 rounded-md px-1.5 py-0.5 hover:bg-hover hover:text-ink-2"
        >
          <ChevronRight size={12} className={clsx('transition-transform', open && 'rotate-90')} />
          Context compacted
        </button>
      </div>
      {open && (
        <div className="mt-2 rounded-lg border border-line bg-sunken px-4 py-3 [&_.prose]:text-[13px] [&_.prose]:leading-5">
          <Markdown text={text} />
        </div>
      )}
    </section>
  )
}
