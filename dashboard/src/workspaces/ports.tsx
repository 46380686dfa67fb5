import { useQuery } from '@tanstack/react-query'
import { ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { messageOf, post } from '@/api/client'
import { queries } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Rows } from '@/ui/page'
import { toast } from '@/ui/toast'

interface Port {
  port: number
  address: string
  process?: string
}

/** What listens in the workspace; each opens in a tab of its own, on an origin of its own. */
export function Ports({ workspaceId }: { workspaceId: string }) {
  const { data, error } = useQuery(queries.ports(workspaceId))
  const ports = merged(data?.ports ?? [])
  if (error) return <Failure text={messageOf(error)} />
  if (ports.length === 0) return <p className="text-ink-3">Nothing listens on a port.</p>
  return (
    <Rows label="Ports">
      {ports.map((port) => (
        <li key={port.port} className="flex h-9 items-center gap-3 px-3 max-md:h-11">
          <span className="w-12 tabular-nums">{port.port}</span>
          <span className="min-w-0 flex-1 truncate text-ink-3">{port.process ?? ''}</span>
          <OpenButton workspaceId={workspaceId} port={port.port} />
        </li>
      ))}
    </Rows>
  )
}

/** A server listens on several addresses with one port. */
export function merged(ports: Port[]): Port[] {
  const byNumber = new Map<number, Port>()
  for (const port of ports) {
    const known = byNumber.get(port.port)
    if (known === undefined || (known.process === undefined && port.process !== undefined)) {
      byNumber.set(port.port, port)
    }
  }
  // Those of a process that can be seen are the user's own.
  return [...byNumber.values()].sort(
    (a, b) => Number(a.process === undefined) - Number(b.process === undefined) || a.port - b.port,
  )
}

function OpenButton({ workspaceId, port }: { workspaceId: string; port: number }) {
  const [busy, setBusy] = useState(false)
  const open = async () => {
    // At once, or the browser takes it for a window that nobody asked for.
    const tab = window.open('about:blank')
    setBusy(true)
    try {
      const { url } = await post<{ url: string }>(`/workspaces/${workspaceId}/ports/${port}/link`, {})
      if (tab === null) {
        location.assign(url)
        return
      }
      tab.opener = null
      tab.location.replace(url)
    } catch (error) {
      tab?.close()
      toast.fail(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button small busy={busy} icon={<ExternalLink size={12} />} onClick={() => void open()}>
      Open
    </Button>
  )
}
