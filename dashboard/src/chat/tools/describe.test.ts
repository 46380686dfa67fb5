import { expect, test } from 'vitest'
import type { ToolResultPart } from '@/api/types'
import { RELAY_DIFF } from '@/gallery/fixtures'
import { type Call, changesOf, exitOf, describe as say } from './describe'
import { growing } from './read'
import { paint, plainTail } from './terminal-text'

const call = (name: string, input: unknown, output?: unknown, is_error = false): Call => {
  const result: ToolResultPart = { type: 'tool_result', id: 'c', name, output, is_error }
  return { id: 'c', name, input, ...(output === undefined ? {} : { result }) }
}

test('a call says what it does, and when it is done what it did', () => {
  expect(say(call('read_file', { path: 'a.py' })).verb).toBe('Reading')
  expect(say(call('read_file', { path: 'a.py', offset: 10, limit: 5 }, {}))).toEqual({
    family: 'read',
    verb: 'Read',
    subject: 'a.py',
    code: true,
    note: 'lines 10–14',
  })
})

test('whatever the model sends, there is a line for it', () => {
  for (const input of [undefined, null, 3, 'x', [], { path: 7 }, { edits: 'none' }, { edits: [null, 4, {}] }]) {
    for (const name of ['read_file', 'edit_files', 'execute', 'create_workspace', 'nobody_knows', '']) {
      expect(say(call(name, input)).subject).not.toBe('')
      expect(changesOf(call(name, input, null))).toEqual([])
    }
  }
})

test('changes come from the result where it has diffs, and from the request otherwise', () => {
  const edits = [{ path: '/home/dev/a.py', old_text: 'one\ntwo\nthree', new_text: 'one\n2\nthree' }]
  const told = changesOf(call('edit_files', { edits }, { files: [{ path: '/home/dev/a.py', diff: RELAY_DIFF }] }))
  expect(told.map(({ path, additions, deletions }) => [path, additions, deletions])).toEqual([['~/a.py', 4, 2]])
  const asked = changesOf(call('edit_files', { edits }, { ok: true }))
  expect(asked[0]?.rows.map((row) => row.kind)).toEqual(['same', 'remove', 'add', 'same'])
})

test('an edit that failed changed nothing', () => {
  const edits = [{ path: 'a', old_text: 'x', new_text: 'y' }]
  expect(changesOf(call('edit_files', { edits }, { error: 'not found' }, true))).toEqual([])
})

test('a command that ended has its exit code', () => {
  expect(exitOf(call('execute', {}, { exit_code: 2 }))).toBe(2)
  expect(exitOf(call('execute', {}))).toBeUndefined()
})

test('a field can be read while its arguments are still being written', () => {
  expect(growing('{"path": "src/ma', 'path')).toBe('src/ma')
  expect(growing('{"command": "echo \\"hi\\"\\n', 'command')).toBe('echo "hi"\n')
  expect(growing('{"command": "ends in a backslash \\', 'command')).toBe('ends in a backslash ')
  expect(growing('{"pa', 'path')).toBeUndefined()
})

test('terminal text keeps its colours and loses everything else that a terminal obeys', () => {
  const text = '\u001b[31mred\u001b[0m \u001b]0;title\u0007plain\u001b[2K\u001b[1A'
  expect(paint(text)).toEqual([
    { text: 'red', className: 'text-bad' },
    { text: ' plain', className: '' },
  ])
})

test('a line that was written over shows what it ended as', () => {
  expect(plainTail('10 %\r50 %\r100 %\ndone\r\n', 5)).toBe('100 %\ndone')
})
