import clsx from 'clsx'
import { ChevronRight, FileDiff } from 'lucide-react'
import { useState } from 'react'
import { Blank } from '@/ui/blank'
import { Button } from '@/ui/button'
import { plural } from '@/ui/format'
import type { ChangedFile } from './changes'
import { asMessage, commentOn, isAbout, type LineComment } from './comments'
import { Counts } from './counts'
import { type DiffRow, languageOf } from './diff'
import { DiffView } from './diff-view'
import { CommentField, WrittenComment } from './line-comments'

interface ChangesListProps {
  files: ChangedFile[]
  /** Sends a message to the agent; answers whether it was taken. */
  onSend: (text: string) => Promise<boolean>
}

export default function ChangesList({ files, onSend }: ChangesListProps) {
  const [comments, setComments] = useState<LineComment[]>([])
  const [busy, setBusy] = useState(false)
  if (files.length === 0) {
    return (
      <Blank icon={<FileDiff size={22} />} title="Nothing changed yet">
        Files that the agent writes or edits are listed here, with what changed in them.
      </Blank>
    )
  }
  const send = async () => {
    setBusy(true)
    if (await onSend(asMessage(comments))) setComments([])
    setBusy(false)
  }
  return (
    <div className="flex min-h-full flex-col">
      <div className="flex-1">
        {files.map((file, at) => (
          <File
            key={file.path}
            file={file}
            initiallyOpen={at === 0}
            comments={comments}
            onAdd={(comment) => setComments((all) => [...all, comment])}
            onRemove={(comment) => setComments((all) => all.filter((other) => other !== comment))}
          />
        ))}
      </div>
      {comments.length > 0 && (
        <div className="sticky bottom-0 flex justify-end gap-2 border-line border-t bg-canvas px-3 py-2.5">
          <Button small look="quiet" onClick={() => setComments([])}>
            Discard
          </Button>
          <Button small look="solid" busy={busy} onClick={() => void send()}>
            Send {plural(comments.length, 'comment')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface FileProps {
  file: ChangedFile
  initiallyOpen: boolean
  comments: LineComment[]
  onAdd: (comment: LineComment) => void
  onRemove: (comment: LineComment) => void
}

function File({ file, initiallyOpen, comments, onAdd, onRemove }: FileProps) {
  const [open, setOpen] = useState(initiallyOpen)
  const [writing, setWriting] = useState<DiffRow>()
  const slash = file.path.lastIndexOf('/')
  const below = (row: DiffRow) => {
    const about = comments.filter((comment) => isAbout(comment, file.path, row))
    if (about.length === 0 && row !== writing) return null
    return (
      <>
        {about.map((comment) => (
          <WrittenComment key={comment.id} comment={comment} onRemove={() => onRemove(comment)} />
        ))}
        {row === writing && (
          <CommentField
            onClose={() => setWriting(undefined)}
            onSave={(text) => {
              const comment = commentOn(file.path, row, text)
              if (comment !== undefined) onAdd(comment)
              setWriting(undefined)
            }}
          />
        )}
      </>
    )
  }
  return (
    <section className="border-line border-b">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="sticky top-0 z-10 flex h-9 w-full items-center gap-2 bg-canvas px-3 text-left hover:bg-hover"
      >
        <ChevronRight size={13} className={clsx('shrink-0 text-ink-3 transition-transform', open && 'rotate-90')} />
        <span className="min-w-0 flex-1 truncate font-mono text-[12px]" title={file.path}>
          <span className="text-ink-3">{file.path.slice(0, slash + 1)}</span>
          {file.path.slice(slash + 1)}
        </span>
        <Counts additions={file.additions} deletions={file.deletions} />
      </button>
      {open &&
        file.changes.map((change, at) => (
          <div key={at} className="border-line border-t">
            <DiffView rows={change.rows} language={languageOf(change.path)} onComment={setWriting} below={below} />
          </div>
        ))}
    </section>
  )
}
