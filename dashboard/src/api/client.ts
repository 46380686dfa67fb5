// Requests to the control plane: the session's cookie does not suffice, each request carries the secret that the
// sign-in answered and that only this origin holds.
import type { Problem } from './types'

const CSRF_KEY = 'warren.csrf'

export const session = {
  csrf: () => localStorage.getItem(CSRF_KEY) ?? '',
  begin: (csrf: string) => localStorage.setItem(CSRF_KEY, csrf),
  end: () => localStorage.removeItem(CSRF_KEY),
}

/** A refusal or failure as a problem document; status 0 is "no answer at all". */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title ?? `The server answered ${problem.status}.`)
    this.name = 'ApiError'
  }

  get status() {
    return this.problem.status
  }

  /** What is wrong with one field, if anything is. */
  field(name: string) {
    return this.problem.errors?.find((error) => error.field === name)?.detail
  }
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

interface Options {
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  raw?: Blob
  idempotencyKey?: string
  signal?: AbortSignal
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const csrf = session.csrf()
  if (csrf) headers['X-Warren-CSRF'] = csrf
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.raw) headers['Content-Type'] = options.raw.type || 'application/octet-stream'
  const body = options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body))
  let response: Response
  try {
    response = await fetch(urlOf(path, options.query), { method, headers, body, signal: options.signal ?? null })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new ApiError({ status: 0, detail: 'The server does not answer. Check that it runs, then try again.' })
  }
  if (!response.ok) throw new ApiError(await problemOf(response))
  if (response.status === 204) return noContent()
  const text = await response.text()
  return text === '' ? noContent() : JSON.parse(text)
}

function noContent<T>(): T {
  return JSON.parse('null')
}

export function urlOf(path: string, query: Options['query'] = {}) {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  const search = parameters.size > 0 ? `?${parameters}` : ''
  return `/api/v1${path}${search}`
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const problem: Problem = await response.json()
    return { ...problem, status: response.status }
  } catch {
    return { status: response.status, detail: `The server answered ${response.status} ${response.statusText}.` }
  }
}

export const get = <T>(path: string, query?: Options['query'], signal?: AbortSignal) =>
  request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) })
export const post = <T>(path: string, body?: unknown, idempotencyKey?: string) =>
  request<T>('POST', path, { body, ...(idempotencyKey ? { idempotencyKey } : {}) })
export const patch = <T>(path: string, body: unknown) => request<T>('PATCH', path, { body })
export const remove = (path: string) => request<null>('DELETE', path)
