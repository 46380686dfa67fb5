import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { feedStore } from '@/agents/feed'
import { ApiError, messageOf, post } from '@/api/client'
import type { Template, TemplateParameter, Workspace } from '@/api/types'
import { go } from '@/app/navigation'
import { queries } from '@/app/queries'
import { Failure, Skeleton } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { CheckField, SelectField, TextArea, TextField } from '@/ui/field'
import { initial, type Typed, values } from './parameters'

interface CreateWorkspaceProps {
  /** Chosen already. */
  templateId?: string
  onClose: () => void
}

export function CreateWorkspace({ templateId, onClose }: CreateWorkspaceProps) {
  const { data: templates, error } = useQuery(queries.templates)
  const usable = templates?.filter((template) => !template.deprecated || template.id === templateId)
  return (
    <Dialog open onClose={onClose} title="New workspace" wide>
      {error && <Failure text={messageOf(error)} />}
      {templates === undefined && !error && <Skeleton />}
      {usable?.length === 0 && (
        <p className="text-ink-2">There is no template to make one from. Ask an administrator.</p>
      )}
      {usable !== undefined && usable.length > 0 && <Form templates={usable} first={templateId} onClose={onClose} />}
    </Dialog>
  )
}

interface FormProps {
  templates: Template[]
  first: string | undefined
  onClose: () => void
}

function Form({ templates, first, onClose }: FormProps) {
  const [templateId, setTemplateId] = useState(first ?? templates[0]?.id ?? '')
  const template = templates.find((other) => other.id === templateId)
  const parameters = template?.parameters ?? []
  const [typed, setTyped] = useState<Typed>(() => initial(parameters))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  const choose = (id: string) => {
    setTemplateId(id)
    setTyped(initial(templates.find((other) => other.id === id)?.parameters ?? []))
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const name = String(new FormData(event.currentTarget).get('name')).trim()
    setBusy(true)
    setError(undefined)
    try {
      const workspace = await post<Workspace>(
        '/workspaces',
        { name, template_id: templateId, parameters: values(parameters, typed) },
        crypto.randomUUID(),
      )
      feedStore.apply({ event: 'workspace', data: workspace })
      onClose()
      go({ page: 'workspace', workspaceId: workspace.id })
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  const field = (name: string) => (error instanceof ApiError ? error.field(name) : undefined)

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Name"
        name="name"
        required
        autoFocus
        maxLength={64}
        placeholder="relay-fix"
        error={field('name')}
      />
      {templates.length > 1 ? (
        <SelectField
          label="Template"
          value={templateId}
          onChange={(event) => choose(event.target.value)}
          hint={template?.description}
        >
          {templates.map((other) => (
            <option key={other.id} value={other.id}>
              {other.display_name || other.name}
            </option>
          ))}
        </SelectField>
      ) : (
        <p className="text-ink-2">
          From the template <b className="font-medium text-ink">{template?.display_name || template?.name}</b>.{' '}
          {template?.description}
        </p>
      )}
      {parameters.map((parameter) => (
        <ParameterField
          key={`${templateId}/${parameter.name}`}
          parameter={parameter}
          value={typed[parameter.name] ?? ''}
          error={field(`parameters.${parameter.name}`)}
          onChange={(value) => setTyped({ ...typed, [parameter.name]: value })}
        />
      ))}
      {error !== undefined && <Failure text={messageOf(error)} />}
      <DialogButtons>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="solid" busy={busy}>
          Create
        </Button>
      </DialogButtons>
    </form>
  )
}

interface ParameterFieldProps {
  parameter: TemplateParameter
  value: string | boolean
  error: string | undefined
  onChange: (value: string | boolean) => void
}

function ParameterField({ parameter, value, error, onChange }: ParameterFieldProps) {
  const { type, required, description, options } = parameter
  const label = parameter.display_name ?? parameter.name
  const shared = { label, hint: description, error, required }
  if (typeof value === 'boolean') {
    return (
      <CheckField
        label={label}
        hint={description}
        checked={value}
        onChange={(event) => onChange(event.target.checked)}
      />
    )
  }
  if (options !== undefined && options.length > 0 && type !== 'list') {
    return (
      <SelectField {...shared} value={value} onChange={(event) => onChange(event.target.value)}>
        {value === '' && <option value="">Choose …</option>}
        {options.map((option) => (
          <option key={String(option)}>{String(option)}</option>
        ))}
      </SelectField>
    )
  }
  if (type === 'list') {
    return (
      <TextArea
        {...shared}
        rows={3}
        placeholder="One a line"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  }
  return (
    <TextField
      {...shared}
      inputMode={type === 'number' ? 'decimal' : 'text'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
