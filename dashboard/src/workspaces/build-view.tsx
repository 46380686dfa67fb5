import { useEffect, useState } from 'react'
import { messageOf } from '@/api/client'
import type { Build } from '@/api/types'
import { Output } from '@/chat/tools/output'
import { followLog } from './build-log'

const WORDS: Record<Build['transition'], string> = { start: 'Start', stop: 'Stop', delete: 'Deletion' }

/** The newest build of a workspace: what it is, how it goes, what it says. */
export function BuildView({ build, onEnd }: { build: Build; onEnd: () => void }) {
  const [text, setText] = useState('')
  const [failed, setFailed] = useState<string>()

  useEffect(() => {
    const stop = new AbortController()
    setText('')
    setFailed(undefined)
    followLog(build.id, setText, stop.signal)
      .then(onEnd)
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setFailed(messageOf(error))
      })
    return () => stop.abort()
  }, [build.id, onEnd])

  return (
    <section aria-label="Build log" className="overflow-hidden rounded-lg border border-line">
      <h2 className="flex h-9 items-center gap-2 border-line border-b bg-side px-3.5">
        <span className="font-medium">{WORDS[build.transition]}</span>
        <span className={build.status === 'failed' ? 'text-bad' : 'text-ink-3'}>{build.status}</span>
      </h2>
      {build.error && <p className="whitespace-pre-wrap break-words bg-bad-soft px-3.5 py-2 text-bad">{build.error}</p>}
      {text === '' ? (
        <p className="px-3.5 py-2.5 text-ink-3">{failed ?? 'Nothing was logged.'}</p>
      ) : (
        <Output text={text} />
      )}
    </section>
  )
}
