import clsx from 'clsx'
import { Brain, ChevronRight } from 'lucide-react'
import { memo, useState } from 'react'
import { Ring } from '@/agents/status-dot'
import { Markdown } from './markdown'

/** What the model thought, folded; while it thinks, the last words of it. */
export const Reasoning = memo(function Reasoning({ text, live }: { text: string; live: boolean }) {
  const [open, setOpen] = useState(false)
  return (
    <div className={clsx('rounded-lg', open && 'bg-canvas ring-1 ring-line')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="group/card flex min-h-7 w-full items-center gap-2 rounded-lg px-2 text-left text-ink-2 hover:bg-hover max-md:min-h-9"
      >
        <span className="relative flex size-4 shrink-0 items-center justify-center text-ink-3">
          {live ? <Ring /> : <Brain size={14} className="group-hover/card:invisible" />}
          {!live && (
            <ChevronRight
              size={14}
              className={clsx('invisible absolute transition-transform group-hover/card:visible', open && 'rotate-90')}
            />
          )}
        </span>
        <span className="shrink-0">{live ? 'Thinking' : 'Thought'}</span>
        {!open && <span className="min-w-0 truncate text-ink-3">{live ? endOf(text) : startOf(text)}</span>}
      </button>
      {open && (
        <div className="border-line border-t px-3 py-2.5 text-ink-2 [&_.prose]:text-[13px] [&_.prose]:leading-5">
          <Markdown text={text} live={live} />
        </div>
      )}
    </div>
  )
})

const LINE_CHARS = 120
const plain = (text: string) =>
  text
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
const startOf = (text: string) => plain(text.slice(0, LINE_CHARS * 2)).slice(0, LINE_CHARS)

function endOf(text: string) {
  const words = plain(text.slice(-LINE_CHARS))
  return text.length > LINE_CHARS ? `… ${words.slice(words.indexOf(' ') + 1)}` : words
}
