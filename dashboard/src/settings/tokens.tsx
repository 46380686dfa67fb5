import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { messageOf, post, remove } from '@/api/client'
import type { Token } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { CopyButton } from '@/chat/code-block'
import { Blank, Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { SelectField, TextField } from '@/ui/field'
import { dateTime } from '@/ui/format'
import { Rows } from '@/ui/page'
import { toast } from '@/ui/toast'
import { Loaded, Section } from './section'
import { textOf, useSubmit } from './use-submit'

const SCOPES: { scope: Token['scope']; name: string }[] = [
  { scope: 'all', name: 'Everything that you may do' },
  { scope: 'read', name: 'Read only' },
  { scope: 'workspaces', name: 'Workspaces only: ssh, ports' },
]

const DAY_S = 86_400
const LIFETIMES = [
  { seconds: 7 * DAY_S, name: '7 days' },
  { seconds: 30 * DAY_S, name: '30 days' },
  { seconds: 90 * DAY_S, name: '90 days' },
  { seconds: 365 * DAY_S, name: 'A year' },
]

const refresh = () => void queryClient.invalidateQueries({ queryKey: queries.tokens.queryKey })

export function Tokens() {
  const tokens = useQuery(queries.tokens)
  const [adding, setAdding] = useState(false)
  const revoke = async (token: Token) => {
    try {
      await remove(`/tokens/${token.id}`)
      toast.say(`Revoked ${token.name}`)
    } catch (error) {
      toast.fail(messageOf(error))
    }
    refresh()
  }
  return (
    <Section
      title="Tokens"
      text="For the command line and for scripts. Whoever has one acts as you."
      action={
        <Button look="solid" small icon={<Plus size={14} />} onClick={() => setAdding(true)}>
          New token
        </Button>
      }
    >
      <Loaded query={tokens}>
        {(all) =>
          all.length === 0 ? (
            <Blank title="No tokens">
              Make one to use the command line:{' '}
              <code className="whitespace-nowrap">warren login URL --token TOKEN</code>
            </Blank>
          ) : (
            <Rows label="Tokens">
              {all.map((token) => (
                <li key={token.id} className="flex min-h-13 items-center gap-3 py-1.5 pr-2 pl-3.5">
                  <div className="min-w-0 flex-1">
                    <p className="truncate font-medium">{token.name}</p>
                    <p className="truncate text-ink-3 text-xs">
                      {SCOPES.find(({ scope }) => scope === token.scope)?.name}
                      {token.expires_at && ` · until ${dateTime(token.expires_at)}`}
                      {token.last_used_at && ` · last used ${dateTime(token.last_used_at)}`}
                    </p>
                  </div>
                  <Button small look="danger" onClick={() => void revoke(token)}>
                    Revoke
                  </Button>
                </li>
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && <NewToken onClose={() => setAdding(false)} />}
    </Section>
  )
}

function NewToken({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<string>()
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const answer = await post<{ token: string }>('/tokens', {
      name: textOf(form, 'name'),
      scope: textOf(form, 'scope'),
      lifetime_s: Number(textOf(form, 'lifetime_s')),
    })
    refresh()
    setMade(answer.token)
  })
  if (made !== undefined) {
    return (
      <Dialog open onClose={onClose} title="Your token" description="Copy it now. It is not shown again.">
        <div className="flex items-center gap-1 rounded-md bg-sunken py-1.5 pr-1.5 pl-3">
          <code className="min-w-0 flex-1 break-all text-[12px]">{made}</code>
          <CopyButton text={made} />
        </div>
        <DialogButtons>
          <Button look="solid" onClick={onClose}>
            Done
          </Button>
        </DialogButtons>
      </Dialog>
    )
  }
  return (
    <Dialog open onClose={onClose} title="New token">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" name="name" required autoFocus placeholder="laptop" error={field('name')} />
        <SelectField label="May do" name="scope" error={field('scope')}>
          {SCOPES.map(({ scope, name }) => (
            <option key={scope} value={scope}>
              {name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Good for" name="lifetime_s" defaultValue={30 * DAY_S} error={field('lifetime_s')}>
          {LIFETIMES.map(({ seconds, name }) => (
            <option key={seconds} value={seconds}>
              {name}
            </option>
          ))}
        </SelectField>
        {failed && <Failure text={failed} />}
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" busy={busy}>
            Make the token
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}
