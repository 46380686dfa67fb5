import { useQuery } from '@tanstack/react-query'
import { patch } from '@/api/client'
import type { AdminSettings } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { CheckField, TextArea, TextField } from '@/ui/field'
import { toast } from '@/ui/toast'
import { Loaded, Section } from './section'
import { numberOf, textOf, useSubmit } from './use-submit'

const TOOLS: { title: string; tools: string[] }[] = [
  {
    title: 'In the workspace',
    tools: ['read_file', 'write_file', 'edit_files', 'execute', 'process_output', 'process_list', 'process_signal'],
  },
  {
    title: 'Workspaces',
    tools: ['list_templates', 'read_template', 'create_workspace', 'start_workspace', 'stop_workspace'],
  },
  { title: 'Sub-agents', tools: ['spawn_agent', 'wait_agent', 'message_agent', 'close_agent'] },
]

export function AgentSettings() {
  const settings = useQuery(queries.settings)
  return (
    <Section title="Agents" text="Holds for every agent from its next step on.">
      <Loaded query={settings}>{(current) => <Form key={JSON.stringify(current)} current={current} />}</Loaded>
    </Section>
  )
}

function Form({ current }: { current: AdminSettings }) {
  const known = new Set(TOOLS.flatMap(({ tools }) => tools))
  const disabled = new Set(current.disabled_tools ?? [])
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const max_steps = numberOf(form, 'max_steps')
    const off = [...known].filter((tool) => !form.has(`tool:${tool}`))
    // Tools that this page does not know stay as they are.
    const others = [...disabled].filter((tool) => !known.has(tool))
    const changed = await patch<AdminSettings>('/admin/settings', {
      system_prompt: textOf(form, 'system_prompt'),
      disabled_tools: [...off, ...others],
      ...(max_steps === undefined ? {} : { max_steps }),
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
