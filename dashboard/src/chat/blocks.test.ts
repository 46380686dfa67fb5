import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, NOTHING } from './blocks'

const piece = fc.constantFrom(
  'A line of prose\n',
  '\n',
  '\n\n',
  '- item\n',
  '  more of the item\n',
  '1. first\n',
  '# Title\n',
  '```js\n',
  'let a = 1\n',
  '```\n',
  '> quoted\n',
  '| a | b |\n',
  '|---|---|\n',
  '| 1 | 2 |\n',
  '    indented\n',
  '---\n',
  '<b>x</b>\n',
  'half ',
  '\t',
  'ünïcode 🐇\n',
  '===\n',
)
const documents = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''))

test('the blocks put together are the text', () => {
  fc.assert(
    fc.property(documents, (text) => {
      expect(cut(text).blocks.join('')).toBe(text)
    }),
  )
})

test('a text that grows piece by piece is cut without losing a character', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      let text = ''
      let now = NOTHING
      for (const next of pieces) {
        text += next
        now = cut(text, now)
        expect(now.blocks.join('')).toBe(text)
      }
    }),
  )
})

test('blocks that are settled stay the same strings while text is appended', () => {
  const before = cut('one\n\ntwo\n\nthree\n\nfour\n\nfive')
  const after = cut(`${before.text} and more`, before)
  expect(after.blocks.slice(0, 4)).toEqual(before.blocks.slice(0, 4))
  expect(after.blocks.at(-1)).toBe('five and more')
})

test('a fence that is open takes what follows', () => {
  expect(cut('text\n\n```js\na\n\nb').blocks).toEqual(['text\n\n', '```js\na\n\nb'])
})
