import { memo, useMemo } from 'react'
import { useTail } from '../use-tail'
import { paint, plainTail } from './terminal-text'

const TAIL_LINES = 5

/** The last lines of a command that runs. */
export function Preview({ text }: { text: string }) {
  const tail = useMemo(() => plainTail(text, TAIL_LINES), [text])
  return (
    <pre
      aria-hidden
      className="mr-2 mb-1 ml-8 overflow-hidden border-line border-l-2 pl-3 text-[11.5px] text-ink-3 leading-[17px]"
    >
      {tail}
    </pre>
  )
}

/** What a command printed, in its colours, following its end. */
export const Output = memo(function Output({ text }: { text: string }) {
  const { scroller, content } = useTail()
  const spans = useMemo(() => paint(text), [text])
  return (
    <div ref={scroller} className="max-h-[320px] overflow-auto">
      <div ref={content}>
        <pre className="px-3 py-2 text-[12px] leading-[19px]">
          {spans.map((span, at) =>
            span.className === '' ? (
              span.text
            ) : (
              <span key={at} className={span.className}>
                {span.text}
              </span>
            ),
          )}
        </pre>
      </div>
    </div>
  )
})
