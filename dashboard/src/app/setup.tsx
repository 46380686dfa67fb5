import { type FormEvent, useState } from 'react'
import { ApiError, messageOf, post } from '@/api/client'
import type { SignedIn } from '@/api/types'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { EntryFrame, enter } from './entry'

/** `/setup#code=…`: the first user, by the link that the server printed at its first start. */
export default function SetupPage() {
  const [code] = useState(() => new URLSearchParams(location.hash.slice(1)).get('code') ?? '')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    setBusy(true)
    setError(undefined)
    try {
      const answer = await post<SignedIn>('/users/first', {
        email: text('email'),
        username: text('username'),
        password: String(form.get('password')),
        setup_code: code || text('code'),
      })
      enter(answer)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }

  const field = (name: string) => (error instanceof ApiError ? error.field(name) : undefined)
  const atField = ['email', 'username', 'password'].some((name) => field(name) !== undefined)
  return (
    <EntryFrame title="Welcome to Warren" text="You are the first one here. This account becomes the administrator.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {!code && (
          <TextField
            label="Set-up code"
            name="code"
            required
            hint="Part of the link that the server printed when it started."
            error={field('setup_code')}
          />
        )}
        <TextField
          label="Email"
          name="email"
          type="email"
          autoComplete="email"
          required
          autoFocus
          error={field('email')}
        />
        <TextField
          label="Username"
          name="username"
          autoComplete="username"
          required
          hint="Author of the commits that your agents make."
          error={field('username')}
        />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          hint="At least 8 characters."
          error={field('password')}
        />
        {error !== undefined && !atField && <Failure text={messageOf(error)} />}
        <Button type="submit" look="solid" busy={busy} className="mt-1 h-9">
          Create account
        </Button>
      </form>
    </EntryFrame>
  )
}
