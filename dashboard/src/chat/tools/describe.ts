// A tool call in one line: what was done, to what, and how it went.
import type { ToolResultPart } from '@/api/types'
import { allAdded, countRows, type DiffRow, parseDiff, replaced } from '@/review/diff'
import { flag, growing, isRecord, items, number, text } from './read'

export interface Call {
  id: string
  name: string
  input: unknown
  /** The arguments as far as they are written. */
  raw?: string
  result?: ToolResultPart
}

export interface FileChange {
  path: string
  rows: DiffRow[]
  additions: number
  deletions: number
  notes: string[]
}

export type Family = 'read' | 'edit' | 'run' | 'workspace' | 'template' | 'agent' | 'other'

export interface Description {
  family: Family
  verb: string
  subject: string
  /** Set in the typeface of code: a path or a command. */
  code: boolean
  note?: string
}

const VERBS: Record<string, [family: Family, asked: string, doing: string, done: string]> = {
  read_file: ['read', 'Read', 'Reading', 'Read'],
  write_file: ['edit', 'Write', 'Writing', 'Wrote'],
  edit_files: ['edit', 'Edit', 'Editing', 'Edited'],
  execute: ['run', 'Run', 'Running', 'Ran'],
  process_output: ['run', 'Wait for', 'Waiting for', 'Output of'],
  process_list: ['run', 'List', 'Listing', 'Listed'],
  process_signal: ['run', 'Signal', 'Signalling', 'Signalled'],
  list_templates: ['template', 'Look for', 'Looking for', 'Looked for'],
  read_template: ['template', 'Read', 'Reading', 'Read'],
  create_workspace: ['workspace', 'Create', 'Creating', 'Created'],
  start_workspace: ['workspace', 'Start', 'Starting', 'Started'],
  stop_workspace: ['workspace', 'Stop', 'Stopping', 'Stopped'],
  spawn_agent: ['agent', 'Start', 'Starting', 'Started'],
  wait_agent: ['agent', 'Wait for', 'Waiting for', 'Waited for'],
  message_agent: ['agent', 'Write to', 'Writing to', 'Wrote to'],
  close_agent: ['agent', 'Close', 'Closing', 'Closed'],
}

/** @param asked the call has not begun: the user is asked first */
export function describe(call: Call, asked = false): Description {
  const [family, ask, doing, done] = VERBS[call.name] ?? ['other', 'Call', 'Calling', 'Called']
  const verb = call.result !== undefined ? done : asked ? ask : doing
  const field = (key: string) => text(call.input, key) ?? (call.raw === undefined ? undefined : growing(call.raw, key))
  const output = call.result?.output
  switch (call.name) {
    case 'read_file': {
      const offset = number(call.input, 'offset')
      const limit = number(call.input, 'limit')
      const range = offset === undefined && limit === undefined ? undefined : rangeOf(offset ?? 1, limit)
      return noted({ family, verb, subject: field('path') ?? 'a file', code: true }, range)
    }
    case 'write_file':
      return { family, verb, subject: field('path') ?? 'a file', code: true }
    case 'edit_files': {
      const paths = [...new Set(items(call.input, 'edits').flatMap((edit) => text(edit, 'path') ?? []))]
      const [first] = paths
      if (paths.length > 1) return { family, verb, subject: `${paths.length} files`, code: false }
      return { family, verb, subject: first ?? field('path') ?? 'a file', code: true }
    }
    case 'execute':
      return noted(
        { family, verb, subject: field('command') ?? 'a command', code: true },
        flag(call.input, 'background') ? 'in the background' : undefined,
      )
    case 'process_output':
      return { family, verb, subject: 'a background command', code: false }
    case 'process_signal':
      return { family, verb, subject: 'a background command', code: false, note: field('signal') ?? '' }
    case 'process_list':
      return { family, verb, subject: 'background commands', code: false }
    case 'list_templates':
      return noted({ family, verb, subject: 'templates', code: false }, countNote(items(output, 'templates').length))
    case 'read_template':
      return { family, verb, subject: `template ${text(output, 'name') ?? ''}`.trim(), code: false }
    case 'create_workspace':
    case 'start_workspace':
    case 'stop_workspace':
      return { family, verb, subject: `workspace ${text(output, 'name') ?? field('name') ?? ''}`.trim(), code: false }
    case 'spawn_agent':
    case 'wait_agent':
    case 'message_agent':
    case 'close_agent':
      return { family, verb, subject: `agent ${field('title') ?? ''}`.trim(), code: false }
    default:
      return { family, verb, subject: call.name || 'a tool', code: call.name !== '' }
  }
}

const noted = (description: Description, note: string | undefined): Description =>
  note === undefined ? description : { ...description, note }

const rangeOf = (offset: number, limit: number | undefined) =>
  limit === undefined ? `from line ${offset}` : `lines ${offset}–${offset + limit - 1}`

const countNote = (found: number) => (found === 0 ? undefined : `${found} found`)

/** What a call did to files: from its result, or, where that says no more than "done", from what was asked for. */
export function changesOf(call: Call): FileChange[] {
  if (call.result?.is_error) return []
  if (call.name === 'write_file') {
    const path = text(call.input, 'path')
    const diff = text(call.result?.output, 'diff')
    const content = text(call.input, 'content')
    if (path === undefined) return []
    if (diff !== undefined) return [change(path, parseDiff(diff))]
    return content === undefined ? [] : [change(path, allAdded(content))]
  }
  if (call.name !== 'edit_files') return []
  const told = items(call.result?.output, 'files').flatMap((file) => {
    const path = text(file, 'path')
    const diff = text(file, 'diff')
    if (path === undefined || diff === undefined) return []
    const notes = items(file, 'notes').filter((note): note is string => typeof note === 'string')
    return [change(path, parseDiff(diff), notes)]
  })
  if (told.length > 0) return told
  return items(call.input, 'edits').flatMap((edit) => {
    const path = text(edit, 'path')
    if (path === undefined) return []
    return [change(path, replaced(text(edit, 'old_text') ?? '', text(edit, 'new_text') ?? ''))]
  })
}

const change = (path: string, rows: DiffRow[], notes: string[] = []): FileChange => ({
  path: short(path),
  rows,
  notes,
  ...countRows(rows),
})

/** A workspace's home is the same everywhere; files are named from there, however the model named them. */
const short = (path: string) => path.replace(/^\/home\/dev\//, '~/')

/** How a command ended, once it did. */
export function exitOf(call: Call): number | undefined {
  return isRecord(call.result?.output) ? number(call.result.output, 'exit_code') : undefined
}
