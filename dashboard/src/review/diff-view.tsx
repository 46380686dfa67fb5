import clsx from 'clsx'
import { MessageSquarePlus } from 'lucide-react'
import { Fragment, memo, type ReactNode, useMemo, useState } from 'react'
import type { Token } from '@/chat/highlight'
import { TokenLine, useHighlight } from '@/chat/highlighted'
import type { DiffRow } from './diff'

/** So many rows are drawn at once; the rest when asked for. */
const ROWS_FIRST = 300

interface DiffViewProps {
  rows: DiffRow[]
  language: string
  /** With it, each line offers to be commented on. */
  onComment?: (row: DiffRow) => void
  /** What stands under a line: comments, or the field for one. */
  below?: (row: DiffRow) => ReactNode
}

/** A diff, unified: line numbers, colours of the language, red and green behind what changed. */
export const DiffView = memo(function DiffView({ rows, language, onComment, below }: DiffViewProps) {
  const [all, setAll] = useState(false)
  const shown = all ? rows : rows.slice(0, ROWS_FIRST)
  // Coloured as one text: close enough for both sides, and a grammar needs the lines around.
  const code = useMemo(() => shown.map((row) => row.text).join('\n'), [shown])
  const tokens = useHighlight(code, language)
  const width = String(rows.reduce((max, row) => Math.max(max, 'after' in row ? (row.after ?? 0) : 0), 0)).length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
    <section aria-label="Diff" tabIndex={0} className="overflow-x-auto text-[12px] leading-[19px]">
      <div className="w-max min-w-full py-1">
        {shown.map((row, at) => (
          <Fragment key={at}>
            <Row row={row} tokens={tokens?.[at]} width={width} onComment={onComment} />
            {below?.(row)}
          </Fragment>
        ))}
      </div>
      {shown.length < rows.length && (
        <button type="button" onClick={() => setAll(true)} className="px-3 py-1.5 text-accent text-xs hover:underline">
          Show {rows.length - shown.length} more lines
        </button>
      )}
    </section>
  )
})

const SIGNS: Record<DiffRow['kind'], string> = { same: ' ', add: '+', remove: '−', gap: '' }

interface RowProps {
  row: DiffRow
  tokens: Token[] | undefined
  width: number
  onComment: ((row: DiffRow) => void) | undefined
}

function Row({ row, tokens, width, onComment }: RowProps) {
  if (row.kind === 'gap') {
    return <div className="my-1 border-line border-y bg-sunken px-3 font-mono text-[11px] text-ink-3">⋯ {row.text}</div>
  }
  const number = row.after ?? row.before
  return (
    <div
      className={clsx(
        'group/line relative flex whitespace-pre pr-4 font-mono',
        row.kind === 'add' && 'bg-good-soft',
        row.kind === 'remove' && 'bg-bad-soft',
      )}
    >
      {onComment && (
        <button
          type="button"
          aria-label={`Comment on line ${number ?? ''}`}
          data-tip="Comment on this line"
          onClick={() => onComment(row)}
          className="absolute inset-y-0 left-0.5 flex w-[18px] items-center justify-center rounded bg-accent text-canvas opacity-0 focus-visible:opacity-100 group-hover/line:opacity-100"
        >
          <MessageSquarePlus size={12} />
        </button>
      )}
      {width > 0 && number !== undefined && (
        <span
          className={clsx(
            'select-none pl-3 text-right tabular-nums',
            row.kind === 'same' ? 'text-ink-3' : 'text-ink-2',
          )}
          style={{ width: `${width + 2}ch` }}
        >
          {number}
        </span>
      )}
      <span
        className={clsx(
          'w-[3ch] shrink-0 select-none text-center',
          row.kind === 'add' ? 'text-good' : row.kind === 'remove' ? 'text-bad' : 'text-ink-3',
        )}
      >
        {SIGNS[row.kind]}
      </span>
      <span>{tokens === undefined || tokens.length === 0 ? row.text : <TokenLine tokens={tokens} />}</span>
    </div>
  )
}
