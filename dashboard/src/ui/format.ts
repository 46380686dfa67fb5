// Numbers and times in few characters.

export function duration(ms: number): string {
  const seconds = ms / 1000
  if (ms < 10) return `${Math.round(Math.max(0, ms) * 10) / 10} ms`
  if (seconds < 1) return `${Math.round(ms)} ms`
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min${seconds % 60 >= 1 ? ` ${Math.floor(seconds % 60)} s` : ''}`
  const hours = Math.floor(minutes / 60)
  return `${hours} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`
}

/** A running clock: 0:07, 12:30, 1:02:03. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`
}

/** How long ago: now, 4m, 3h, 2d, 12 Mar. */
export function ago(iso: string, now: number): string {
  const then = Date.parse(iso)
  const minutes = Math.floor((now - then) / 60_000)
  if (Number.isNaN(minutes)) return ''
  if (minutes < 1) return 'now'
  if (minutes < 60) return `${minutes}m`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h`
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / (24 * 60))}d`
  return new Date(then).toLocaleDateString('en', { day: 'numeric', month: 'short' })
}

export function dateTime(iso: string | undefined): string {
  if (iso === undefined) return '–'
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
}

export function count(value: number): string {
  if (value < 1000) return String(value)
  if (value < 1_000_000) return `${trim(value / 1000)}k`
  return `${trim(value / 1_000_000)}M`
}

const trim = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, ''))

export const plural = (value: number, one: string, many = `${one}s`) => `${value} ${value === 1 ? one : many}`
