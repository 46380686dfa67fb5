import { CircleAlert, CircleSlash, FileWarning, Link2, ShieldAlert } from 'lucide-react'
import { memo, type ReactNode, useMemo } from 'react'
import type { Finish } from '@/api/types'
import { Attachment } from './attachment'
import { CopyButton } from './code-block'
import { Markdown } from './markdown'
import type { LiveMessage } from './reducer'
import { Steps } from './steps'
import { Summary } from './summary'
import { type Segment, segmentsOf, type Turn } from './turns'
import { UserMessage } from './user-message'

interface TurnViewProps {
  turn: Turn
  live: LiveMessage | undefined
  previews: Record<string, string>
  working: boolean
  onEdit: ((messageId: string, text: string) => Promise<void>) | undefined
}

/** What the user said and what came of it. */
export const TurnView = memo(function TurnView({ turn, live, previews, working, onEdit }: TurnViewProps) {
  const segments = useMemo(() => segmentsOf(turn, live), [turn, live])
  return (
    <article className="turn flex flex-col gap-3 py-3">
      {turn.user && <UserMessage message={turn.user} onEdit={onEdit} />}
      {turn.summary && <Summary message={turn.summary} />}
      {segments.map((segment, at) => (
        <SegmentView
          key={segment.id}
          segment={segment}
          previews={previews}
          working={working}
          last={at === segments.length - 1}
        />
      ))}
      {!working && <AnswerActions segments={segments} />}
    </article>
  )
})

interface SegmentViewProps {
  segment: Segment
  previews: Record<string, string>
  working: boolean
  last: boolean
}

function SegmentView({ segment, previews, working, last }: SegmentViewProps) {
  switch (segment.kind) {
    case 'text':
      return <Markdown text={segment.text} live={segment.live} />
    case 'steps':
      return <Steps segment={segment} previews={previews} working={working} last={last} />
    case 'file':
      return <Attachment file={segment.file} />
    case 'source':
      return <Source url={segment.url} title={segment.title} />
    case 'finish':
      return <FinishNote finish={segment.finish} />
  }
}

function Source({ url, title }: { url: string; title: string }) {
  if (!/^https?:/i.test(url)) return null
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="flex w-fit max-w-full items-center gap-1.5 text-ink-2 hover:text-ink hover:underline"
    >
      <Link2 size={13} className="shrink-0 text-ink-3" /> <span className="truncate">{title || url}</span>
    </a>
  )
}

const FINISHES: Record<Exclude<Finish, 'stop'>, [icon: ReactNode, words: string]> = {
  interrupted: [<CircleSlash key="i" size={14} />, 'Interrupted. What was done so far stays.'],
  length: [<FileWarning key="l" size={14} />, 'The answer reached the model’s limit and was cut off here.'],
  refusal: [<ShieldAlert key="r" size={14} />, 'The model declined to answer this.'],
  error: [<CircleAlert key="e" size={14} />, 'The answer broke off here.'],
}

function FinishNote({ finish }: { finish: Exclude<Finish, 'stop'> }) {
  const [icon, words] = FINISHES[finish]
  return (
    <p className="flex items-center gap-2 text-ink-3">
      {icon} {words}
    </p>
  )
}

function AnswerActions({ segments }: { segments: Segment[] }) {
  const answer = segments.findLast((segment) => segment.kind === 'text')
  if (answer === undefined) return null
  return (
    <div className="-mt-1 -ml-1.5 h-6">
      <CopyButton text={answer.text} />
    </div>
  )
}
