import { titleOf } from '@/agents/groups'
import { useFeed } from '@/agents/use-feed'
import type { Call } from './describe'
import { text } from './read'

/** The sub-agent that a call is about, once it is known. */
export const agentIdOf = (call: Call) => text(call.result?.output, 'chat_id') ?? text(call.input, 'chat_id')

/** The sub-agent's name in a card's line, where the call has only its id. */
export function AgentName({ call }: { call: Call }) {
  const { chats } = useFeed()
  const agent = chats.get(agentIdOf(call) ?? '')
  const title = text(call.input, 'title') ?? (agent && titleOf(agent))
  return title === undefined ? 'a sub-agent' : `agent “${title}”`
}
