// Template parameters and what was typed for them.
import type { Json, TemplateParameter } from '@/api/types'

export type Typed = Record<string, string | boolean>

/** What the fields show first. */
export function initial(parameters: TemplateParameter[]): Typed {
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, shown(parameter)]))
}

function shown(parameter: TemplateParameter): string | boolean {
  const value = parameter.default
  if (parameter.type === 'bool') return value === true
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.join('\n') : String(value)
}

/** The parameters as the server takes them; one that was left empty is left out, so that its default holds. */
export function values(parameters: TemplateParameter[], typed: Typed): Record<string, Json> {
  return Object.fromEntries(
    parameters.flatMap((parameter): [string, Json][] => {
      const value = typed[parameter.name]
      if (typeof value === 'boolean') return [[parameter.name, value]]
      const text = value?.trim() ?? ''
      if (text === '') return []
      switch (parameter.type) {
        case 'number':
          // What is no number goes as it was typed; the server says what is wrong with it.
          return [[parameter.name, Number.isNaN(Number(text)) ? text : Number(text)]]
        case 'list':
          return [
            [
              parameter.name,
              text
                .split('\n')
                .map((line) => line.trim())
                .filter(Boolean),
            ],
          ]
        default:
          return [[parameter.name, text]]
      }
    }),
  )
}
