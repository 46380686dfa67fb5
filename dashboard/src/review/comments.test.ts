import { expect, test } from 'vitest'
import { asMessage, commentOn, isAbout, type LineComment } from './comments'
import type { DiffRow } from './diff'

const added: DiffRow = { kind: 'add', text: '  self.idle = 30', after: 14 }
const removed: DiffRow = { kind: 'remove', text: '  self.idle = 30_000', before: 14 }
const comment = (row: DiffRow, text: string): LineComment => {
  const made = commentOn('~/relay.py', row, text)
  if (made === undefined) throw new Error('this row can be commented on')
  return made
}

test('comments become one message, file by file, with the lines they are about', () => {
  const other = commentOn('~/b.py', { kind: 'same', text: 'x = `y`', before: 1, after: 2 }, 'why?\nreally')
  expect(asMessage([comment(added, 'Name the unit.'), ...(other ? [other] : []), comment(removed, 'Keep this.')])).toBe(
    [
      'Comments on your changes:',
      '',
      '~/relay.py',
      '- line 14 `self.idle = 30`: Name the unit.',
      '- removed line `self.idle = 30_000`: Keep this.',
      '',
      '~/b.py',
      "- line 2 `x = 'y'`: why?",
      '  really',
    ].join('\n'),
  )
})

test('a comment stays with its line, and with no other', () => {
  expect(isAbout(comment(added, 'x'), '~/relay.py', added)).toBe(true)
  expect(isAbout(comment(added, 'x'), '~/relay.py', { ...added, after: 15 })).toBe(false)
  expect(isAbout(comment(added, 'x'), '~/relay.py', removed)).toBe(false)
  expect(isAbout(comment(added, 'x'), '~/other.py', added)).toBe(false)
})

test('the gap between two places cannot be commented on', () => {
  expect(commentOn('a', { kind: 'gap', text: '' }, 'x')).toBeUndefined()
})
