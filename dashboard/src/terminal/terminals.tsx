import clsx from 'clsx'
import { Plus, TerminalSquare, X } from 'lucide-react'
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Workspace } from '@/api/types'
import { Button, IconButton } from '@/ui/button'
import { build, isMoving } from '@/workspaces/actions'
import type { TerminalLink } from './link'
import { load, onElsewhere, type Sessions, save, withNew, without } from './sessions'
import { controlOf, Typed } from './typed'

const TerminalView = lazy(() => import('./terminal-view'))

interface TerminalsProps {
  workspace: Workspace
  /** Whoever comes here wants a shell: the first is opened without asking. */
  opensFirst?: boolean
  className?: string
}

/** The terminals of a workspace as tabs; each is loaded and connected when it is looked at. */
export function Terminals({ workspace, opensFirst = false, className }: TerminalsProps) {
  const id = workspace.id
  const [sessions, setSessions] = useState(() => load(id))
  const [chosen, setChosen] = useState<string | undefined>()
  const link = useRef<TerminalLink | undefined>(undefined)
  const onLink = useCallback((next: TerminalLink | undefined) => {
    link.current = next
  }, [])
  useEffect(() => {
    setSessions(load(id))
    return onElsewhere(id, () => setSessions(load(id)))
  }, [id])

  const runs = workspace.status === 'running'
  useLayoutEffect(() => {
    if (!opensFirst || !runs || load(id).ids.length > 0) return
    save(id, withNew(load(id), crypto.randomUUID()))
    setSessions(load(id))
  }, [opensFirst, runs, id])

  const change = (next: Sessions) => {
    save(id, next)
    setSessions(next)
  }
  const add = () => {
    const session = crypto.randomUUID()
    change(withNew(load(id), session))
    setChosen(session)
  }
  const remove = (session: string) => {
    if (session === shown) link.current?.hangUp()
    change(without(load(id), session))
  }
  const renew = (session: string) => {
    const next = crypto.randomUUID()
    const now = load(id)
    change({ ...now, ids: now.ids.map((known) => (known === session ? next : known)) })
    setChosen(next)
  }
  const shown = sessions.ids.find((session) => session === chosen) ?? sessions.ids.at(-1)
  const first = sessions.opened - sessions.ids.length

  if (!runs) return <Stopped workspace={workspace} className={className} />
  if (shown === undefined) {
    return (
      <div className={clsx('flex items-center justify-center', className)}>
        <Button icon={<TerminalSquare size={14} />} onClick={add}>
          Open a terminal
        </Button>
      </div>
    )
  }
  return (
    <section aria-label="Terminals" className={clsx('flex flex-col', className)}>
      <div className="flex h-9 shrink-0 items-center gap-1 overflow-x-auto border-line border-b px-2">
        {sessions.ids.map((session, at) => (
          <span
            key={session}
            className={clsx(
              'flex h-7 shrink-0 items-center rounded-md text-xs',
              session === shown ? 'bg-hover text-ink' : 'text-ink-3 hover:text-ink',
            )}
          >
            <button
              type="button"
              aria-pressed={session === shown}
              className="h-full pr-1 pl-2"
              onClick={() => setChosen(session)}
            >
              Terminal {first + at + 1}
            </button>
            <IconButton label={`Close terminal ${first + at + 1}`} small onClick={() => remove(session)}>
              <X size={11} />
            </IconButton>
          </span>
        ))}
        <IconButton label="New terminal" small onClick={add}>
          <Plus size={13} />
        </IconButton>
      </div>
      <Shown key={shown} workspaceId={id} sessionId={shown} onRenew={() => renew(shown)} onLink={onLink} />
    </section>
  )
}

type ShownProps = Omit<Parameters<typeof TerminalView>[0], 'typed'>

/** One terminal, which can be typed into while its code is still on its way. */
function Shown(props: ShownProps) {
  const [typed] = useState(() => new Typed())
  return (
    <Suspense fallback={<Early typed={typed} />}>
      <TerminalView {...props} typed={typed} />
    </Suspense>
  )
}

const encoder = new TextEncoder()

/** Takes the keys in the place of the terminal; without it they would be the page's. */
function Early({ typed }: { typed: Typed }) {
  const keep = (text: string) => typed.keep(encoder.encode(text))
  return (
    <textarea
      autoFocus
      aria-label="Terminal"
      value=""
      onChange={({ target }) => keep(target.value.replaceAll('\n', '\r'))}
      onKeyDown={(event) => {
        event.stopPropagation()
        const control = controlOf(event)
        if (control === undefined) return
        event.preventDefault()
        keep(control)
      }}
      className="flex-1 resize-none bg-canvas text-transparent outline-none"
    />
  )
}

function Stopped({ workspace, className }: { workspace: Workspace; className?: string | undefined }) {
  const moving = isMoving(workspace)
  return (
    <div className={clsx('flex flex-col items-center justify-center gap-2 p-6 text-center text-ink-2', className)}>
      <p>
        {moving
          ? `The workspace is ${workspace.status}.`
          : `The workspace is ${workspace.status}; a terminal needs it to run.`}
      </p>
      {!moving && workspace.status !== 'deleted' && (
        <Button small onClick={() => void build(workspace, 'start')}>
          Start {workspace.name}
        </Button>
      )}
    </div>
  )
}
