import { expect, test } from 'vitest'
import { KINDS } from './kinds'
import { modelsOf } from './new-provider'

const kind = (name: string) => {
  const found = KINDS.find((other) => other.kind === name)
  if (found === undefined) throw new Error(`no kind ${name}`)
  return found
}

function form(entries: Record<string, string>) {
  const data = new FormData()
  for (const [name, value] of Object.entries(entries)) data.set(name, value)
  return data
}

test('models at the provider’s own address leave their window to the catalogue', () => {
  expect(modelsOf(kind('anthropic'), form({ 'model:claude-opus-5-5': 'on' }))).toEqual([
    { name: 'claude-opus-5-5', display_name: 'Claude Opus 5.5' },
  ])
})

test('models at another address have the window that was typed', () => {
  expect(modelsOf(kind('anthropic'), form({ 'model:claude-opus-5-5': 'on', context_limit: '200,000' }))).toEqual([
    { name: 'claude-opus-5-5', display_name: 'Claude Opus 5.5', context_limit: 200_000 },
  ])
})

test('a model that was named has a window in any case', () => {
  expect(modelsOf(kind('openai_compatible'), form({ model: 'qwen3-coder', context_limit: '' }))).toEqual([
    { name: 'qwen3-coder', context_limit: 128_000 },
  ])
})
