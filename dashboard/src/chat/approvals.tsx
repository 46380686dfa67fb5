import { useState } from 'react'
import { messageOf, post } from '@/api/client'
import type { Approval } from '@/api/types'
import { Button } from '@/ui/button'
import { INPUT } from '@/ui/field'
import { toast } from '@/ui/toast'
import { describe } from './tools/describe'

/** What the agent wants to do and may not without a word from the user. */
export function Approvals({ chatId, approvals }: { chatId: string; approvals: Approval[] }) {
  return approvals.map((approval) => <Question key={approval.call_id} chatId={chatId} approval={approval} />)
}

function Question({ chatId, approval }: { chatId: string; approval: Approval }) {
  const [busy, setBusy] = useState(false)
  const { verb, subject, code } = describe({ id: approval.call_id, name: approval.tool, input: approval.input }, true)
  const [why, setWhy] = useState<string>()
  const answer = async (decision: 'allow' | 'deny', remember = false, reason = '') => {
    setBusy(true)
    try {
      await post(`/chats/${chatId}/approvals/${approval.call_id}`, {
        decision,
        ...(remember ? { remember: 'chat' } : {}),
        ...(reason.trim() ? { reason: reason.trim() } : {}),
      })
    } catch (error) {
      toast.fail(messageOf(error))
      setBusy(false)
    }
  }
  return (
    <section
      aria-label="The agent asks"
      className="mx-3 rounded-t-xl border border-warn/40 border-b-0 bg-warn-soft px-3.5 py-2.5"
    >
      <p>
        {verb} <span className={code ? 'font-mono text-[12px]' : 'font-medium'}>{subject}</span>?
      </p>
      {approval.reason && <p className="text-ink-2">{approval.reason}</p>}
      <div className="mt-2 flex flex-wrap gap-2 max-md:[&>button]:h-9">
        <Button small look="solid" busy={busy} onClick={() => void answer('allow')}>
          Allow
        </Button>
        <Button small disabled={busy} onClick={() => void answer('allow', true)}>
          Allow in this chat
        </Button>
        <Button small look="danger" disabled={busy} onClick={() => void answer('deny')}>
          Deny
        </Button>
        {why === undefined && (
          <Button small look="quiet" disabled={busy} onClick={() => setWhy('')}>
            Deny, and say why
          </Button>
        )}
      </div>
      {why !== undefined && (
        <form
          className="mt-2 flex gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            void answer('deny', false, why)
          }}
        >
          <input
            aria-label="Why not"
            placeholder="Why not, or what to do instead: the agent reads it"
            autoFocus
            maxLength={1000}
            value={why}
            onChange={({ target }) => setWhy(target.value)}
            className={`${INPUT} h-7`}
          />
          <Button small type="submit" look="danger" disabled={busy}>
            Deny
          </Button>
        </form>
      )}
    </section>
  )
}
