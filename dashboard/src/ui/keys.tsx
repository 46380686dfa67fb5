import clsx from 'clsx'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Keys to press, such as "mod+k": the command key on a Mac, Ctrl elsewhere. */
export function Keys({ keys, inverse = false }: { keys: string; inverse?: boolean }) {
  return (
    <span className="inline-flex gap-0.5">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className={clsx(
            'inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-[4px] border px-1 text-[10.5px] leading-none',
            inverse ? 'border-on-solid/25 text-on-solid/80' : 'border-line bg-sunken text-ink-3',
          )}
        >
          {nameOf(key)}
        </kbd>
      ))}
    </span>
  )
}

function nameOf(key: string) {
  if (key === 'mod') return isMac ? '⌘' : 'Ctrl'
  if (key === 'enter') return '↵'
  if (key === 'shift') return '⇧'
  return key.length === 1 ? key.toUpperCase() : key
}
