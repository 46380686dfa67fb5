import { messageOf } from '@/api/client'
import { Link } from '@/app/navigation'
import { Blank } from '@/ui/blank'
import { Button } from '@/ui/button'

export function NotFound() {
  return (
    <main className="flex h-full items-center justify-center">
      <Blank
        title="There is nothing at this address"
        action={
          <Link to={{ page: 'home' }} className="text-accent">
            Go to your agents
          </Link>
        }
      >
        The page may have been deleted, or it belongs to somebody else.
      </Blank>
    </main>
  )
}

export function PageFailed({ error }: { error: unknown }) {
  return (
    <main className="flex h-full items-center justify-center">
      <Blank title="This page could not be shown" action={<Button onClick={() => location.reload()}>Reload</Button>}>
        {messageOf(error)}
      </Blank>
    </main>
  )
}
