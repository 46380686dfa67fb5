import { useQuery } from '@tanstack/react-query'
import { Ellipsis, KeyRound, Plus, Trash2, Zap } from 'lucide-react'
import { useState } from 'react'
import { messageOf, patch, remove } from '@/api/client'
import type { Provider } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import { Blank, Failure } from '@/ui/blank'
import { Button, IconButton } from '@/ui/button'
import { Dialog, DialogButtons } from '@/ui/dialog'
import { TextField } from '@/ui/field'
import { Menu, MenuItem, MenuLine } from '@/ui/menu'
import { Rows } from '@/ui/page'
import { toast } from '@/ui/toast'
import { kindName } from './kinds'
import ProviderWizard from './provider-wizard'
import { Loaded, Section } from './section'
import { testProvider } from './test-provider'
import { textOf, useSubmit } from './use-submit'

const refresh = () => {
  for (const { queryKey } of [queries.providers, queries.adminModels, queries.models]) {
    void queryClient.invalidateQueries({ queryKey })
  }
}

export function Providers() {
  const providers = useQuery(queries.providers)
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Providers"
      text="Where models run. Keys are kept encrypted and stay in the control plane: no workspace ever sees one."
      action={
        <Button look="solid" small icon={<Plus size={14} />} onClick={() => setAdding(true)}>
          Add a provider
        </Button>
      }
    >
      <Loaded query={providers}>
        {(all) =>
          all.length === 0 ? (
            <Blank title="No provider yet">Agents need a model to think with. Add the first provider.</Blank>
          ) : (
            <Rows label="Providers">
              {all.map((provider) => (
                <Row key={provider.id} provider={provider} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && <ProviderWizard onClose={() => setAdding(false)} />}
    </Section>
  )
}

function Row({ provider }: { provider: Provider }) {
  const [testing, setTesting] = useState(false)
  const [dialog, setDialog] = useState<'edit' | 'delete'>()
  const test = async () => {
    setTesting(true)
    await testProvider(provider)
    setTesting(false)
  }
  return (
    <li className="flex min-h-13 items-center gap-3 py-1.5 pr-2 pl-3.5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{provider.name}</p>
        <p className="truncate text-ink-3 text-xs">
          {kindName(provider.kind)}
          {provider.base_url && ` · ${provider.base_url}`}
        </p>
      </div>
      <span className="flex items-center gap-1.5 text-ink-3 text-xs max-md:hidden">
        <KeyRound size={12} /> {provider.has_key ? <code>…{provider.key_hint ?? ''}</code> : 'no key'}
      </span>
      <Button small busy={testing} icon={<Zap size={13} />} onClick={() => void test()}>
        Test
      </Button>
      <Menu
        align="end"
        trigger={
          <IconButton label={`More about ${provider.name}`}>
            <Ellipsis size={15} />
          </IconButton>
        }
      >
        <MenuItem icon={<KeyRound size={13} />} onSelect={() => setDialog('edit')}>
          Change name, address or key
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<Trash2 size={13} />} danger onSelect={() => setDialog('delete')}>
          Delete …
        </MenuItem>
      </Menu>
      {dialog === 'edit' && <EditDialog provider={provider} onClose={() => setDialog(undefined)} />}
      <DeleteDialog provider={provider} open={dialog === 'delete'} onClose={() => setDialog(undefined)} />
    </li>
  )
}

function EditDialog({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { busy, failed, field, submit } = useSubmit(async (form) => {
    const name = textOf(form, 'name')
    const base_url = textOf(form, 'base_url')
    const api_key = textOf(form, 'api_key')
    await patch(`/admin/providers/${provider.id}`, {
      ...(name !== provider.name ? { name } : {}),
      ...(base_url !== (provider.base_url ?? '') ? { base_url } : {}),
      ...(api_key !== '' ? { api_key } : {}),
    })
    refresh()
    onClose()
  })
  return (
    <Dialog open onClose={onClose} title={provider.name}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Name" name="name" required defaultValue={provider.name} error={field('name')} />
        <TextField
          label="Address"
          name="base_url"
          type="url"
          defaultValue={provider.base_url ?? ''}
          error={field('base_url')}
        />
        <TextField
          label="New API key"
          name="api_key"
          type="password"
          autoComplete="off"
          hint={
            provider.has_key
              ? 'Leave it empty to keep the one that ends in the characters shown. Another address asks for it again.'
              : 'None is kept now.'
          }
          error={field('api_key')}
        />
        {failed && <Failure text={failed} />}
        <DialogButtons>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="solid" busy={busy}>
            Save
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function DeleteDialog({ provider, open, onClose }: { provider: Provider; open: boolean; onClose: () => void }) {
  const confirm = async () => {
    onClose()
    try {
      await remove(`/admin/providers/${provider.id}`)
      toast.say(`Deleted ${provider.name}`)
    } catch (error) {
      toast.fail(messageOf(error))
    }
    refresh()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Delete ${provider.name}?`}
      description="Its key and its models go with it. Agents that use them need another model to go on."
    >
      <DialogButtons>
        <Button onClick={onClose}>Keep</Button>
        <Button look="danger" onClick={() => void confirm()}>
          Delete
        </Button>
      </DialogButtons>
    </Dialog>
  )
}
