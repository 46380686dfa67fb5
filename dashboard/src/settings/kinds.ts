// The kinds of provider, and what each needs to be told.
import type { ProviderKind } from '@/api/types'

export interface Kind {
  kind: ProviderKind
  name: string
  about: string
  /** The address when none is given; undefined means that one must be; null that there is none to give. */
  baseUrl: string | undefined | null
  key: 'needed' | 'optional'
  keyHint?: string
  /** What else it is told, by its member of `options`. */
  options: Option[]
  /** Models to begin with; the control plane's catalogue knows their limits and prices. */
  models: { name: string; display: string }[]
}

export interface Option {
  name: string
  label: string
  placeholder?: string
  hint?: string
}

const CLAUDE = ['Sonnet', 'Opus', 'Haiku'].map((size) => ({
  name: `claude-${size.toLowerCase()}-5-5`,
  display: `Claude ${size} 5.5`,
}))

const GPT = [
  { name: 'gpt-6.1-sol', display: 'GPT-6.1 Sol' },
  { name: 'gpt-6.1-terra', display: 'GPT-6.1 Terra' },
  { name: 'gpt-6-luna', display: 'GPT-6 Luna' },
]

const GEMINI = [
  { name: 'gemini-3.8-flash', display: 'Gemini 3.8 Flash' },
  { name: 'gemini-3.1-pro-preview', display: 'Gemini 3.1 Pro (preview)' },
]

export const KINDS: Kind[] = [
  {
    kind: 'anthropic',
    name: 'Anthropic',
    about: 'Claude, by an API key',
    baseUrl: 'https://api.anthropic.com',
    key: 'needed',
    options: [],
    models: CLAUDE,
  },
  {
    kind: 'openai',
    name: 'OpenAI',
    about: 'GPT, by an API key',
    baseUrl: 'https://api.openai.com/v1',
    key: 'needed',
    options: [],
    models: GPT,
  },
  {
    kind: 'google',
    name: 'Google',
    about: 'Gemini, by an API key',
    baseUrl: 'https://generativelanguage.googleapis.com',
    key: 'needed',
    options: [],
    models: GEMINI,
  },
  {
    kind: 'bedrock',
    name: 'Amazon Bedrock',
    about: 'Models in AWS, by its credentials',
    baseUrl: null,
    key: 'optional',
    keyHint: 'A Bedrock key, or the secret of the access key. Without one, AWS’s own chain of the server counts.',
    options: [
      { name: 'region', label: 'Region', placeholder: 'eu-central-1' },
      { name: 'access_key_id', label: 'Access key id', hint: 'Only with a secret access key.' },
    ],
    models: CLAUDE.map(({ name, display }) => ({ name: `global.anthropic.${name}`, display })),
  },
  {
    kind: 'vertex',
    name: 'Vertex AI',
    about: 'Gemini and Claude in Google Cloud',
    baseUrl: null,
    key: 'optional',
    keyHint: 'A service account’s key file in Base64. Without one, the server’s application-default credentials count.',
    options: [
      { name: 'project', label: 'Project', placeholder: 'my-project' },
      { name: 'location', label: 'Location', placeholder: 'global' },
    ],
    models: GEMINI,
  },
  {
    kind: 'azure',
    name: 'Azure',
    about: 'Azure OpenAI and Foundry; a model’s name is its deployment’s',
    baseUrl: undefined,
    key: 'optional',
    keyHint: 'Without one, the managed identity of the server signs in.',
    options: [
      { name: 'tenant_id', label: 'Tenant', hint: 'With an Entra client; the key is its secret.' },
      { name: 'client_id', label: 'Client' },
    ],
    models: [],
  },
  {
    kind: 'openai_compatible',
    name: 'Compatible with OpenAI',
    about: 'vLLM, Ollama, llama.cpp, OpenRouter …: an address with /v1',
    baseUrl: undefined,
    key: 'optional',
    options: [],
    models: [],
  },
]

export const kindName = (kind: ProviderKind): string => KINDS.find((other) => other.kind === kind)?.name ?? kind
