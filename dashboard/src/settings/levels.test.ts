import { expect, test } from 'vitest'
import { levelOf, withLevel } from './levels'

const LEVELS = [
  { level: 'low', options: { reasoning: { effort: 'low' } } },
  { level: 'high', options: { reasoning: { effort: 'high' } } },
]

test('a level takes its place among the options, and what it does not name stays', () => {
  const options = { reasoning: { effort: 'low', summary: 'auto' }, top_p: 1 }
  expect(withLevel(options, { reasoning: { effort: 'high' } })).toEqual({
    reasoning: { effort: 'high', summary: 'auto' },
    top_p: 1,
  })
  expect(withLevel({}, { thinking: null })).toEqual({ thinking: null })
})

test('the level is the one that the options say, and none where they say none', () => {
  expect(levelOf({ reasoning: { effort: 'high', summary: 'auto' } }, LEVELS)).toBe('high')
  expect(levelOf({ reasoning: { summary: 'auto' } }, LEVELS)).toBeUndefined()
  expect(levelOf({}, [])).toBeUndefined()
})
