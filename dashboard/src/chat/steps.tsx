import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { memo, useState } from 'react'
import { duration, plural } from '@/ui/format'
import { Reasoning } from './reasoning'
import { ToolCard } from './tools/card'
import { changesOf } from './tools/describe'
import { type Segment, type Step, tally } from './turns'

type StepsSegment = Extract<Segment, { kind: 'steps' }>

interface StepsProps {
  segment: StepsSegment
  previews: Record<string, string>
  /** The turn goes on. */
  working: boolean
  /** Nothing follows yet: the reader wants to see these. */
  last: boolean
}

/** Fewer steps than this are no longer than the line that would stand for them. */
const FOLD_FROM = 4

/** A group of steps: open while it grows, one line afterwards. What failed stays in sight. */
export const Steps = memo(function Steps({ segment, previews, working, last }: StepsProps) {
  const [chosen, setChosen] = useState<boolean>()
  const { steps } = segment
  const active = working && last
  if (steps.length < FOLD_FROM) {
    return (
      <div className="-mx-2 flex flex-col gap-px">
        {steps.map((step) => (
          <StepView key={step.id} step={step} previews={previews} working={working} />
        ))}
      </div>
    )
  }
  const open = chosen ?? active
  const failed = steps.filter((step) => step.kind === 'call' && step.result?.is_error === true)
  const shown = open ? steps : failed
  return (
    <div className="-mx-2">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setChosen(!open)}
        className="flex min-h-7 items-center gap-2 rounded-lg px-2 text-ink-3 hover:bg-hover hover:text-ink-2 max-md:min-h-9"
      >
        <ChevronRight size={14} className={clsx('mx-px transition-transform duration-120', open && 'rotate-90')} />
        {summaryOf(segment, active)}
      </button>
      {shown.length > 0 && (
        <div className={clsx('flex flex-col gap-px', open && 'ml-[15px] border-line border-l pl-2')}>
          {shown.map((step) => (
            <StepView key={step.id} step={step} previews={previews} working={working} />
          ))}
        </div>
      )}
    </div>
  )
})

function StepView({ step, previews, working }: { step: Step; previews: Record<string, string>; working: boolean }) {
  if (step.kind === 'reasoning') return <Reasoning text={step.text} live={step.live && working} />
  return <ToolCard call={step} preview={previews[step.id]} working={working} />
}

/** "Worked 1 min 40 s · 9 steps · 3 files". */
function summaryOf({ steps, startedAt, endedAt }: StepsSegment, active: boolean): string {
  const { calls, failed } = tally(steps)
  const files = new Set(steps.flatMap((step) => (step.kind === 'call' ? changesOf(step).map(({ path }) => path) : [])))
  const ms = startedAt === undefined || endedAt === undefined ? Number.NaN : Date.parse(endedAt) - Date.parse(startedAt)
  const worked = active ? 'Working' : ms >= 1000 ? `Worked ${duration(ms)}` : 'Worked'
  return [
    worked,
    calls > 0 ? plural(calls, 'step') : '',
    files.size > 0 ? plural(files.size, 'file') : '',
    failed > 0 ? `${failed} failed` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}
