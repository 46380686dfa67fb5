import { useQuery } from '@tanstack/react-query'
import { patch } from '@/api/client'
import type { AdminSettings } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { CheckField, SelectField, TextArea, TextField } from '@/ui/field'
import { toast } from '@/ui/toast'
import { ApprovalRules } from './approval-rules'
import { Loaded, Section } from './section'
import { ALL_TOOLS, TOOLS } from './tools'
import { numberOf, textOf, useSubmit } from './use-submit'

export function AgentSettings() {
  const settings = useQuery(queries.settings)
  return (
    <>
      <Section title="Agents" text="Holds for every agent from its next step on.">
        <Loaded query={settings}>
          {(current) => (
            // The rules have a form of their own: saving them leaves what is typed here.
            <Form key={JSON.stringify({ ...current, approval_rules: undefined })} current={current} />
          )}
        </Loaded>
      </Section>
      <div className="mt-10">
        <ApprovalRules />
      </div>
    </>
  )
}

function Form({ current }: { current: AdminSettings }) {
  const known = new Set(ALL_TOOLS)
  const disabled = new Set(current.disabled_tools ?? [])
  const { data: models } = useQuery(queries.adminModels)
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const max_steps = numberOf(form, 'max_steps')
    const summaries = textOf(form, 'compaction_model')
    const tokens = numberOf(form, 'budget.tokens')
    const usd = numberOf(form, 'budget.usd')
    const off = [...known].filter((tool) => !form.has(`tool:${tool}`))
    // Tools that this page does not know stay as they are.
    const others = [...disabled].filter((tool) => !known.has(tool))
    const changed = await patch<AdminSettings>('/admin/settings', {
      system_prompt: textOf(form, 'system_prompt'),
      disabled_tools: [...off, ...others],
      ...(max_steps === undefined ? {} : { max_steps }),
      model_titles: form.has('model_titles'),
      compaction: summaries === '' ? {} : { model_id: summaries },
      budget: { ...(tokens === undefined ? {} : { tokens }), ...(usd === undefined ? {} : { usd }) },
    })
    queryClient.setQueryData(queries.settings.queryKey, changed)
    toast.say('Saved.')
  })
  return (
    <form onSubmit={submit} className="flex max-w-[620px] flex-col gap-5">
      <TextArea
        label="Instructions for every agent"
        name="system_prompt"
        rows={8}
        defaultValue={current.system_prompt}
        hint="Added to Warren’s own prompt: house rules, where things are, what to avoid."
        error={field('system_prompt')}
      />
      <TextField
        label="Steps in a turn, at most"
        name="max_steps"
        inputMode="numeric"
        className="max-w-32"
        defaultValue={current.max_steps}
        error={field('max_steps')}
      />
      <div>
        <p className="font-medium">Budget of a new agent</p>
        <p className="mb-2 text-ink-3 text-xs">
          It says so when it nears the end, and stops there until more is allowed.
        </p>
        <div className="flex gap-3">
          <TextField
            label="Tokens"
            name="budget.tokens"
            inputMode="numeric"
            placeholder="no limit"
            className="max-w-32"
            defaultValue={current.budget?.tokens}
            error={field('budget.tokens')}
          />
          <TextField
            label="Dollars"
            name="budget.usd"
            inputMode="decimal"
            placeholder="no limit"
            className="max-w-32"
            defaultValue={current.budget?.usd}
            error={field('budget.usd')}
          />
        </div>
      </div>
      <SelectField
        label="Model that sums up long conversations"
        key={models === undefined ? 'loading' : 'loaded'}
        name="compaction_model"
        className="max-w-72"
        defaultValue={current.compaction?.model_id ?? ''}
        error={field('compaction.model_id')}
      >
        <option value="">The agent’s own</option>
        {models?.map((model) => (
          <option key={model.id} value={model.id}>
            {model.display_name || model.name}
          </option>
        ))}
      </SelectField>
      <CheckField
        label="The model names new agents"
        name="model_titles"
        defaultChecked={current.model_titles ?? true}
        hint="Otherwise the first words of the first message do."
      />
      <fieldset>
        <legend className="mb-2 font-medium">Tools</legend>
        <div className="grid grid-cols-3 gap-x-6 gap-y-4 max-md:grid-cols-1">
          {TOOLS.map(({ title, tools }) => (
            <div key={title} className="flex flex-col gap-1.5">
              <p className="text-ink-3 text-xs">{title}</p>
              {tools.map((tool) => (
                <CheckField
                  key={tool}
                  label={tool.replaceAll('_', ' ')}
                  name={`tool:${tool}`}
                  defaultChecked={!disabled.has(tool)}
                />
              ))}
            </div>
          ))}
        </div>
      </fieldset>
      {failed && <Failure text={failed} />}
      <div>
        <Button type="submit" look="solid" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  )
}
