import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ApiError } from '@/api/client'
import type { Template, TemplateParameter } from '@/api/types'
import { NotFound } from '@/app/failed'
import { queries } from '@/app/queries'
import { Markdown } from '@/chat/markdown'
import { Fact } from '@/review/facts'
import { Loaded } from '@/settings/section'
import { Button } from '@/ui/button'
import { Page, Rows } from '@/ui/page'
import { CreateWorkspace } from './create-workspace'
import { nameOfTemplate } from './templates-page'

/** A template: what it is for, what it asks, and its README. */
export default function TemplatePage({ templateId }: { templateId: string }) {
  const template = useQuery(queries.template(templateId))
  const [creating, setCreating] = useState(false)
  const { data, error } = template
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return <NotFound />
  return (
    <Page
      title={data ? nameOfTemplate(data) : ''}
      back={{ page: 'templates' }}
      actions={
        data && (
          <Button look="solid" small icon={<Plus size={14} />} onClick={() => setCreating(true)}>
            New workspace
          </Button>
        )
      }
    >
      <Loaded query={template}>{(loaded) => <About template={loaded} />}</Loaded>
      {creating && <CreateWorkspace templateId={templateId} onClose={() => setCreating(false)} />}
    </Page>
  )
}

function About({ template }: { template: Template }) {
  const { parameters = [] } = template
  return (
    <div className="flex flex-col gap-6">
      <div>
        {template.description && <p className="mb-3 max-w-[640px] text-ink-2">{template.description}</p>}
        <Fact name="Name">
          <code className="text-[12px]">{template.name}</code>
          {template.deprecated && <span className="ml-2 text-warn">deprecated</span>}
        </Fact>
        <Fact name="Engine">{template.engine}</Fact>
        <Fact name="Version">
          <code className="break-all text-[11.5px]">{template.active_version_id ?? '–'}</code>
        </Fact>
      </div>
      <section aria-label="Parameters">
        <h2 className="mb-1.5 text-ink-3 text-xs">Parameters</h2>
        {parameters.length === 0 ? (
          <p className="text-ink-2">It asks for nothing but a name.</p>
        ) : (
          <Rows label="Parameters">
            {parameters.map((parameter) => (
              <Parameter key={parameter.name} parameter={parameter} />
            ))}
          </Rows>
        )}
      </section>
      {template.readme && (
        <section aria-label="README">
          <h2 className="mb-1.5 text-ink-3 text-xs">README</h2>
          <Markdown text={template.readme} />
        </section>
      )}
    </div>
  )
}

function Parameter({ parameter }: { parameter: TemplateParameter }) {
  const { name, type, required, mutable, description, options } = parameter
  const rules = [type, required && 'required', mutable === false && 'fixed once made'].filter(Boolean).join(' · ')
  return (
    <li className="px-3.5 py-2">
      <p className="flex flex-wrap items-baseline gap-x-3">
        {parameter.display_name && <b className="font-medium">{parameter.display_name}</b>}
        <code className="font-medium text-[12px]">{name}</code>
        <span className="text-ink-3 text-xs">{rules}</span>
      </p>
      {description && <p className="text-ink-2">{description}</p>}
      <p className="text-ink-3 text-xs">
        {[
          parameter.default != null && `Default: ${shown(parameter.default)}`,
          options !== undefined && options.length > 0 && `One of: ${options.map(shown).join(', ')}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </li>
  )
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
