import { useQuery } from '@tanstack/react-query'
import { LayoutTemplate } from 'lucide-react'
import type { Template } from '@/api/types'
import { Link } from '@/app/navigation'
import { queries } from '@/app/queries'
import { Loaded } from '@/settings/section'
import { Blank } from '@/ui/blank'
import { Page, Rows } from '@/ui/page'

/** What workspaces can be made from. */
export default function TemplatesPage() {
  const templates = useQuery(queries.templates)
  return (
    <Page title="Templates" back={{ page: 'workspaces' }}>
      <Loaded query={templates}>
        {(all) =>
          all.length === 0 ? (
            <Blank icon={<LayoutTemplate size={24} />} title="No templates yet">
              A template is a folder that says how a workspace is made. Push one with{' '}
              <code className="text-[12px]">warren templates push</code>.
            </Blank>
          ) : (
            <Rows label="Templates">
              {all.map((template) => (
                <Row key={template.id} template={template} />
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Page>
  )
}

export const nameOfTemplate = (template: Template) => template.display_name || template.name

function Row({ template }: { template: Template }) {
  return (
    <li className="hover:bg-side">
      <Link to={{ page: 'template', templateId: template.id }} className="flex min-h-13 items-center gap-3 px-3.5 py-2">
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{nameOfTemplate(template)}</span>
          {template.description && <span className="block truncate text-ink-3 text-xs">{template.description}</span>}
        </span>
        {template.deprecated && <span className="rounded bg-warn-soft px-1.5 text-warn text-xs">deprecated</span>}
        <span className="text-ink-2 text-xs">{template.engine}</span>
      </Link>
    </li>
  )
}
