import { useQuery } from '@tanstack/react-query'
import { patch } from '@/api/client'
import type { User } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { toast } from '@/ui/toast'
import { Loaded, Section } from './section'
import { textOf, useSubmit } from './use-submit'

export function Account() {
  const me = useQuery(queries.me)
  return (
    <Section title="Account" text="Your name stands in the commits that your agents make.">
      <Loaded query={me}>{(user) => <Form user={user} />}</Loaded>
    </Section>
  )
}

function Form({ user }: { user: User }) {
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const username = textOf(form, 'username')
    const password = String(form.get('password'))
    const changed = await patch<User>('/users/me', {
      ...(username !== user.username ? { username } : {}),
      ...(password === '' ? {} : { password, current_password: String(form.get('current_password')) }),
    })
    queryClient.setQueryData(queries.me.queryKey, changed)
    toast.say('Saved.')
  })
  return (
    <form onSubmit={submit} className="flex max-w-[340px] flex-col gap-4">
      <TextField label="Email" value={user.email} disabled readOnly />
      <TextField label="Username" name="username" required defaultValue={user.username} error={field('username')} />
      <TextField
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint="Leave it empty to keep the one you have."
        error={field('password')}
      />
      <TextField
        label="Password now"
        name="current_password"
        type="password"
        autoComplete="current-password"
        hint="Needed only for a new one."
        error={field('current_password')}
      />
      {failed && <Failure text={failed} />}
      <div>
        <Button type="submit" look="solid" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  )
}
