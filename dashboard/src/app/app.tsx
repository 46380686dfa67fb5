import { useQuery } from '@tanstack/react-query'
import { Component, lazy, type ReactNode, Suspense, useEffect } from 'react'
import { ApiError, session } from '@/api/client'
import { NotFound, PageFailed } from './failed'
import { go, usePlace } from './navigation'
import { queries } from './queries'
import { Shell } from './shell'

const SignInPage = lazy(() => import('./sign-in'))
const SetupPage = lazy(() => import('./setup'))
/** Every state of a conversation on one page; not part of what is shipped. */
const Gallery = import.meta.env.DEV ? lazy(() => import('@/gallery/gallery')) : NotFound

export function App() {
  return (
    <Boundary>
      <Suspense fallback={null}>
        <Page />
      </Suspense>
    </Boundary>
  )
}

function Page() {
  const place = usePlace()
  switch (place.page) {
    case 'signin':
      return <SignInPage {...(place.next === undefined ? {} : { next: place.next })} />
    case 'setup':
      return <SetupPage />
    case 'gallery':
      return <Gallery />
    case 'unknown':
      return <NotFound />
    default:
      return <SignedIn />
  }
}

/** What only a signed-in user sees; anybody else is sent to the sign-in, and from there back. */
function SignedIn() {
  const known = session.csrf() !== ''
  const { data: me, error } = useQuery({ ...queries.me, enabled: known })
  const refused = !known || (error instanceof ApiError && (error.status === 401 || error.status === 403))
  useEffect(() => {
    if (!refused) return
    session.end()
    const here = location.pathname + location.search
    go(here === '/' ? { page: 'signin' } : { page: 'signin', next: here }, { replace: true })
  }, [refused])
  if (refused) return null
  if (error !== null && me === undefined) return <PageFailed error={error} />
  return me === undefined ? null : <Shell />
}

/** Shows what went wrong instead of an empty page. */
class Boundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <PageFailed error={this.state.error} />
  }
}
