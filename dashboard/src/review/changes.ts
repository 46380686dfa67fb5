// All that the agent changed in files, from the results of its edits: one entry a file, its diffs in order.
import type { Message, ToolResultPart } from '@/api/types'
import { changesOf, type FileChange } from '@/chat/tools/describe'

export interface ChangedFile {
  path: string
  additions: number
  deletions: number
  changes: FileChange[]
}

export function changedFiles(messages: Message[]): ChangedFile[] {
  const results = new Map<string, ToolResultPart>()
  for (const message of messages) {
    for (const part of message.parts) if (part.type === 'tool_result') results.set(part.id, part)
  }
  const files = new Map<string, ChangedFile>()
  for (const message of messages) {
    for (const part of message.parts) {
      if (part.type !== 'tool_call') continue
      const result = results.get(part.id)
      if (result === undefined) continue
      for (const change of changesOf({ id: part.id, name: part.name, input: part.input, result })) {
        const file = files.get(change.path) ?? { path: change.path, additions: 0, deletions: 0, changes: [] }
        files.set(change.path, {
          path: change.path,
          additions: file.additions + change.additions,
          deletions: file.deletions + change.deletions,
          changes: [...file.changes, change],
        })
      }
    }
  }
  return [...files.values()]
}
