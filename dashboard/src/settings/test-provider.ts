import { messageOf, post } from '@/api/client'
import type { Provider } from '@/api/types'
import { toast } from '@/ui/toast'

interface TestAnswer {
  ok?: boolean
  detail?: string
  message?: string
  error?: string
  latency_ms?: number
  duration_ms?: number
}

/** Lets the server make one tiny call: how long it took, where that is known. What is wrong is thrown. */
export async function callProvider(provider: Provider): Promise<number | undefined> {
  const answer = await post<TestAnswer | null>(`/admin/providers/${provider.id}/test`)
  if (answer?.ok === false) throw new Error(answer.detail ?? answer.message ?? answer.error ?? 'The call failed.')
  return answer?.latency_ms ?? answer?.duration_ms
}

export const sayAnswered = (provider: Provider, ms: number | undefined) =>
  toast.say(`${provider.name} answers${ms === undefined ? '' : ` in ${Math.round(ms)} ms`}.`)

/** Tries a provider, and says how it went. */
export async function testProvider(provider: Provider): Promise<void> {
  try {
    sayAnswered(provider, await callProvider(provider))
  } catch (error) {
    toast.fail(`${provider.name}: ${messageOf(error)}`)
  }
}
