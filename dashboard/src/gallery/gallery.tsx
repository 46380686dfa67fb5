// Every state of a conversation on one page, for those who draw it. Open /gallery while `npm run dev` runs.
import type { ReactNode } from 'react'
import { StatusDot } from '@/agents/status-dot'
import type { ChatStatus, Message, ToolResultPart } from '@/api/types'
import { type ChatState, EMPTY } from '@/chat/reducer'
import { StatusLine } from '@/chat/status-line'
import { ToolCard } from '@/chat/tools/card'
import { TurnView } from '@/chat/turn-view'
import { turnsOf } from '@/chat/turns'
import * as world from './fixtures'

const STATES: ChatStatus[] = ['pending', 'running', 'interrupting', 'requires_action', 'waiting', 'error']

const asked = (question: string, ...more: Message[]) => [world.message('user', [world.text(question)]), ...more]
const state = (status: ChatStatus, more: Partial<ChatState> = {}, error?: string): ChatState => ({
  ...EMPTY,
  chat: world.chat('g', 'A chat', status, error === undefined ? {} : { last_error: error }),
  ...more,
})
const outcome = (name: string, output: unknown, is_error = false, duration_ms = 1_240): ToolResultPart => ({
  type: 'tool_result',
  id: 'x',
  name,
  output,
  is_error,
  duration_ms,
})

export default function Gallery() {
  return (
    <main>
      <div className="mx-auto flex max-w-[760px] flex-col gap-8 px-6 py-8">
        <h1 className="font-semibold text-[19px]">States</h1>
        <Shown name="In the list">
          <div className="flex flex-wrap gap-5">
            {STATES.map((status) => (
              <span key={status} className="flex items-center gap-1.5">
                <StatusDot chat={world.chat('g', '', status)} unseen={false} /> {status}
              </span>
            ))}
            <span className="flex items-center gap-1.5">
              <StatusDot chat={world.chat('g', '', 'waiting')} unseen /> waiting, new
            </span>
          </div>
        </Shown>
        <Shown name="Starting">
          <Line state={state('pending')} />
        </Shown>
        <Shown name="Starting a workspace">
          <StatusLine
            state={state('running')}
            workspace={world.workspace('w', 'relay-fix', 'starting')}
            onRetry={nothing}
          />
        </Shown>
        <Shown name="Thinking">
          <Line state={state('running')} />
        </Shown>
        <Shown name="Trying again">
          <Line
            state={state('running', { retry: { attempt: 1, in_ms: 12_000, reason: 'Anthropic is overloaded (529)' } })}
          />
        </Shown>
        <Shown name="Summarising">
          <Line state={state('running', { compacting: true })} />
        </Shown>
        <Shown name="Stopping">
          <Line state={state('interrupting')} />
        </Shown>
        <Shown name="Failed">
          <Line
            state={state(
              'error',
              {},
              'Anthropic refused the key (401). Check the provider “Anthropic” in Settings, then try again.',
            )}
          />
        </Shown>
        <Shown name="Reasoning while it streams">
          <Conversation
            messages={asked('Why does the build hang?')}
            live={[
              {
                type: 'reasoning',
                text: 'The nightly build hangs since Tuesday. I should look at what changed on Monday: the runner image, or perhaps the lock in the cache',
              },
            ]}
          />
        </Shown>
        <Shown name="Interrupted">
          <Conversation
            messages={asked(
              'Rewrite everything',
              world.message('assistant', [world.text('I start with the parser. Its tests first, so that')], {
                finish: 'interrupted',
              }),
            )}
          />
        </Shown>
        <Shown name="Cut off, declined">
          <Conversation
            messages={asked(
              'Go on',
              world.message('assistant', [world.text('And so on, and so')], { finish: 'length' }),
            )}
          />
          <Conversation messages={asked('Do harm', world.message('assistant', [], { finish: 'refusal' }))} />
        </Shown>
        <Shown name="Tools">
          <Card
            name="execute"
            input={{ command: 'mvn -q test' }}
            preview={'Running RelayTest\nRunning FrameTest\n'}
            working
          />
          <Card
            name="execute"
            input={{ command: 'npm test' }}
            open
            result={outcome('execute', { exit_code: 1, output: world.TEST_OUTPUT })}
          />
          <Card
            name="execute"
            input={{ command: 'sleep 900', background: true }}
            result={outcome('execute', { process_id: 'p', output: '' })}
          />
          <Card
            name="edit_files"
            input={{ edits: [{ path: 'src/relay.py', old_text: 'a', new_text: 'b' }] }}
            result={outcome(
              'edit_files',
              { error: 'old_text was found in 3 places of src/relay.py; give more lines around it.' },
              true,
            )}
          />
          <Card
            name="edit_files"
            input={{ edits: [{ path: 'src/relay.py' }] }}
            open
            result={outcome(
              'edit_files',
              { files: [{ path: 'src/relay.py', diff: world.RELAY_DIFF, notes: [] }] },
              false,
              12,
            )}
          />
          <Card
            name="wait_agent"
            input={{ chat_id: 'c-child' }}
            open
            result={outcome('wait_agent', {
              chat_id: 'c-child',
              status: 'waiting',
              answer: 'The lock is taken in **two** places: `Cache.load` and `Cache.warm`.',
            })}
          />
          <Card
            name="create_workspace"
            input={{ name: 'relay-fix' }}
            preview={'unpacking the bundle\nstarting the daemon\n'}
            working
          />
          <Card
            name="unheard_of"
            input={{ depth: 3, what: 'everything' }}
            open
            result={outcome('unheard_of', { found: 12 })}
          />
          <Card name="read_file" input={undefined} raw={'{"path": "src/ma'} working />
        </Shown>
        <Shown name="Hostile text">
          <Conversation
            messages={asked(
              '<img src=x onerror=alert(1)>',
              world.message('assistant', [
                world.text(
                  '<script>alert(1)</script> **bold** ![pixel](https://example.org/p.png) [go](javascript:alert(1)) &lt;b&gt; <b>raw</b>',
                ),
              ]),
            )}
          />
        </Shown>
        <Shown name="A whole turn">
          <Conversation messages={world.relayTurn()} />
        </Shown>
      </div>
    </main>
  )
}

const nothing = () => undefined

const Line = ({ state }: { state: ChatState }) => <StatusLine state={state} workspace={undefined} onRetry={nothing} />

function Shown({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 border-line border-b pb-1 text-ink-3 text-xs">{name}</h2>
      <div className="flex flex-col gap-1">{children}</div>
    </section>
  )
}

type Live = Parameters<typeof TurnView>[0]['live']

function Conversation({ messages, live }: { messages: Message[]; live?: NonNullable<Live>['parts'] }) {
  return turnsOf(messages).map((turn) => (
    <TurnView
      key={turn.id}
      turn={turn}
      live={live && { id: 'live', parts: live }}
      previews={{}}
      working={live !== undefined}
      onEdit={async () => undefined}
    />
  ))
}

interface CardProps {
  name: string
  input: unknown
  raw?: string
  result?: ToolResultPart
  preview?: string
  working?: boolean
  open?: boolean
}

function Card({ name, input, raw, result, preview, working = false, open = false }: CardProps) {
  const call = { id: name, name, input, ...(raw ? { raw } : {}), ...(result ? { result } : {}) }
  return <ToolCard call={call} preview={preview} working={working} initiallyOpen={open} />
}
