import { useState } from 'react'
import { messageOf, post } from '@/api/client'
import type { Workspace } from '@/api/types'
import { CopyButton } from '@/chat/code-block'
import { Button } from '@/ui/button'
import { dateTime } from '@/ui/format'
import { toast } from '@/ui/toast'

/** How a machine becomes this workspace: one line to paste there. */
export function Introduce({ workspace }: { workspace: Workspace }) {
  const [line, setLine] = useState<{ command: string; expires_at: string }>()
  const [busy, setBusy] = useState(false)
  const ask = async () => {
    setBusy(true)
    try {
      setLine(await post(`/workspaces/${workspace.id}/daemon-token`))
    } catch (error) {
      toast.fail(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="rounded-lg border border-line px-4 py-3.5">
      <h2 className="font-medium">Connect a machine</h2>
      <p className="mt-0.5 text-ink-2">
        Run one line on any Linux machine that reaches this server. Nothing has to listen there; it dials out.
      </p>
      {line === undefined ? (
        <Button className="mt-3" busy={busy} onClick={() => void ask()}>
          Show the line
        </Button>
      ) : (
        <>
          <div className="mt-3 flex items-start gap-1 rounded-md bg-sunken py-1.5 pr-1.5 pl-3">
            <code className="min-w-0 flex-1 break-all py-0.5 text-[12px]">{line.command}</code>
            <CopyButton text={line.command} />
          </div>
          <p className="mt-1.5 text-ink-3 text-xs">Good until {dateTime(line.expires_at)}. It holds a secret.</p>
        </>
      )}
    </section>
  )
}
