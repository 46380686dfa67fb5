// What the user says about single lines of a change; all of it goes to the agent as one message.
import type { DiffRow } from './diff'

export interface LineComment {
  id: string
  path: string
  /** In the file as it is now; absent for a line that was removed. */
  line?: number
  code: string
  removed: boolean
  text: string
}

export function commentOn(path: string, row: DiffRow, text: string): LineComment | undefined {
  if (row.kind === 'gap') return undefined
  return {
    id: crypto.randomUUID(),
    path,
    code: row.text.trim(),
    removed: row.kind === 'remove',
    text: text.trim(),
    ...(row.after === undefined ? {} : { line: row.after }),
  }
}

/** Whether a comment is about this row. */
export function isAbout(comment: LineComment, path: string, row: DiffRow): boolean {
  if (row.kind === 'gap' || comment.path !== path) return false
  if (comment.removed !== (row.kind === 'remove') || comment.code !== row.text.trim()) return false
  return comment.line === row.after
}

/** Code longer than this is cut in the message: the agent has the file. */
const CODE_CHARS_MAX = 120

export function asMessage(comments: LineComment[]): string {
  const paths = [...new Set(comments.map((comment) => comment.path))]
  const files = paths.map((path) => {
    const lines = comments.filter((comment) => comment.path === path).map(asLine)
    return `${path}\n${lines.join('\n')}`
  })
  return `Comments on your changes:\n\n${files.join('\n\n')}`
}

function asLine({ line, code, removed, text }: LineComment): string {
  const where = line === undefined ? 'removed line' : `line ${line}`
  const short = code.length > CODE_CHARS_MAX ? `${code.slice(0, CODE_CHARS_MAX)} …` : code
  const quoted = short === '' ? '' : ` \`${short.replaceAll('`', "'")}\``
  return `- ${where}${removed && line !== undefined ? ' (removed)' : ''}${quoted}: ${text.replaceAll('\n', '\n  ')}`
}
