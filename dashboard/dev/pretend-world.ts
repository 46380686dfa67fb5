// What is there when the pretended control plane starts: a chat in each state that is worth a look.
import type { WebSocket } from 'ws'
import type { Approval, Chat, Message, QueuedMessage, Workspace } from '../src/api/types.ts'
import * as world from '../src/gallery/fixtures.ts'

export interface Room {
  chat: Chat
  messages: Message[]
  queued: QueuedMessage[]
  approvals?: Approval[]
  readers: Set<WebSocket>
  turn?: AbortController
}

export function pretendedWorkspaces(): Workspace[] {
  return [
    world.workspace('w-1', 'relay-fix', 'running'),
    world.workspace('w-2', 'docs', 'stopped'),
    world.workspace('w-3', 'bench', 'starting'),
    world.workspace('w-4', 'old-build', 'failed'),
  ]
}

export function pretendedRooms(): Room[] {
  const hours = (count: number) => ({ updated_at: new Date(Date.now() - count * 3_600_000).toISOString() })
  const rooms: Room[] = []
  const room = (chat: Chat, messages: Message[], more: Partial<Room> = {}) =>
    rooms.push({ chat, messages, queued: [], readers: new Set(), ...more })
  room(
    world.chat('done', 'Fix the relay timeout', 'waiting', { workspace_id: 'w-1', ...hours(0.4) }),
    world.relayTurn(),
  )
  room(
    world.chat('error', 'Bump Jackson to 3.2.4', 'error', {
      last_error:
        'Anthropic refused the key (401). Ask an administrator to check the provider “Anthropic” in Settings, then try again.',
      ...hours(1.2),
    }),
    [world.message('user', [world.text('Bump Jackson to 3.2.4 in every module')])],
  )
  room(
    world.chat('run', 'Measure the tunnel against ssh', 'running', {
      workspace_id: 'w-1',
      current_step: 'execute ./bench tunnel --peer ssh',
      status_since: new Date(Date.now() - 134_000).toISOString(),
    }),
    [
      world.message('user', [
        world.text('Measure read_file of 1 KiB through the tunnel beside ssh with ControlMaster'),
      ]),
      world.message('assistant', [
        world.text('I run the benchmark with both peers.'),
        world.call('r1', 'execute', { command: './bench tunnel --peer ssh --rounds 2000' }),
      ]),
    ],
  )
  room(
    world.chat('asks', 'Publish the release', 'requires_action', { workspace_id: 'w-1', ...hours(0.1) }),
    [
      world.message('user', [world.text('Tag 1.4.0 and publish it')]),
      world.message('assistant', [
        world.text('The tests pass. I tag and push.'),
        world.call('a1', 'execute', { command: 'git tag v1.4.0 && git push origin v1.4.0' }),
      ]),
    ],
    {
      approvals: [
        {
          call_id: 'a1',
          tool: 'execute',
          input: { command: 'git tag v1.4.0 && git push origin v1.4.0' },
          reason: 'The administrator wants to be asked before `git push`.',
        },
      ],
    },
  )
  room(
    world.chat('parent', 'Find out why the cache deadlocks', 'running', {
      workspace_id: 'w-1',
      budget: { tokens: 400_000, used_share: 0.86, warning: true },
      status_since: new Date(Date.now() - 71_000).toISOString(),
    }),
    [
      world.message('summary', [
        world.text('## Goal\nFind the deadlock in `Cache`.\n\n## Done\n- Reproduced it with 8 threads.'),
      ]),
      world.message('user', [world.text('Go on: look at loading and at warming up at the same time')]),
      world.message('assistant', [
        world.call('s1', 'spawn_agent', {
          prompt: 'Read Cache.load and list the locks it takes, in order.',
          title: 'Locks of load',
        }),
        world.call('s2', 'spawn_agent', {
          prompt: 'Read Cache.warm and list the locks it takes, in order.',
          title: 'Locks of warm',
        }),
      ]),
      world.message('tool', [
        world.result('s1', 'spawn_agent', { chat_id: 'child-1', title: 'Locks of load', status: 'pending' }),
        world.result('s2', 'spawn_agent', { chat_id: 'child-2', title: 'Locks of warm', status: 'pending' }),
      ]),
      world.message('assistant', [world.call('s3', 'wait_agent', { chat_id: 'child-1' })]),
      world.message('tool', [
        world.result('s3', 'wait_agent', {
          chat_id: 'child-1',
          status: 'waiting',
          answer: '`Cache.load` takes **segment** first and **index** second.',
        }),
      ]),
      world.message('assistant', [world.call('s4', 'wait_agent', { chat_id: 'child-2' })]),
    ],
  )
  for (const [id, title, status] of [
    ['child-1', 'Locks of load', 'waiting'],
    ['child-2', 'Locks of warm', 'running'],
  ] as const) {
    room(world.chat(id, title, status, { parent_id: 'parent', workspace_id: 'w-1', ...hours(0.02) }), [
      world.message('user', [world.text(`Read the code and list the locks: ${title}`)]),
    ])
  }
  room(world.chat('old-1', 'Write an ADR about the relay’s back-pressure', 'waiting', hours(5)), world.relayTurn())
  room(world.chat('old-2', 'Why does the nightly build hang?', 'waiting', hours(27)), world.relayTurn())
  room(
    world.chat('old-3', 'Port the parser to Jackson 3', 'waiting', { pinned: true, ...hours(60) }),
    world.relayTurn(),
  )
  room(world.chat('old-4', 'Read the tunnel’s code and list its limits', 'waiting', hours(80)), world.relayTurn())
  room(
    world.chat('spent', 'Try every combination of flags', 'error', {
      workspace_id: 'w-gone',
      budget: { tokens: 50_000, used_share: 1, warning: true },
      last_error: 'The budget of this agent is used up: 50112 of 50000 tokens. Raise it, then try again.',
      ...hours(30),
    }),
    [world.message('user', [world.text('Try every combination of flags')])],
  )
  room(world.chat('line', 'Update the copyright years', 'pending', { queue_position: 4, ...hours(0.01) }), [
    world.message('user', [world.text('Update the copyright years')]),
  ])
  room(
    world.chat('theirs', 'Read the logs of last night', 'waiting', {
      owner: { id: 'u-2', username: 'grace' },
      ...hours(200),
    }),
    world.relayTurn(),
  )
  room(world.chat('old-5', 'First steps', 'waiting', { archived: true, ...hours(400) }), [])
  const long: Message[] = []
  for (let turn = 0; turn < 62; turn++) long.push(...world.relayTurn())
  room(world.chat('long', 'A thousand messages', 'waiting', hours(300)), long)
  return rooms
}
