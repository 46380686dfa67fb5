import { useEffect, useState } from 'react'
import type { Connection } from '@/api/socket'
import { Spinner } from '@/ui/spinner'

/** Shorter breaks are not worth a word. */
const QUIET_MS = 2_000

export function Reconnecting({ connection }: { connection: Connection }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (connection === 'open') {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), QUIET_MS)
    return () => clearTimeout(timer)
  }, [connection])
  return (
    <div role="status">
      {shown && (
        <p className="flex h-8 items-center justify-center gap-2 bg-warn-soft text-warn">
          <Spinner /> Reconnecting. The agent goes on; the page will catch up.
        </p>
      )}
    </div>
  )
}
