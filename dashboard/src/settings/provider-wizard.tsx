import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { messageOf, post } from '@/api/client'
import type { Provider, ProviderKind } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { CheckField, TextField } from '@/ui/field'
import { toast } from '@/ui/toast'
import { KINDS, type Kind } from './kinds'
import { testProvider } from './test-provider'
import { numberOf, textOf, useSubmit } from './use-submit'

const ADDRESS_EXAMPLES: Partial<Record<ProviderKind, string>> = {
  azure: 'https://NAME.openai.azure.com',
  openai_compatible: 'http://127.0.0.1:11434/v1',
}

/** Adds a provider with its first models, and tries it. */
export default function ProviderWizard({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<Kind>()
  return (
    <Dialog
      open
      onClose={onClose}
      title={kind === undefined ? 'Add a provider' : kind.name}
      description={kind === undefined ? 'Where do your models run?' : kind.about}
    >
      {kind === undefined ? (
        <ul className="flex flex-col gap-1.5">
          {KINDS.map((choice) => (
            <li key={choice.kind}>
              <button
                type="button"
                onClick={() => setKind(choice)}
                className="flex w-full items-center gap-3 rounded-lg border border-line px-3.5 py-2.5 text-left transition-colors hover:border-line-strong hover:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{choice.name}</span>
                  <span className="block text-ink-2 text-xs">{choice.about}</span>
                </span>
                <ChevronRight size={15} className="text-ink-3" />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <Form kind={kind} onBack={() => setKind(undefined)} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Form({ kind, onBack, onClose }: { kind: Kind; onBack: () => void; onClose: () => void }) {
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const base_url = textOf(form, 'base_url')
    const api_key = textOf(form, 'api_key')
    const options = Object.fromEntries(
      kind.options.flatMap(({ name }) => {
        const value = textOf(form, `options.${name}`)
        return value === '' ? [] : [[name, value]]
      }),
    )
    const provider = await post<Provider>('/admin/providers', {
      name: textOf(form, 'name'),
      kind: kind.kind,
      ...(base_url ? { base_url } : {}),
      ...(api_key ? { api_key } : {}),
      ...(Object.keys(options).length > 0 ? { options } : {}),
    })
    const chosen = kind.models.filter(({ name }) => form.has(`model:${name}`))
    const named = textOf(form, 'model')
    const models = [
      ...chosen.map(({ name, display }) => ({ name, display_name: display })),
      ...(named === '' ? [] : [{ name: named, context_limit: numberOf(form, 'context_limit') ?? 128_000 }]),
    ]
    for (const model of models) {
      await post('/admin/models', { provider_id: provider.id, ...model }).catch((error: unknown) =>
        toast.fail(`The model ${model.name} was not added: ${messageOf(error)}`),
      )
    }
    for (const { queryKey } of [queries.providers, queries.adminModels, queries.models]) {
      void queryClient.invalidateQueries({ queryKey })
    }
    onClose()
    if (models.length > 0) await testProvider(provider)
  })
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField label="Name" name="name" required defaultValue={kind.name} maxLength={64} error={field('name')} />
      {kind.baseUrl !== null && (
        <TextField
          label="Address"
          name="base_url"
          type="url"
          required={kind.baseUrl === undefined}
          placeholder={kind.baseUrl ?? ADDRESS_EXAMPLES[kind.kind]}
          hint={kind.baseUrl === undefined ? undefined : 'Leave it empty for the provider’s own.'}
          error={field('base_url')}
        />
      )}
      {kind.options.length > 0 && (
        <div className="grid grid-cols-2 gap-3">
          {kind.options.map(({ name, ...option }) => (
            <TextField key={name} name={`options.${name}`} error={field(`options.${name}`)} {...option} />
          ))}
        </div>
      )}
      <TextField
        label="API key"
        name="api_key"
        type="password"
        autoComplete="off"
        required={kind.key === 'needed'}
        hint={`${kind.keyHint ? `${kind.keyHint} ` : ''}Kept encrypted. It is never shown again, and no workspace sees it.`}
        error={field('api_key')}
      />
      {kind.models.length > 0 ? (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">Models</legend>
          {kind.models.map(({ name, display }, at) => (
            <CheckField key={name} label={display} name={`model:${name}`} defaultChecked={at === 0} />
          ))}
        </fieldset>
      ) : (
        <div className="grid grid-cols-[1fr_130px] gap-3">
          <TextField label="Model" name="model" required placeholder="qwen3-coder" />
          <TextField label="Context" name="context_limit" inputMode="numeric" defaultValue="128000" />
        </div>
      )}
      {failed && <Failure text={failed} />}
      <DialogButtons>
        <Button onClick={onBack}>Back</Button>
        <Button type="submit" look="solid" busy={busy}>
          Add and test
        </Button>
      </DialogButtons>
    </form>
  )
}
