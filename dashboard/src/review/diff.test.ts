import { expect, test } from 'vitest'
import { allAdded, countRows, languageOf, parseDiff, replaced } from './diff'

test('a unified diff becomes rows with the line numbers of both sides', () => {
  const rows = parseDiff(
    '--- a/x\n+++ b/x\n@@ -3,3 +3,3 @@ f()\n one\n-two\n+2\n three\n\\ No newline at end of file\n',
  )
  expect(rows).toEqual([
    { kind: 'gap', text: 'f()' },
    { kind: 'same', text: 'one', before: 3, after: 3 },
    { kind: 'remove', text: 'two', before: 4 },
    { kind: 'add', text: '2', after: 4 },
    { kind: 'same', text: 'three', before: 5, after: 5 },
  ])
  expect(countRows(rows)).toEqual({ additions: 1, deletions: 1 })
})

test('removed lines that look like headers are lines', () => {
  const rows = parseDiff('--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n--- a comment in SQL\n kept\n')
  expect(rows.map((row) => row.kind)).toEqual(['remove', 'same'])
})

test('what is no diff gives no rows', () => {
  expect(parseDiff('')).toEqual([])
  expect(parseDiff('Binary files differ')).toEqual([])
})

test('a new file is all added, its last line end being no line', () => {
  expect(allAdded('a\nb\n').map((row) => row.text)).toEqual(['a', 'b'])
})

test('one text for another keeps the lines that both share', () => {
  expect(replaced('a\nb\nc', 'a\nx\ny\nc').map((row) => row.kind)).toEqual(['same', 'remove', 'add', 'add', 'same'])
})

test('languages go by the name of the file', () => {
  expect([languageOf('src/A.java'), languageOf('Dockerfile'), languageOf('LICENSE')]).toEqual(['java', 'docker', ''])
})
