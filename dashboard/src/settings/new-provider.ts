// A provider that is being added: made once, mended as often as the form is sent again, with its models, and tried.
import { patch, post } from '@/api/client'
import type { Provider } from '@/api/types'
import { queries, queryClient } from '@/app/queries'
import type { Kind } from './kinds'
import { callProvider, sayAnswered } from './test-provider'
import { numberOf, textOf } from './use-submit'

const CONTEXT_TOKENS = 128_000

export interface NewModel {
  name: string
  display_name?: string
  context_limit?: number
}

export class NewProvider {
  private made: Provider | undefined
  private readonly added = new Set<string>()

  constructor(private readonly kind: Kind) {}

  /** Whether the control plane has it already: what is sent then mends it. */
  get exists() {
    return this.made !== undefined
  }

  /** Throws what is wrong with it; what was made until then stays. */
  async send(form: FormData): Promise<void> {
    const settings = settingsOf(this.kind, form)
    this.made = this.made
      ? await patch<Provider>(`/admin/providers/${this.made.id}`, { base_url: null, ...settings })
      : await post<Provider>('/admin/providers', { kind: this.kind.kind, ...settings })
    for (const model of modelsOf(this.kind, form)) {
      if (this.added.has(model.name)) continue
      await post('/admin/models', { provider_id: this.made.id, ...model })
      this.added.add(model.name)
    }
    if (this.added.size > 0) sayAnswered(this.made, await callProvider(this.made))
  }

  /** At the end: the page that offers to connect a first model leaves when there is one, and the form with it. */
  show() {
    if (!this.exists) return
    for (const { queryKey } of [queries.providers, queries.adminModels, queries.models]) {
      void queryClient.invalidateQueries({ queryKey })
    }
  }
}

function settingsOf(kind: Kind, form: FormData) {
  const base_url = textOf(form, 'base_url')
  const api_key = textOf(form, 'api_key')
  const options = Object.fromEntries(
    kind.options.flatMap(({ name }) => {
      const value = textOf(form, `options.${name}`)
      return value === '' ? [] : [[name, value]]
    }),
  )
  return {
    name: textOf(form, 'name'),
    ...(base_url ? { base_url } : {}),
    ...(api_key ? { api_key } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  }
}

/** The models that were chosen or named; at an address of one's own nobody knows their windows but who runs it. */
export function modelsOf(kind: Kind, form: FormData): NewModel[] {
  const context_limit = numberOf(form, 'context_limit')
  const chosen = kind.models
    .filter(({ name }) => form.has(`model:${name}`))
    .map(({ name, display }) => ({
      name,
      display_name: display,
      ...(context_limit === undefined ? {} : { context_limit }),
    }))
  const named = textOf(form, 'model')
  return named === '' ? chosen : [...chosen, { name: named, context_limit: context_limit ?? CONTEXT_TOKENS }]
}
