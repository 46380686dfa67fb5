import { useQuery } from '@tanstack/react-query'
import { Ellipsis, List, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { messageOf, patch, post, remove } from '@/api/client'
import type { User, UserRole } from '@/api/types'
import { isAdmin, queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button, IconButton } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { SelectField, TextField } from '@/ui/field'
import { Menu, MenuItem, MenuLine } from '@/ui/menu'
import { Rows } from '@/ui/page'
import { toast } from '@/ui/toast'
import { AgentsOf } from './agents-of'
import { Loaded, Section } from './section'
import { textOf, useSubmit } from './use-submit'

const ROLES: { role: UserRole; name: string }[] = [
  { role: 'member', name: 'Member' },
  { role: 'template_admin', name: 'Template administrator' },
  { role: 'auditor', name: 'Auditor' },
  { role: 'admin', name: 'Administrator' },
]

const refresh = () => void queryClient.invalidateQueries({ queryKey: queries.users.queryKey })

async function attempt(work: Promise<unknown>) {
  await work.catch((error: unknown) => toast.fail(messageOf(error)))
  refresh()
}

export function Users() {
  const users = useQuery(queries.users)
  const { data: me } = useQuery(queries.me)
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Users"
      text="Each agent acts as the user whose it is."
      action={
        isAdmin(me) && (
          <Button look="solid" small icon={<Plus size={14} />} onClick={() => setAdding(true)}>
            Add a user
          </Button>
        )
      }
    >
      <Loaded query={users}>
        {(all) => (
          <Rows label="Users">
            {all.map((user) => (
              <Row key={user.id} user={user} />
            ))}
          </Rows>
        )}
      </Loaded>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </Section>
  )
}

function Row({ user }: { user: User }) {
  const { data: me } = useQuery(queries.me)
  const self = me?.id === user.id
  const [reading, setReading] = useState(false)
  const locked = self || !isAdmin(me)
  const path = `/users/${user.id}`
  return (
    <li className="flex min-h-13 items-center gap-3 py-1.5 pr-2 pl-3.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {user.username} {self && <span className="font-normal text-ink-3">(you)</span>}
        </p>
        <p className="truncate text-ink-3 text-xs">{user.email}</p>
      </div>
      {user.suspended && <span className="rounded bg-warn-soft px-1.5 text-warn text-xs">suspended</span>}
      <span className="text-ink-2 text-xs">{ROLES.find(({ role }) => role === user.role)?.name ?? user.role}</span>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More about ${user.username}`}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={<List size={13} />} disabled={self} onSelect={() => setReading(true)}>
          Read their agents
        </MenuItem>
        <MenuLine />
        {ROLES.map(({ role, name }) => (
          <MenuItem
            key={role}
            checked={role === user.role}
            disabled={locked}
            onSelect={() => void attempt(patch(path, { role }))}
          >
            {name}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem disabled={locked} onSelect={() => void attempt(patch(path, { suspended: !user.suspended }))}>
          {user.suspended ? 'Let in again' : 'Suspend'}
        </MenuItem>
        <MenuItem icon={<Trash2 size={13} />} danger disabled={locked} onSelect={() => void attempt(remove(path))}>
          Delete
        </MenuItem>
      </Menu>
      {reading && <AgentsOf user={user} onClose={() => setReading(false)} />}
    </li>
  )
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    await post('/users', {
      email: textOf(form, 'email'),
      username: textOf(form, 'username'),
      password: String(form.get('password')),
      role: textOf(form, 'role'),
    })
    refresh()
    onClose()
  })
  return (
    <Dialog open onClose={onClose} title="Add a user">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Email" name="email" type="email" required autoFocus error={field('email')} />
        <TextField label="Username" name="username" required error={field('username')} />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          hint="Tell it to them on a safe way."
          error={field('password')}
        />
        <SelectField label="Role" name="role" defaultValue="member" error={field('role')}>
          {ROLES.map(({ role, name }) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </SelectField>
        {failed && <Failure text={failed} />}
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" busy={busy}>
            Add
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
