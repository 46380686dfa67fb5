import { titleOf } from '@/agents/groups'
import { STATUS_WORDS, StatusDot } from '@/agents/status-dot'
import { useFeed } from '@/agents/use-feed'
import { Link } from '@/app/navigation'
import { Markdown } from '../markdown'
import { agentIdOf } from './agent-name'
import type { Call } from './describe'
import { text } from './read'

/** What a sub-agent was told, and what it said. */
export function AgentWork({ call }: { call: Call }) {
  const { chats } = useFeed()
  const id = agentIdOf(call)
  const agent = chats.get(id ?? '')
  const task = text(call.input, 'prompt') ?? text(call.input, 'message')
  const answer = text(call.result?.output, 'answer')
  const note = text(call.result?.output, 'last_error') ?? text(call.result?.output, 'note')
  return (
    <div className="flex flex-col gap-2 px-3 py-2">
      {id !== undefined && (
        <p className="flex items-center gap-2">
          {agent && <StatusDot chat={agent} unseen={false} />}
          <Link to={{ page: 'chat', chatId: id }} className="min-w-0 truncate text-accent hover:underline">
            {agent ? titleOf(agent) : 'Open the sub-agent'}
          </Link>
          {agent && <span className="text-ink-3 text-xs">{STATUS_WORDS[agent.status]}</span>}
        </p>
      )}
      {task && <p className="max-h-60 overflow-auto whitespace-pre-wrap break-words text-ink-2">{task}</p>}
      {answer && (
        <div className="max-h-96 overflow-auto border-line border-t pt-2 [&_.prose]:text-[13px] [&_.prose]:leading-5">
          <Markdown text={answer} live={false} />
        </div>
      )}
      {note && <p className="text-warn">{note}</p>}
    </div>
  )
}
