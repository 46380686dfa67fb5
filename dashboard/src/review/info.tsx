import { useQuery } from '@tanstack/react-query'
import type { Chat, Usage, Workspace } from '@/api/types'
import { Link } from '@/app/navigation'
import { queries } from '@/app/queries'
import { nameOf } from '@/composer/chips'
import { count, dateTime, duration } from '@/ui/format'
import { WorkspaceState } from '@/workspaces/state'
import { BudgetFacts } from './budget'
import { Fact, Facts } from './facts'
import { InstructionFacts } from './instructions'

export function Info({ chat, workspace }: { chat: Chat; workspace: Workspace | undefined }) {
  const { data: models } = useQuery(queries.models)
  const model = models?.find((other) => (chat.model_id ? other.id === chat.model_id : other.is_default))
  return (
    <>
      <Facts title="Workspace">
        {workspace === undefined ? (
          <p className="text-ink-2">None yet. The agent makes one when it first needs it.</p>
        ) : (
          <WorkspaceFacts workspace={workspace} />
        )}
      </Facts>
      {workspace && <InstructionFacts chatId={chat.id} told={chat.instructions ?? 0} />}
      <Facts title="Model">
        <Fact name="Name">{model ? nameOf(model) : '–'}</Fact>
        {model && <Fact name="Provider">{model.provider}</Fact>}
        {chat.context && (
          <Fact name="Context">
            {count(chat.context.used_tokens)} of {count(chat.context.limit_tokens)} tokens
          </Fact>
        )}
      </Facts>
      {chat.usage && <UsageFacts usage={chat.usage} />}
      <BudgetFacts chat={chat} />
      <Facts title="Agent">
        <Fact name="Owner">{chat.owner.username}</Fact>
        <Fact name="Created">{dateTime(chat.created_at)}</Fact>
        <Fact name="Changed">{dateTime(chat.updated_at)}</Fact>
        <Fact name="Id">
          <code className="break-all text-[11.5px]">{chat.id}</code>
        </Fact>
      </Facts>
    </>
  )
}

function WorkspaceFacts({ workspace }: { workspace: Workspace }) {
  const connected = workspace.daemon?.status === 'connected'
  const { data: connection } = useQuery({ ...queries.connection(workspace.id), enabled: connected })
  const rtt = connection?.latency_ms ?? connection?.rtt_ms
  return (
    <>
      <Fact name="Name">
        <Link to={{ page: 'workspace', workspaceId: workspace.id }} className="text-accent hover:underline">
          {workspace.name}
        </Link>
      </Fact>
      <Fact name="Status">
        <WorkspaceState workspace={workspace} />
      </Fact>
      <Fact name="Connection">
        {connected
          ? [connection?.path ?? 'connected', rtt !== undefined && duration(rtt)].filter(Boolean).join(', ')
          : (workspace.daemon?.status ?? '–')}
      </Fact>
    </>
  )
}

function UsageFacts({ usage }: { usage: Usage }) {
  return (
    <Facts title="Usage">
      <Fact name="Input">{count(usage.input_tokens)} tokens</Fact>
      <Fact name="From the cache">{count(usage.cache_read_tokens)} tokens</Fact>
      <Fact name="Output">{count(usage.output_tokens)} tokens</Fact>
      {usage.reasoning_tokens > 0 && <Fact name="Reasoning">{count(usage.reasoning_tokens)} tokens</Fact>}
      {usage.cost_usd != null && <Fact name="Cost">${usage.cost_usd.toFixed(usage.cost_usd < 1 ? 4 : 2)}</Fact>}
    </Facts>
  )
}
