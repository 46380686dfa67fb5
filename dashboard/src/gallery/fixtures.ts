// A made-up world for the gallery, for the pretend server and for tests: chats in every state, and what a turn sends.
import type {
  AdminModel,
  AuditEntry,
  Chat,
  ChatStatus,
  Message,
  Model,
  Part,
  Template,
  User,
  Workspace,
  WorkspaceInstructions,
} from '@/api/types'

export const START = Date.parse('2026-03-14T09:00:00Z')
export const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()

export const ada: User = { id: 'u-ada', email: 'ada@example.org', username: 'ada', role: 'admin', created_at: at(0) }
export const owner = { id: ada.id, username: ada.username }

export const models: Model[] = [
  {
    id: 'm-1',
    provider: 'Anthropic',
    name: 'claude-sonnet-4-5',
    display_name: 'Claude Sonnet 4.5',
    context_limit: 200_000,
    is_default: true,
  },
  {
    id: 'm-2',
    provider: 'Anthropic',
    name: 'claude-haiku-4-5',
    display_name: 'Claude Haiku 4.5',
    context_limit: 200_000,
    is_default: false,
  },
  { id: 'm-3', provider: 'OpenAI', name: 'gpt-5', display_name: 'GPT-5', context_limit: 400_000, is_default: false },
]

/** A model that can think more or less, as its administrator sees it. */
export const thinking: Pick<AdminModel, 'options' | 'reasoning_levels'> = {
  options: { reasoning: { effort: 'medium' } },
  reasoning_levels: ['low', 'medium', 'high'].map((level) => ({ level, options: { reasoning: { effort: level } } })),
}

export const localTemplate: Template = {
  id: 't-local',
  name: 'local',
  display_name: 'Local',
  description: 'A sandboxed process on the machine of the control plane. Ready in a second.',
  engine: 'local',
  parameters: [
    {
      name: 'network',
      type: 'string',
      default: 'host',
      required: false,
      mutable: false,
      description: 'What the workspace can reach.',
      options: ['host', 'none'],
    },
  ],
  readme: 'A workspace for trying things.',
}

export const workspace = (id: string, name: string, status: Workspace['status']): Workspace => ({
  id,
  name,
  owner,
  template_id: 't-local',
  template_name: 'local',
  engine: 'local',
  status,
  daemon: { status: status === 'running' ? 'connected' : 'connecting', version: '0.1.0' },
  latest_build: {
    id: `b-${id}`,
    transition: status === 'stopped' ? 'stop' : 'start',
    status: status === 'starting' ? 'running' : 'succeeded',
  },
  parameters: { network: 'host' },
  created_at: at(0),
  last_used_at: at(4000),
})

export const instructions: WorkspaceInstructions = {
  files: [{ path: '/home/dev/relay/AGENTS.md', bytes: 2130, truncated: false }],
  skills: [
    {
      name: 'release',
      description: 'How a version is tagged, built and published.',
      path: '/home/dev/relay/.agents/skills/release/SKILL.md',
    },
  ],
}

export const audit: AuditEntry[] = [
  {
    id: 'l-2',
    actor: 'ada',
    action: 'provider.update',
    target: 'provider Anthropic',
    detail: 'a new key',
    created_at: at(60),
  },
  { id: 'l-1', actor: 'grace', action: 'session.create', target: 'user grace', detail: '', created_at: at(0) },
]

export const usage = {
  input_tokens: 48_210,
  output_tokens: 3_902,
  cache_read_tokens: 41_700,
  cache_write_tokens: 5_100,
  reasoning_tokens: 820,
  cost_usd: 0.1432,
}

export const chat = (id: string, title: string, status: ChatStatus, more: Partial<Chat> = {}): Chat => ({
  id,
  owner,
  title,
  status,
  model_id: 'm-1',
  pinned: false,
  archived: false,
  usage,
  context: { used_tokens: 62_400, limit_tokens: 200_000 },
  created_at: at(0),
  updated_at: new Date().toISOString(),
  ...more,
})

let seq = 0
export const message = (role: Message['role'], parts: Part[], more: Partial<Message> = {}): Message => {
  seq += 1
  return { id: `msg-${seq}`, seq, role, parts, created_at: at(seq * 9), ...more }
}

export const text = (value: string): Part => ({ type: 'text', text: value })
export const call = (id: string, name: string, input: unknown): Part => ({ type: 'tool_call', id, name, input })
export const result = (id: string, name: string, output: unknown, duration_ms = 240, is_error = false): Part => ({
  type: 'tool_result',
  id,
  name,
  output,
  is_error,
  duration_ms,
})

export const RELAY_DIFF = `--- a/src/relay.py
+++ b/src/relay.py
@@ -12,7 +12,9 @@ class Relay:
     def __init__(self, clock):
         self.clock = clock
-        self.idle_timeout = 30_000
+        # Seconds, as the clock counts them.
+        self.idle_timeout = 30
+        self.last_seen = clock.now()
 
     def touch(self, peer):
         self.last_seen[peer] = self.clock.now()
@@ -41,4 +43,4 @@ class Relay:
     def expired(self, peer):
-        return self.clock.now() - self.last_seen[peer] > self.idle_timeout * 1000
+        return self.clock.now() - self.last_seen[peer] > self.idle_timeout
`

export const TEST_OUTPUT = `\u001b[1m============================= test session starts ==============================\u001b[0m
collected 48 items

tests/test_relay.py \u001b[32m.......................\u001b[0m                                  [ 47%]
tests/test_frames.py \u001b[32m.........................\u001b[0m                                [100%]

\u001b[32m============================== \u001b[1m48 passed\u001b[0m\u001b[32m in 1.92s ==============================\u001b[0m
`

const SOURCE = [
  'class Relay:',
  '    """Forwards between peers that may talk."""',
  '',
  '    def __init__(self, clock):',
  '        self.clock = clock',
  '        self.idle_timeout = 30_000',
]
  .map((line, index) => `${index + 9}\t${line}`)
  .join('\n')

export const ANSWER = `The idle timer was armed in **milliseconds** while the clock counts **seconds**, so a relay never expired a peer that was silent for less than eight hours.

## What I changed

1. \`idle_timeout\` is now \`30\`, in the clock's own unit.
2. \`expired()\` compares like with like:

\`\`\`python
def expired(self, peer):
    silent_for = self.clock.now() - self.last_seen[peer]
    return silent_for > self.idle_timeout
\`\`\`

| test | before | after |
|---|---:|---:|
| \`test_idle_peer_expires\` | failed | passed |
| all | 47 of 48 | 48 of 48 |

The commit is on \`relay-fix\`. Two things that I left alone:

- \`touch()\` is called for *every* datagram; at high rates that is a lock each time.
- The [protocol notes](https://example.org/relay) still say 30,000.
`

/** A finished turn with everything in it. */
export function relayTurn(): Message[] {
  return [
    message('user', [
      text('Fix the relay timeout: idle peers are never dropped. Run the tests, then commit on a branch relay-fix.'),
    ]),
    message('assistant', [
      {
        type: 'reasoning',
        text: 'The report says that idle peers are never dropped. I should look at how the timer is armed and at the unit of the clock.',
      },
      call('c1', 'list_templates', {}),
    ]),
    message('tool', [
      result('c1', 'list_templates', {
        templates: [{ id: 't-local', name: 'local', display_name: 'Local', description: localTemplate.description }],
        recommended_template_id: 't-local',
      }),
    ]),
    message('assistant', [call('c2', 'create_workspace', { template_id: 't-local', name: 'relay-fix' })]),
    message('tool', [
      result('c2', 'create_workspace', { workspace_id: 'w-1', name: 'relay-fix', status: 'running' }, 1_420),
    ]),
    message('assistant', [
      text('I will read the relay first.'),
      call('c3', 'read_file', { path: '~/relay/src/relay.py', offset: 9, limit: 40 }),
      call('c4', 'execute', { command: 'cd ~/relay && git log --oneline -5' }),
    ]),
    message('tool', [
      result('c3', 'read_file', { content: SOURCE, total_lines: 64 }),
      result('c4', 'execute', {
        exit_code: 0,
        output: '1f3a9c2 relay: count drops by reason\n88ab013 relay: first version\n',
        duration_ms: 31,
      }),
    ]),
    message('assistant', [
      call('c5', 'edit_files', {
        edits: [
          { path: '~/relay/src/relay.py', old_text: 'self.idle_timeout = 30_000', new_text: 'self.idle_timeout = 30' },
        ],
      }),
    ]),
    message('tool', [
      result('c5', 'edit_files', {
        files: [{ path: '/home/dev/relay/src/relay.py', diff: RELAY_DIFF, additions: 4, deletions: 2, notes: [] }],
      }),
    ]),
    message('assistant', [call('c6', 'execute', { command: 'cd ~/relay && python -m pytest -q', timeout_s: 120 })]),
    message('tool', [result('c6', 'execute', { exit_code: 0, output: TEST_OUTPUT, duration_ms: 2_310 }, 2_340)]),
    message('assistant', [
      call('c7', 'write_file', {
        path: '~/relay/CHANGES.md',
        content: '# Changes\n\n- Idle peers are dropped after 30 s.\n',
      }),
    ]),
    message('tool', [result('c7', 'write_file', { path: '/home/dev/relay/CHANGES.md', bytes: 48 })]),
    message('assistant', [
      call('c8', 'execute', {
        command:
          'cd ~/relay && git checkout -q -b relay-fix && git commit -qam "relay: drop idle peers after 30 s" && git log --oneline -1',
      }),
    ]),
    message('tool', [
      result('c8', 'execute', { exit_code: 0, output: 'c41d7e0 relay: drop idle peers after 30 s\n', duration_ms: 44 }),
    ]),
    message('assistant', [text(ANSWER)], { finish: 'stop', usage }),
  ]
}
