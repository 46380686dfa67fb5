import clsx from 'clsx'
import { ChevronRight, FileDiff } from 'lucide-react'
import { useState } from 'react'
import { Blank } from '@/ui/blank'
import type { ChangedFile } from './changes'
import { Counts } from './counts'
import { languageOf } from './diff'
import { DiffView } from './diff-view'

export default function ChangesList({ files }: { files: ChangedFile[] }) {
  if (files.length === 0) {
    return (
      <Blank icon={<FileDiff size={22} />} title="Nothing changed yet">
        Files that the agent writes or edits are listed here, with what changed in them.
      </Blank>
    )
  }
  return files.map((file, at) => <File key={file.path} file={file} initiallyOpen={at === 0} />)
}

function File({ file, initiallyOpen }: { file: ChangedFile; initiallyOpen: boolean }) {
  const [open, setOpen] = useState(initiallyOpen)
  const slash = file.path.lastIndexOf('/')
  return (
    <section className="border-line border-b">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="sticky top-0 flex h-9 w-full items-center gap-2 bg-canvas px-3 text-left hover:bg-hover"
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
            <DiffView rows={change.rows} language={languageOf(change.path)} />
          </div>
        ))}
    </section>
  )
}
