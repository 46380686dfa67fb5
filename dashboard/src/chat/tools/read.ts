// Reads tool inputs and outputs, which are whatever a model or a workspace made them: what is not as expected is absent.

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const at = (value: unknown, key: string): unknown => (isRecord(value) ? value[key] : undefined)

export function text(value: unknown, key: string): string | undefined {
  const found = at(value, key)
  return typeof found === 'string' ? found : undefined
}

export function number(value: unknown, key: string): number | undefined {
  const found = at(value, key)
  return typeof found === 'number' ? found : undefined
}

export const flag = (value: unknown, key: string): boolean => at(value, key) === true

export function items(value: unknown, key: string): unknown[] {
  const found = at(value, key)
  return Array.isArray(found) ? found : []
}

/** A field's text out of arguments that are still being written, such as `{"path":"src/Ma`. */
export function growing(raw: string, key: string): string | undefined {
  const found = new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(raw)?.[1]
  if (found === undefined) return undefined
  try {
    const whole: string = JSON.parse(`"${found.replace(/\\+$/, '')}"`)
    return whole
  } catch {
    return found
  }
}

/** What an error result says. */
export function errorText(output: unknown): string {
  if (typeof output === 'string') return output
  return text(output, 'error') ?? text(output, 'message') ?? text(output, 'detail') ?? JSON.stringify(output, null, 2)
}
