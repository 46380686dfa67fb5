import { useQuery } from '@tanstack/react-query'
import { Ellipsis, Plus, Star, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { messageOf, patch, post, remove } from '@/api/client'
import type { AdminModel, Provider } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Blank, Failure } from '@/ui/blank'
import { Button, IconButton } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { SelectField, TextField } from '@/ui/field'
import { count } from '@/ui/format'
import { Menu, MenuItem, MenuLine, MenuTitle } from '@/ui/menu'
import { Rows } from '@/ui/page'
import { toast } from '@/ui/toast'
import { levelOf, withLevel } from './levels'
import { Loaded, Section } from './section'
import { numberOf, textOf, useSubmit } from './use-submit'

const refresh = () => {
  for (const { queryKey } of [queries.adminModels, queries.models]) void queryClient.invalidateQueries({ queryKey })
}

async function attempt(work: Promise<unknown>) {
  await work.catch((error: unknown) => toast.fail(messageOf(error)))
  refresh()
}

export function Models() {
  const models = useQuery(queries.adminModels)
  const { data: providers = [] } = useQuery(queries.providers)
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Models"
      text="What agents may use. The default is chosen where nobody chose another."
      action={
        <Button
          look="solid"
          small
          icon={<Plus size={14} />}
          disabled={providers.length === 0}
          onClick={() => setAdding(true)}
        >
          Add a model
        </Button>
      }
    >
      <Loaded query={models}>
        {(all) =>
          all.length === 0 ? (
            <Blank title="No model yet">Add a provider first, then its models.</Blank>
          ) : (
            <Rows label="Models">
              {all.map((model) => (
                <Row key={model.id} model={model} provider={providers.find(({ id }) => id === model.provider_id)} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && <AddDialog providers={providers} onClose={() => setAdding(false)} />}
    </Section>
  )
}

function Row({ model, provider }: { model: AdminModel; provider: Provider | undefined }) {
  const path = `/admin/models/${model.id}`
  const { options = {}, reasoning_levels: levels = [] } = model
  const chosen = levelOf(options, levels)
  return (
    <li className="flex min-h-13 items-center gap-3 py-1.5 pr-2 pl-3.5">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{model.display_name || model.name}</span>
          {model.is_default && <span className="rounded bg-accent-soft px-1.5 text-accent text-xs">default</span>}
          {!model.enabled && <span className="rounded bg-hover px-1.5 text-ink-2 text-xs">off</span>}
        </p>
        <p className="truncate text-ink-3 text-xs">
          {provider?.name} · <code>{model.name}</code>
          {chosen !== undefined && ` · thinks: ${chosen}`}
        </p>
      </div>
      <span className="text-ink-3 text-xs tabular-nums max-md:hidden">{count(model.context_limit)} tokens</span>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More about ${model.display_name || model.name}`}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem
          icon={<Star size={13} />}
          disabled={model.is_default || !model.enabled}
          onSelect={() => void attempt(patch(path, { is_default: true }))}
        >
          Make it the default
        </MenuItem>
        <MenuItem checked={model.enabled} onSelect={() => void attempt(patch(path, { enabled: !model.enabled }))}>
          Agents may use it
        </MenuItem>
        {levels.length > 0 && (
          <>
            <MenuLine />
            <MenuTitle>Thinks</MenuTitle>
            {levels.map((level) => (
              <MenuItem
                key={level.level}
                checked={level.level === chosen}
                onSelect={() => void attempt(patch(path, { options: withLevel(options, level.options) }))}
              >
                {level.level}
              </MenuItem>
            ))}
          </>
        )}
        <MenuLine />
        <MenuItem icon={<Trash2 size={13} />} danger onSelect={() => void attempt(remove(path))}>
          Delete
        </MenuItem>
      </Menu>
    </li>
  )
}

function AddDialog({ providers, onClose }: { providers: Provider[]; onClose: () => void }) {
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const display_name = textOf(form, 'display_name')
    const max_output_tokens = numberOf(form, 'max_output_tokens')
    const context_limit = numberOf(form, 'context_limit')
    await post('/admin/models', {
      provider_id: textOf(form, 'provider_id'),
      name: textOf(form, 'name'),
      ...(context_limit === undefined ? {} : { context_limit }),
      ...(display_name ? { display_name } : {}),
      ...(max_output_tokens === undefined ? {} : { max_output_tokens }),
    })
    refresh()
    onClose()
  })
  return (
    <Dialog open onClose={onClose} title="Add a model">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <SelectField label="Provider" name="provider_id" error={field('provider_id')}>
          {providers.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField label="Name" name="name" required autoFocus hint="As the provider calls it." error={field('name')} />
        <TextField label="Shown as" name="display_name" error={field('display_name')} />
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label="Context, tokens"
            name="context_limit"
            inputMode="numeric"
            hint="Empty: as the catalogue says."
            error={field('context_limit')}
          />
          <TextField
            label="Longest answer, tokens"
            name="max_output_tokens"
            inputMode="numeric"
            error={field('max_output_tokens')}
          />
        </div>
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
