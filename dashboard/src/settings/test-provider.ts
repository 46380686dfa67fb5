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

/** Lets the server make one tiny call, and says how it went. */
export async function testProvider(provider: Provider): Promise<void> {
  try {
    const answer = await post<TestAnswer | null>(`/admin/providers/${provider.id}/test`)
    if (answer?.ok === false) {
      toast.fail(`${provider.name}: ${answer.detail ?? answer.message ?? answer.error ?? 'the call failed'}`)
      return
    }
    const ms = answer?.latency_ms ?? answer?.duration_ms
    toast.say(`${provider.name} answers${ms === undefined ? '' : ` in ${Math.round(ms)} ms`}.`)
  } catch (error) {
    toast.fail(`${provider.name}: ${messageOf(error)}`)
  }
}
