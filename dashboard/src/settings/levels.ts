// How much a model thinks, as its administrator sets it: a level is a few members of the options that go along with
// each request.
import type { Json, ReasoningLevel } from '@/api/types'

type Options = Record<string, Json>

const isOptions = (value: Json | undefined): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Options with those of a level in their place; what the level does not name stays. */
export function withLevel(options: Options, level: Options): Options {
  const merged = Object.entries(level).map(([key, value]): [string, Json] => {
    const before = options[key]
    return [key, isOptions(before) && isOptions(value) ? withLevel(before, value) : value]
  })
  return { ...options, ...Object.fromEntries(merged) }
}

/** The level that the options say, if they say one. */
export const levelOf = (options: Options, levels: ReasoningLevel[]): string | undefined =>
  levels.find((level) => contains(options, level.options))?.level

function contains(options: Options, wanted: Options): boolean {
  return Object.entries(wanted).every(([key, value]) => {
    const set = options[key]
    if (isOptions(set) && isOptions(value)) return contains(set, value)
    return JSON.stringify(set) === JSON.stringify(value)
  })
}
