import type { ReactNode } from 'react'
import { Link } from '@/app/navigation'
import { languageOf } from '@/review/diff'
import { DiffView } from '@/review/diff-view'
import { Highlighted } from '../highlighted'
import { AgentWork } from './agent-work'
import { type Call, changesOf } from './describe'
import { Output } from './output'
import { errorText, isRecord, items, number, text } from './read'

/** What went into a tool and what came out of it. */
export default function CardBody({ call, preview }: { call: Call; preview: string | undefined }) {
  return (
    <div className="flex flex-col border-line border-t">
      {call.result?.is_error && <ErrorText output={call.result.output} />}
      <Content call={call} preview={preview} />
    </div>
  )
}

function Content({ call, preview }: { call: Call; preview: string | undefined }) {
  switch (call.name) {
    case 'execute':
    case 'process_output':
      return <Command call={call} preview={preview} />
    case 'write_file':
    case 'edit_files':
      return <Changes call={call} />
    case 'read_file':
      return <FileLines call={call} />
    case 'list_templates':
      return <Templates call={call} />
    case 'create_workspace':
    case 'start_workspace':
    case 'stop_workspace':
      return <WorkspaceWork call={call} preview={preview} />
    case 'spawn_agent':
    case 'wait_agent':
    case 'message_agent':
    case 'close_agent':
      return <AgentWork call={call} />
    default:
      return <Anything call={call} />
  }
}

function ErrorText({ output }: { output: unknown }) {
  return (
    <p className="max-h-60 overflow-auto whitespace-pre-wrap break-words bg-bad-soft px-3 py-2 text-bad">
      {errorText(output)}
    </p>
  )
}

function Command({ call, preview }: { call: Call; preview: string | undefined }) {
  const command = text(call.input, 'command')
  const output = call.result?.is_error ? undefined : (text(call.result?.output, 'output') ?? preview)
  const exit = number(call.result?.output, 'exit_code')
  const processId = text(call.result?.output, 'process_id')
  return (
    <>
      {command !== undefined && (
        <pre className="max-h-48 overflow-auto whitespace-pre-wrap break-words bg-sunken px-3 py-2 text-[12px] leading-[19px]">
          <span className="select-none text-ink-3">$ </span>
          <Highlighted code={command} language="bash" />
        </pre>
      )}
      {output !== undefined && output !== '' && <Output text={output} />}
      {(exit !== undefined || processId !== undefined) && (
        <p className="border-line border-t px-3 py-1.5 text-ink-3 text-xs">
          {exit === undefined
            ? 'Goes on in the background'
            : exit === 0
              ? 'Ended well'
              : `Ended with exit code ${exit}`}
        </p>
      )}
    </>
  )
}

function Changes({ call }: { call: Call }) {
  const changes = changesOf(call)
  return (
    <>
      {changes.map((change, at) => (
        <div key={at} className="border-line border-t first:border-t-0">
          {changes.length > 1 && <p className="px-3 pt-1.5 font-mono text-[11.5px] text-ink-2">{change.path}</p>}
          {change.notes.length > 0 && <p className="px-3 pt-1.5 text-warn text-xs">{change.notes.join(' ')}</p>}
          <div className="max-h-[420px] overflow-y-auto">
            <DiffView rows={change.rows} language={languageOf(change.path)} />
          </div>
        </div>
      ))}
    </>
  )
}

function FileLines({ call }: { call: Call }) {
  const content = text(call.result?.output, 'content') ?? text(call.result?.output, 'output')
  if (content === undefined) return call.result?.is_error ? null : <Anything call={call} />
  // Each line comes as "number, tab, line".
  const lines = content
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => /^\s*(\d+)\t(.*)$/.exec(line))
  const numbered = lines.every((line) => line !== null)
  const code = numbered ? lines.map((line) => line?.[2] ?? '').join('\n') : content
  return (
    <div className="flex max-h-[360px] overflow-auto py-1.5 font-mono text-[12px] leading-[19px]">
      {numbered && (
        <pre aria-hidden className="sticky left-0 shrink-0 select-none bg-canvas pr-3 pl-3 text-right text-ink-3">
          {lines.map((line) => line?.[1]).join('\n')}
        </pre>
      )}
      <pre className="pr-3 pl-1">
        <Highlighted code={code} language={languageOf(text(call.input, 'path') ?? '')} />
      </pre>
    </div>
  )
}

function Templates({ call }: { call: Call }) {
  const templates = items(call.result?.output, 'templates')
  const recommended = text(call.result?.output, 'recommended_template_id')
  if (templates.length === 0) return <Anything call={call} />
  return (
    <ul className="flex flex-col px-3 py-1.5">
      {templates.map((template, at) => (
        <li key={at} className="flex gap-2 py-1">
          <span className="font-medium">{text(template, 'display_name') || text(template, 'name')}</span>
          <span className="min-w-0 flex-1 truncate text-ink-2">{text(template, 'description')}</span>
          {recommended !== undefined && text(template, 'id') === recommended && (
            <span className="text-good">recommended</span>
          )}
        </li>
      ))}
    </ul>
  )
}

function WorkspaceWork({ call, preview }: { call: Call; preview: string | undefined }) {
  const id = text(call.result?.output, 'workspace_id')
  return (
    <>
      {preview && <Output text={preview} />}
      {id !== undefined && (
        <Row name="Workspace">
          <Link to={{ page: 'workspace', workspaceId: id }} className="text-accent hover:underline">
            {text(call.result?.output, 'name') ?? id}
          </Link>
          <span className="text-ink-3"> {text(call.result?.output, 'status')}</span>
        </Row>
      )}
      {id === undefined && !preview && <Anything call={call} />}
    </>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <p className="flex gap-3 px-3 py-2">
      <span className="w-20 shrink-0 text-ink-3">{name}</span>
      <span className="min-w-0">{children}</span>
    </p>
  )
}

function Anything({ call }: { call: Call }) {
  const hasInput = isRecord(call.input) && Object.keys(call.input).length > 0
  return (
    <div className="flex flex-col text-[12px] leading-[19px]">
      {(hasInput || call.raw) && <JsonText title="Input" value={hasInput ? call.input : call.raw} />}
      {call.result && !call.result.is_error && <JsonText title="Result" value={call.result.output} />}
    </div>
  )
}

function JsonText({ title, value }: { title: string; value: unknown }) {
  const code = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return (
    <div className="border-line border-t first:border-t-0">
      <p className="px-3 pt-1.5 text-ink-3 text-xs">{title}</p>
      <pre className="max-h-72 overflow-auto whitespace-pre-wrap break-words px-3 pb-2">
        <Highlighted code={code} language="json" />
      </pre>
    </div>
  )
}
