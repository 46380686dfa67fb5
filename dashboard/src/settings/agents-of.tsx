import { useQuery } from '@tanstack/react-query'
import { titleOf } from '@/agents/groups'
import { StatusDot } from '@/agents/status-dot'
import type { User } from '@/api/types'
import { Link } from '@/app/navigation'
import { queries } from '@/app/queries'
import { Dialog } from '@/ui/dialog'
import { ago } from '@/ui/format'
import { Rows } from '@/ui/page'
import { useNow } from '@/ui/use-now'
import { Loaded } from './section'

/** The agents of somebody else, for those who may read them. */
export function AgentsOf({ user, onClose }: { user: User; onClose: () => void }) {
  const chats = useQuery(queries.chatsOf(user.id))
  const now = useNow(60_000)
  return (
    <Dialog open onClose={onClose} title={`Agents of ${user.username}`} wide>
      <Loaded query={chats}>
        {(all) =>
          all.length === 0 ? (
            <p className="text-ink-2">None yet.</p>
          ) : (
            <Rows label={`Agents of ${user.username}`}>
              {all.map((chat) => (
                <li key={chat.id} className="hover:bg-side">
                  <Link to={{ page: 'chat', chatId: chat.id }} className="flex min-h-9 items-center gap-2.5 px-3">
                    <StatusDot chat={chat} unseen={false} />
                    <span className="min-w-0 flex-1 truncate">{titleOf(chat)}</span>
                    <span className="text-ink-3 text-xs tabular-nums">{ago(chat.updated_at, now)}</span>
                  </Link>
                </li>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Dialog>
  )
}
