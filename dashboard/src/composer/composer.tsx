import { ArrowUp, File as FileIcon, ImagePlus, Square, X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { Content } from '@/api/types'
import { IconButton } from '@/ui/button'
import { Spinner } from '@/ui/spinner'
import { Tip } from '@/ui/tip'
import { loadDraft, saveDraft } from './draft'
import { type PendingFile, useAttachments } from './use-attachments'

export interface Outgoing {
  text: string
  files: PendingFile[]
  content: Content[]
  /** Do not queue it: interrupt what runs. */
  now: boolean
}

interface ComposerProps {
  draftKey: string
  placeholder: string
  /** The agent works: a message is queued, and there is something to stop. */
  busy: boolean
  disabled?: boolean
  autoFocus?: boolean
  /** Answers whether the message was taken; what was not taken comes back. */
  onSend: (message: Outgoing) => Promise<boolean>
  onStop?: () => void
  /** ↑ in the empty field: the text of the last queued message, taken out of the queue. */
  onEditQueued?: () => Promise<string | undefined>
  /** Text put into the field from outside, such as a queued message to edit. */
  inserted?: { text: string }
  chips: ReactNode
}

const touches = matchMedia('(pointer: coarse)')

export function Composer(props: ComposerProps) {
  const {
    draftKey,
    placeholder,
    busy,
    disabled = false,
    autoFocus = false,
    onSend,
    onStop,
    onEditQueued,
    inserted,
    chips,
  } = props
  const [text, setText] = useState(() => loadDraft(draftKey))
  const [over, setOver] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const attachments = useAttachments()
  const empty = text.trim() === '' && attachments.files.length === 0

  useEffect(() => saveDraft(draftKey, text), [draftKey, text])
  useEffect(() => {
    if (inserted === undefined) return
    setText((now) => (now.trim() === '' ? inserted.text : `${inserted.text}\n\n${now}`))
    field.current?.focus()
  }, [inserted])

  const send = async (now: boolean) => {
    if (empty || disabled || !attachments.ready) return
    const files = attachments.files
    const content: Content[] = [
      ...files.flatMap((file): Content[] => (file.file_id ? [{ type: 'file', file_id: file.file_id }] : [])),
      ...(text.trim() === '' ? [] : [{ type: 'text' as const, text }]),
    ]
    setText('')
    attachments.clear()
    const taken = await onSend({ text, files, content, now })
    if (!taken) setText((typed) => (typed === '' ? text : `${text}\n${typed}`))
  }

  const onKey = async (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      await send(true)
    } else if (event.key === 'Enter' && !event.shiftKey && !touches.matches) {
      event.preventDefault()
      await send(false)
    } else if (event.key === 'ArrowUp' && text === '' && onEditQueued) {
      event.preventDefault()
      const queued = await onEditQueued()
      if (queued !== undefined) setText(queued)
    }
  }

  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    attachments.add(event.dataTransfer.files)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way to what the button does
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={`rounded-xl border bg-raised shadow-[0_1px_3px_oklch(0.2_0.01_265/0.06)] transition-colors focus-within:border-ink-3/70 ${over ? 'border-accent' : 'border-line-strong'}`}
    >
      {attachments.files.length > 0 && (
        <ul className="flex flex-wrap gap-1.5 px-3 pt-3">
          {attachments.files.map((file) => (
            <li
              key={file.key}
              className="flex h-7 items-center gap-1.5 rounded-md border border-line bg-sunken pr-0.5 pl-2 text-xs"
            >
              {file.file_id ? <FileIcon size={12} className="text-ink-3" /> : <Spinner size={12} />}
              <span className="max-w-44 truncate">{file.name}</span>
              <IconButton small label={`Remove ${file.name}`} onClick={() => attachments.drop(file.key)}>
                <X size={12} />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <textarea
        ref={field}
        id="composer"
        rows={1}
        value={text}
        disabled={disabled}
        autoFocus={autoFocus && !touches.matches}
        aria-label={placeholder}
        placeholder={placeholder}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => void onKey(event)}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return
          event.preventDefault()
          attachments.add(event.clipboardData.files)
        }}
        className="field-sizing-content block max-h-[40vh] min-h-[46px] w-full resize-none bg-transparent px-4 pt-3 pb-1 text-[15px] leading-6 outline-none placeholder:text-ink-3 max-md:text-base"
      />
      <div className="flex items-center gap-0.5 px-2 pb-2">
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept="image/*,application/pdf,text/*"
          onChange={(event) => {
            attachments.add(event.target.files ?? [])
            event.target.value = ''
          }}
        />
        <IconButton label="Add images or files" onClick={() => picker.current?.click()} disabled={disabled}>
          <ImagePlus size={15} />
        </IconButton>
        {chips}
        <SendButton
          stops={busy && empty && onStop !== undefined}
          queues={busy}
          disabled={disabled || empty || !attachments.ready}
          onSend={() => void send(false)}
          onStop={() => onStop?.()}
        />
      </div>
    </div>
  )
}

interface SendButtonProps {
  stops: boolean
  queues: boolean
  disabled: boolean
  onSend: () => void
  onStop: () => void
}

const ROUND =
  'ml-1 flex size-8 shrink-0 items-center justify-center rounded-lg bg-solid text-on-solid transition-colors hover:bg-solid-hover disabled:cursor-default disabled:bg-active disabled:text-ink-3 max-md:size-9'

function SendButton({ stops, queues, disabled, onSend, onStop }: SendButtonProps) {
  if (stops) {
    return (
      <Tip text="Interrupt" keys="Esc">
        <button type="button" aria-label="Interrupt the agent" onClick={onStop} className={ROUND}>
          <Square size={12} fill="currentColor" />
        </button>
      </Tip>
    )
  }
  return (
    <Tip text={queues ? 'Queue: sent when the agent is done' : 'Send'} keys="enter">
      <button
        type="button"
        aria-label={queues ? 'Queue the message' : 'Send the message'}
        disabled={disabled}
        onClick={onSend}
        className={ROUND}
      >
        <ArrowUp size={16} />
      </button>
    </Tip>
  )
}
