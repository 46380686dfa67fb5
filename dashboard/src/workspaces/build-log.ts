// A build's log as it is written: read from a response that ends when the build does.
import { ApiError, session, urlOf } from '@/api/client'

/** Longer logs lose their beginning here; the server has all of it. */
export const LOG_CHARS_MAX = 400_000

export async function followLog(buildId: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
  const response = await fetch(urlOf(`/builds/${buildId}/logs`, { follow: true }), {
    headers: { 'X-Warren-CSRF': session.csrf() },
    signal,
  })
  if (!response.ok || response.body === null) {
    throw new ApiError({ status: response.status, detail: `The log could not be read (${response.status}).` })
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    text = (text + value).slice(-LOG_CHARS_MAX)
    onText(text)
  }
}
