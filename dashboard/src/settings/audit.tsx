import { useInfiniteQuery } from '@tanstack/react-query'
import { get } from '@/api/client'
import type { AuditEntry, Page } from '@/api/types'
import { Button } from '@/ui/button'
import { dateTime } from '@/ui/format'
import { Rows } from '@/ui/page'
import { Loaded, Section } from './section'

const PAGE_OF_ENTRIES = 50

/** Who did what, newest first. */
export function Audit() {
  const log = useInfiniteQuery({
    queryKey: ['audit'],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      get<Page<AuditEntry>>('/audit', { limit: PAGE_OF_ENTRIES, cursor: pageParam === '' ? undefined : pageParam }),
    getNextPageParam: (page) => page.next_cursor,
  })
  const entries = log.data?.pages.flatMap(({ items }) => items)
  return (
    <Section
      title="Audit"
      text="Sign-ins, changes of settings, users, keys and templates, logins that git was given, and what was done to what somebody else owns."
    >
      <Loaded query={{ data: entries, error: log.error, refetch: log.refetch }}>
        {(all) =>
          all.length === 0 ? (
            <p className="text-ink-2">Nothing is recorded yet.</p>
          ) : (
            <Rows label="Audit">
              {all.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {log.hasNextPage && (
        <div className="mt-3 flex justify-center">
          <Button small busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Older
          </Button>
        </div>
      )}
    </Section>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 px-3.5 py-1.5">
      <span className="w-28 shrink-0 truncate font-medium">{entry.actor}</span>
      <code className="text-[12px]">{entry.action}</code>
      <span className="min-w-0 flex-1 break-words text-ink-2">
        {entry.target} <span className="text-ink-3">{entry.detail}</span>
      </span>
      <time dateTime={entry.created_at} className="shrink-0 text-ink-3 text-xs tabular-nums">
        {dateTime(entry.created_at)}
      </time>
    </li>
  )
}
