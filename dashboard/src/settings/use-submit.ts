import { type FormEvent, useState } from 'react'
import { ApiError, messageOf } from '@/api/client'

/** A form that sends itself: busy meanwhile, and what the server refused, as a whole and by field. */
export function useSubmit(work: (form: FormData) => Promise<unknown>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return {
    busy,
    failed: error === undefined ? undefined : messageOf(error),
    field: (name: string) => (error instanceof ApiError ? error.field(name) : undefined),
    submit: async (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault()
      const form = new FormData(event.currentTarget)
      setBusy(true)
      setError(undefined)
      try {
        await work(form)
      } catch (failure) {
        setError(failure)
      } finally {
        setBusy(false)
      }
    },
  }
}

export const textOf = (form: FormData, name: string) => String(form.get(name) ?? '').trim()

/** A number that was typed, if one was. */
export function numberOf(form: FormData, name: string): number | undefined {
  const text = textOf(form, name).replaceAll(/[_,\s]/g, '')
  return text === '' ? undefined : Number(text)
}
