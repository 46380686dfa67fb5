import type { Chat } from '@/api/types'
import { count } from '@/ui/format'
import { Tip } from '@/ui/tip'

/** How full the model's window is, as a ring; the numbers on hover. */
export function ContextRing({ chat }: { chat: Chat }) {
  const { context, usage, budget } = chat
  if (!context || context.limit_tokens <= 0 || context.used_tokens <= 0) return null
  const share = Math.min(1, context.used_tokens / context.limit_tokens)
  const lines = [
    `${Math.round(share * 100)} % of the context: ${count(context.used_tokens)} of ${count(context.limit_tokens)} tokens`,
    usage &&
      `All in all ${count(usage.input_tokens)} in, ${count(usage.output_tokens)} out, ${count(usage.cache_read_tokens)} from the cache`,
    usage?.cost_usd != null && `$${usage.cost_usd.toFixed(usage.cost_usd < 1 ? 3 : 2)}`,
    budget?.used_share != null && `${Math.round(budget.used_share * 100)} % of its budget`,
  ].filter(Boolean)
  const around = 2 * Math.PI * 6
  return (
    <>
      {budget?.warning && (
        <span className="whitespace-nowrap text-warn text-xs">
          {(budget.used_share ?? 0) >= 1 ? 'budget used up' : 'budget nearly used'}
        </span>
      )}
      <Tip text={lines.join('\n')}>
        <button
          type="button"
          aria-label={lines.join('. ')}
          className="flex h-7 items-center gap-1.5 rounded-md px-1.5 text-ink-3 text-xs tabular-nums hover:bg-hover"
        >
          <svg
            width="16"
            height="16"
            viewBox="0 0 16 16"
            aria-hidden
            className={share > 0.85 || budget?.warning ? 'text-warn' : 'text-ink-2'}
          >
            <circle cx="8" cy="8" r="6" fill="none" stroke="var(--line-strong)" strokeWidth="2" />
            <circle
              cx="8"
              cy="8"
              r="6"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              strokeDasharray={`${around * share} ${around}`}
              transform="rotate(-90 8 8)"
            />
          </svg>
          <span className="whitespace-nowrap">{Math.round(share * 100)} %</span>
        </button>
      </Tip>
    </>
  )
}
