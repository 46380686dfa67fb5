// Unified diffs as rows to draw.

export type DiffRow =
  | { kind: 'same' | 'add' | 'remove'; text: string; before?: number; after?: number }
  | { kind: 'gap'; text: string }

export function parseDiff(diff: string): DiffRow[] {
  const rows: DiffRow[] = []
  let before = 0
  let after = 0
  let inHunk = false
  for (const line of diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line)
    if (hunk) {
      if (rows.length > 0 || Number(hunk[1]) > 1) rows.push({ kind: 'gap', text: hunk[3] ?? '' })
      before = Number(hunk[1])
      after = Number(hunk[2])
      inHunk = true
    } else if (!inHunk || line.startsWith('\\')) {
      // The names of the files, and "No newline at end of file".
    } else if (line.startsWith('+')) {
      rows.push({ kind: 'add', text: line.slice(1), after: after++ })
    } else if (line.startsWith('-')) {
      rows.push({ kind: 'remove', text: line.slice(1), before: before++ })
    } else if (line.startsWith(' ')) {
      rows.push({ kind: 'same', text: line.slice(1), before: before++, after: after++ })
    } else if (line.startsWith('diff ') || line.startsWith('--- ')) {
      inHunk = false
    }
  }
  return rows
}

/** A new file as a diff against nothing. */
export function allAdded(content: string): DiffRow[] {
  const lines = content.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((text, at) => ({ kind: 'add', text, after: at + 1 }))
}

/** One text replaced by another, where no diff came along: lines that both begin or end with are left as they are. */
export function replaced(oldText: string, newText: string): DiffRow[] {
  const before = oldText.split('\n')
  const after = newText.split('\n')
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++
  }
  const same = (text: string): DiffRow => ({ kind: 'same', text })
  return [
    ...before.slice(0, head).map(same),
    ...before.slice(head, before.length - tail).map((text): DiffRow => ({ kind: 'remove', text })),
    ...after.slice(head, after.length - tail).map((text): DiffRow => ({ kind: 'add', text })),
    ...before.slice(before.length - tail).map(same),
  ]
}

export function countRows(rows: DiffRow[]) {
  return {
    additions: rows.filter((row) => row.kind === 'add').length,
    deletions: rows.filter((row) => row.kind === 'remove').length,
  }
}

const BY_NAME: Record<string, string> = { dockerfile: 'docker', makefile: 'make' }

/** The language of a file by its name; the highlighter says whether it knows it. */
export function languageOf(path: string): string {
  const name = path.split('/').at(-1)?.toLowerCase() ?? ''
  return BY_NAME[name] ?? (name.includes('.') ? (name.split('.').at(-1) ?? '') : '')
}
