import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ApiError, messageOf, post } from '@/api/client'
import type { SignedIn } from '@/api/types'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { Spinner } from '@/ui/spinner'
import { EntryFrame, enter } from './entry'

/** `/signin`, and `/signin#token=…` for a link that signs in once. */
export default function SignInPage({ next }: { next?: string }) {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token'))
  const [linkFailed, setLinkFailed] = useState<string>()
  const used = useRef(false)

  useEffect(() => {
    if (token === null || used.current) return
    used.current = true
    // The token must not stay in the address bar or in the history.
    history.replaceState(null, '', '/signin')
    post<SignedIn>('/sessions/link', { token })
      .then((answer) => enter(answer, next))
      .catch((error: unknown) => setLinkFailed(linkFailure(error)))
  }, [token, next])

  if (token !== null && linkFailed === undefined) {
    return (
      <EntryFrame title="Signing in">
        <p className="flex items-center gap-2 text-ink-2">
          <Spinner /> One moment …
        </p>
      </EntryFrame>
    )
  }
  return (
    <EntryFrame title="Sign in to Warren">
      {linkFailed && (
        <div className="mb-4">
          <Failure text={linkFailed} />
        </div>
      )}
      <PasswordForm {...(next ? { next } : {})} />
    </EntryFrame>
  )
}

function linkFailure(error: unknown) {
  if (error instanceof ApiError && error.status >= 400 && error.status < 500) {
    return 'This link was used already or is too old. Sign in with your password, or ask for a new link.'
  }
  return messageOf(error)
}

function PasswordForm({ next }: { next?: string }) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string>()

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setFailed(undefined)
    try {
      const body = { email: String(form.get('email')).trim(), password: String(form.get('password')) }
      enter(await post<SignedIn>('/sessions', body), next)
    } catch (error) {
      const wrong = error instanceof ApiError && error.status === 401
      setFailed(wrong ? 'No user has this email and password.' : messageOf(error))
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField label="Email" name="email" type="email" autoComplete="username" required autoFocus />
      <TextField label="Password" name="password" type="password" autoComplete="current-password" required />
      {failed && <Failure text={failed} />}
      <Button type="submit" look="solid" busy={busy} className="mt-1 h-9">
        Sign in
      </Button>
    </form>
  )
}
