// The kinds of provider, and what each needs to be told.
import type { ProviderKind } from '@/api/types'

export interface Kind {
  kind: ProviderKind
  name: string
  about: string
  /** The address when none is given; undefined means that one must be. */
  baseUrl: string | undefined
  needsKey: boolean
  /** Models to begin with, with the size of their windows. */
  models: { name: string; display: string; context: number }[]
}

export const KINDS: Kind[] = [
  {
    kind: 'anthropic',
    name: 'Anthropic',
    about: 'Claude, by an API key',
    baseUrl: 'https://api.anthropic.com',
    needsKey: true,
    models: [
      { name: 'claude-sonnet-4-5', display: 'Claude Sonnet 4.5', context: 200_000 },
      { name: 'claude-opus-4-1', display: 'Claude Opus 4.1', context: 200_000 },
      { name: 'claude-haiku-4-5', display: 'Claude Haiku 4.5', context: 200_000 },
    ],
  },
  {
    kind: 'openai',
    name: 'OpenAI',
    about: 'GPT, by an API key',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    models: [
      { name: 'gpt-5', display: 'GPT-5', context: 400_000 },
      { name: 'gpt-5-mini', display: 'GPT-5 mini', context: 400_000 },
    ],
  },
  {
    kind: 'openai_compatible',
    name: 'Compatible with OpenAI',
    about: 'vLLM, Ollama, llama.cpp, OpenRouter …: an address with /v1',
    baseUrl: undefined,
    needsKey: false,
    models: [],
  },
]

/** Kinds that the contract names and that are set up by the API for now. */
const OTHER_NAMES: Record<Exclude<ProviderKind, 'anthropic' | 'openai' | 'openai_compatible'>, string> = {
  google: 'Google',
  vertex: 'Vertex AI',
  azure: 'Azure OpenAI',
  bedrock: 'Amazon Bedrock',
}

export function kindName(kind: ProviderKind): string {
  switch (kind) {
    case 'google':
    case 'vertex':
    case 'azure':
    case 'bedrock':
      return OTHER_NAMES[kind]
    default:
      return KINDS.find((other) => other.kind === kind)?.name ?? kind
  }
}
