import { useQuery } from '@tanstack/react-query'
import { queries } from '@/app/queries'
import { Facts } from './facts'

/** What the workspace itself told the model: its AGENTS.md files, and the skills that it may read. */
export function InstructionFacts({ chatId, told }: { chatId: string; told: number }) {
  const { data } = useQuery(queries.instructions(chatId, told))
  if (data === undefined || (data.files.length === 0 && data.skills.length === 0)) return null
  return (
    <Facts title="Instructions of the workspace">
      {data.files.map(({ path, bytes, truncated }) => (
        <p key={path} className="flex min-h-6 items-center gap-3">
          <code className="min-w-0 flex-1 truncate text-[12px]" title={path}>
            {path}
          </code>
          <span className="text-ink-3 text-xs tabular-nums">
            {bytes} bytes{truncated && ', cut'}
          </span>
        </p>
      ))}
      {data.skills.map(({ name, description, path }) => (
        <p key={path} className="py-1" title={path}>
          Skill <span className="font-medium">{name}</span>
          {description && <span className="block text-ink-2 text-xs">{description}</span>}
        </p>
      ))}
    </Facts>
  )
}
