import { useState } from 'react'
import { changeChat } from '@/agents/actions'
import type { Budget, Chat } from '@/api/types'
import { numberOf, useSubmit } from '@/settings/use-submit'
import { Button } from '@/ui/button'
import { TextField } from '@/ui/field'
import { count } from '@/ui/format'
import { Fact, Facts } from './facts'

/** What the chat may use, and how much of it is gone. */
export function BudgetFacts({ chat }: { chat: Chat }) {
  const [open, setOpen] = useState(false)
  // A sub-agent uses its agent's.
  if (chat.parent_id) return null
  return (
    <Facts title="Budget">
      {open ? (
        <BudgetForm chat={chat} onDone={() => setOpen(false)} />
      ) : (
        <Fact name="At most">
          {limitsOf(chat.budget)}
          {chat.budget?.used_share != null && (
            <span className={chat.budget.warning ? 'text-warn' : 'text-ink-3'}>
              {' '}
              · {Math.round(chat.budget.used_share * 100)} % used
            </span>
          )}
          <button type="button" onClick={() => setOpen(true)} className="ml-2 text-accent hover:underline">
            Change
          </button>
        </Fact>
      )}
    </Facts>
  )
}

function limitsOf(budget: Budget | undefined): string {
  const limits = [
    budget?.tokens != null && `${count(budget.tokens)} tokens`,
    budget?.usd != null && `$${budget.usd}`,
  ].filter(Boolean)
  return limits.length === 0 ? 'no limit' : limits.join(' or ')
}

function BudgetForm({ chat, onDone }: { chat: Chat; onDone: () => void }) {
  const { busy, submit } = useSubmit(async (form) => {
    const tokens = numberOf(form, 'tokens')
    const usd = numberOf(form, 'usd')
    const budget = { ...(tokens === undefined ? {} : { tokens }), ...(usd === undefined ? {} : { usd }) }
    if (await changeChat(chat, { budget })) onDone()
  })
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-2">
      <TextField
        label="Tokens"
        name="tokens"
        inputMode="numeric"
        placeholder="no limit"
        defaultValue={chat.budget?.tokens}
        className="w-28"
        autoFocus
      />
      <TextField
        label="Dollars"
        name="usd"
        inputMode="decimal"
        placeholder="no limit"
        defaultValue={chat.budget?.usd}
        className="w-24"
      />
      <Button type="submit" look="solid" busy={busy}>
        Save
      </Button>
      <Button onClick={onDone}>Cancel</Button>
    </form>
  )
}
