import { useQuery } from '@tanstack/react-query'
import { ArrowUp, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { patch } from '@/api/client'
import type { AdminSettings, ApprovalRule } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button, IconButton } from '@/ui/button'
import { INPUT } from '@/ui/field'
import { toast } from '@/ui/toast'
import { Loaded, Section } from './section'
import { ALL_TOOLS } from './tools'
import { useSubmit } from './use-submit'

const DECISIONS: Record<ApprovalRule['decision'], string> = { allow: 'Allow', ask: 'Ask the user', deny: 'Never' }

/** Which tool calls run, ask their user first, or never run. */
export function ApprovalRules() {
  const settings = useQuery(queries.settings)
  return (
    <Section
      title="Approvals"
      text="The first rule that matches a call decides; a call that none matches runs. Owners may be stricter in their own agents, never looser."
    >
      <Loaded query={settings}>
        {(current) => <Form key={JSON.stringify(current.approval_rules)} rules={current.approval_rules ?? []} />}
      </Loaded>
    </Section>
  )
}

interface Draft extends ApprovalRule {
  key: number
}

function Form({ rules }: { rules: ApprovalRule[] }) {
  const [drafts, setDrafts] = useState<Draft[]>(() => rules.map((rule, key) => ({ ...rule, key })))
  const { busy, failed, submit } = useSubmit(async () => {
    const approval_rules = drafts.map(({ tool, decision, command }) => ({
      tool: tool.trim(),
      decision,
      ...(command?.trim() ? { command: command.trim() } : {}),
    }))
    queryClient.setQueryData(
      queries.settings.queryKey,
      await patch<AdminSettings>('/admin/settings', { approval_rules }),
    )
    toast.say('Saved.')
  })
  const add = () => {
    const key = Math.max(-1, ...drafts.map((draft) => draft.key)) + 1
    setDrafts([...drafts, { key, tool: 'execute', decision: 'ask', command: '' }])
  }
  const up = (at: number) => setDrafts(drafts.toSpliced(at - 1, 2, ...drafts.slice(at - 1, at + 1).reverse()))
  return (
    <form onSubmit={submit} className="flex max-w-[620px] flex-col gap-3">
      {drafts.length > 0 && (
        <ol className="flex flex-col gap-2">
          {drafts.map((draft, at) => (
            <li key={draft.key} className="flex items-center gap-2 max-md:flex-wrap">
              <RuleFields
                draft={draft}
                onChange={(changed) => setDrafts(drafts.with(at, { ...changed, key: draft.key }))}
              />
              <IconButton label="Before the rule above" disabled={at === 0} onClick={() => up(at)}>
                <ArrowUp size={14} />
              </IconButton>
              <IconButton label="Remove the rule" onClick={() => setDrafts(drafts.toSpliced(at, 1))}>
                <X size={14} />
              </IconButton>
            </li>
          ))}
        </ol>
      )}
      <datalist id="tools">
        {ALL_TOOLS.map((tool) => (
          <option key={tool} value={tool} />
        ))}
      </datalist>
      {failed && <Failure text={failed} />}
      <div className="flex gap-2">
        <Button icon={<Plus size={14} />} onClick={add}>
          Add a rule
        </Button>
        <Button type="submit" look="solid" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  )
}

function RuleFields({ draft, onChange }: { draft: Draft; onChange: (rule: ApprovalRule) => void }) {
  const { tool, decision, command = '' } = draft
  return (
    <>
      <select
        aria-label="Decision"
        value={decision}
        onChange={({ target }) => onChange({ ...draft, decision: decisionOf(target.value) })}
        className={`${INPUT} h-8 max-w-34 max-md:h-10`}
      >
        {Object.entries(DECISIONS).map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
      <input
        aria-label="Tool"
        required
        list="tools"
        value={tool}
        placeholder="write_*"
        onChange={({ target }) => onChange({ ...draft, tool: target.value })}
        className={`${INPUT} h-8 max-w-40 font-mono max-md:h-10`}
      />
      <input
        aria-label="Command"
        value={tool === 'execute' ? command : ''}
        disabled={tool !== 'execute'}
        placeholder={tool === 'execute' ? 'any command' : 'every call'}
        onChange={({ target }) => onChange({ ...draft, command: target.value })}
        className={`${INPUT} h-8 min-w-24 font-mono max-md:h-10`}
      />
    </>
  )
}

function decisionOf(value: string): ApprovalRule['decision'] {
  return value === 'allow' || value === 'deny' ? value : 'ask'
}
