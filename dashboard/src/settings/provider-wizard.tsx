import { ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ProviderKind } from '@/api/types'
import { Failure } from '@/ui/blank'
import { Button } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { CheckField, TextField } from '@/ui/field'
import { KINDS, type Kind } from './kinds'
import { NewProvider } from './new-provider'
import { useSubmit } from './use-submit'

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
  const [provider] = useState(() => new NewProvider(kind))
  const [address, setAddress] = useState('')
  useEffect(() => () => provider.show(), [provider])
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    await provider.send(form)
    onClose()
  })
  const elsewhere = kind.models.length > 0 && isElsewhere(address, kind)
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField label="Name" name="name" required defaultValue={kind.name} maxLength={64} error={field('name')} />
      {kind.baseUrl !== null && (
        <TextField
          label="Address"
          name="base_url"
          type="url"
          required={kind.baseUrl === undefined}
          value={address}
          onChange={(event) => setAddress(event.target.value)}
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
          {elsewhere && (
            <div className="mt-2">
              <TextField
                label="Context in tokens"
                name="context_limit"
                inputMode="numeric"
                defaultValue="200000"
                hint="How much these models take at this address: the catalogue knows only the provider’s own."
                error={field('context_limit')}
              />
            </div>
          )}
        </fieldset>
      ) : (
        <div className="grid grid-cols-[1fr_130px] gap-3">
          <TextField label="Model" name="model" required placeholder="qwen3-coder" />
          <TextField label="Context" name="context_limit" inputMode="numeric" defaultValue="128000" />
        </div>
      )}
      {failed && <Failure text={failed} />}
      <DialogButtons>
        {provider.exists ? <Button onClick={onClose}>Keep it as it is</Button> : <Button onClick={onBack}>Back</Button>}
        <Button type="submit" look="solid" busy={busy}>
          {provider.exists ? 'Save and test' : 'Add and test'}
        </Button>
      </DialogButtons>
    </form>
  )
}

const isElsewhere = (address: string, kind: Kind) =>
  address.trim() !== '' && !address.trim().startsWith(kind.baseUrl ?? address.trim())
