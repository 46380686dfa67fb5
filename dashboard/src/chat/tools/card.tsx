import clsx from 'clsx'
import {
  Bot,
  Boxes,
  ChevronRight,
  FileText,
  LayoutTemplate,
  type LucideIcon,
  PencilLine,
  SquareTerminal,
  Wrench,
  X,
} from 'lucide-react'
import { lazy, memo, Suspense, useContext, useMemo, useState } from 'react'
import { Ring } from '@/agents/status-dot'
import { Counts } from '@/review/counts'
import { clock, duration } from '@/ui/format'
import { useNow } from '@/ui/use-now'
import { AgentName } from './agent-name'
import { AskedCalls } from './asked'
import { type Call, changesOf, describe, exitOf, type Family } from './describe'
import { Preview } from './output'

const CardBody = lazy(() => import('./card-body'))

const ICONS: Record<Family, LucideIcon> = {
  read: FileText,
  edit: PencilLine,
  run: SquareTerminal,
  workspace: Boxes,
  template: LayoutTemplate,
  agent: Bot,
  other: Wrench,
}

interface ToolCardProps {
  call: Call
  /** What it has printed so far. */
  preview: string | undefined
  /** The turn goes on: a call without a result is at work. */
  working: boolean
  /** Open from the start. */
  initiallyOpen?: boolean
}

/** One tool call: a line that opens to what went in and what came out. Failures open by themselves. */
export const ToolCard = memo(function ToolCard({ call, preview, working, initiallyOpen = false }: ToolCardProps) {
  const [chosen, setChosen] = useState<boolean>()
  const failed = call.result?.is_error === true
  const open = chosen ?? (initiallyOpen || failed)
  const asked = useContext(AskedCalls).has(call.id)
  const running = call.result === undefined && working && !asked
  const { family, verb, subject, code, note } = describe(call, asked)
  const Icon = ICONS[family]
  return (
    <div className={clsx('rounded-lg transition-colors', open && 'overflow-hidden bg-canvas ring-1 ring-line')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setChosen(!open)}
        className={clsx(
          'group/card flex min-h-7 w-full items-center gap-2 rounded-lg px-2 py-0.5 text-left hover:bg-hover max-md:min-h-9',
          open && 'rounded-b-none',
        )}
      >
        <span className="relative flex size-4 shrink-0 items-center justify-center text-ink-3">
          {running ? (
            <Ring />
          ) : failed ? (
            <X size={14} className="text-bad" />
          ) : (
            <Icon size={14} className="group-hover/card:invisible" />
          )}
          {!running && !failed && (
            <ChevronRight
              size={14}
              className={clsx('invisible absolute transition-transform group-hover/card:visible', open && 'rotate-90')}
            />
          )}
        </span>
        <span className="shrink-0 text-ink-2">{verb}</span>
        <span className={clsx('min-w-0 truncate', code && 'font-mono text-[12px]')}>
          {family === 'agent' ? <AgentName call={call} /> : subject.split('\n')[0]}
        </span>
        {note && <span className="shrink-0 text-ink-3 text-xs max-md:hidden">{note}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-2.5 pl-2 text-ink-3 text-xs tabular-nums">
          {asked ? (
            <span className="text-warn">asks you</span>
          ) : (
            <Outcome call={call} running={running} working={working} />
          )}
        </span>
      </button>
      {running && !open && preview && <Preview text={preview} />}
      {open && (
        <Suspense fallback={null}>
          <CardBody call={call} preview={preview} />
        </Suspense>
      )}
    </div>
  )
})

function Outcome({ call, running, working }: { call: Call; running: boolean; working: boolean }) {
  const changes = useMemo(() => changesOf(call), [call])
  const exit = exitOf(call)
  const took = call.result?.duration_ms
  const failed = call.result?.is_error === true
  return (
    <>
      {changes.length > 0 && (
        <Counts
          additions={changes.reduce((sum, change) => sum + change.additions, 0)}
          deletions={changes.reduce((sum, change) => sum + change.deletions, 0)}
        />
      )}
      {failed && <span className="text-bad">failed</span>}
      {exit !== undefined && exit !== 0 && <span className="text-warn">exit {exit}</span>}
      {running && <Elapsed />}
      {call.result === undefined && !working && <span>no answer</span>}
      {took !== undefined && took >= 1000 && <span>{duration(took)}</span>}
    </>
  )
}

/** Counts from when the card first stood there; the server's clock may differ from this one. */
function Elapsed() {
  const [since] = useState(() => Date.now())
  const now = useNow(1000)
  return now - since >= 1000 ? <span>{clock(now - since)}</span> : null
}
