export function Counts({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="inline-flex shrink-0 gap-1.5 font-mono text-[11.5px] tabular-nums">
      {(additions > 0 || deletions === 0) && <span className="text-good">+{additions}</span>}
      {deletions > 0 && <span className="text-bad">−{deletions}</span>}
    </span>
  )
}
