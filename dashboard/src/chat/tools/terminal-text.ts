// What a command printed, as text to show: colours as classes, overwritten lines as they ended, no other control codes.
import Anser from 'anser'

export interface Span {
  text: string
  className: string
}

const COLOURS: Record<string, string> = {
  'ansi-red': 'text-bad',
  'ansi-bright-red': 'text-bad',
  'ansi-green': 'text-good',
  'ansi-bright-green': 'text-good',
  'ansi-yellow': 'text-warn',
  'ansi-bright-yellow': 'text-warn',
  'ansi-blue': 'text-accent',
  'ansi-bright-blue': 'text-accent',
  'ansi-magenta': 'text-[var(--code-keyword)]',
  'ansi-bright-magenta': 'text-[var(--code-keyword)]',
  'ansi-cyan': 'text-[var(--code-function)]',
  'ansi-bright-cyan': 'text-[var(--code-function)]',
  'ansi-bright-black': 'text-ink-3',
}

const ESC = '\u001b'
/** Everything that a terminal would obey but a page cannot: titles, links, cursor movements. */
const OTHER_CODES = new RegExp(
  `${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)|${ESC}\\[[0-9;?]*[A-LN-Za-ln-z]|${ESC}[()][A-Z0-9]|${ESC}[=>78]`,
  'g',
)

export function paint(text: string): Span[] {
  return Anser.ansiToJson(settle(text).replace(OTHER_CODES, ''), { use_classes: true, remove_empty: true }).map(
    ({ content, fg, decorations }) => ({
      text: content,
      className: [
        COLOURS[fg] ?? '',
        decorations.includes('bold') ? 'font-semibold' : '',
        decorations.includes('dim') ? 'opacity-70' : '',
      ]
        .filter(Boolean)
        .join(' '),
    }),
  )
}

/** The last lines, without colours. */
export function plainTail(text: string, lines: number): string {
  const plain = Anser.ansiToText(settle(text).replace(OTHER_CODES, '')).replace(/\n+$/, '')
  return plain.split('\n').slice(-lines).join('\n')
}

/** A carriage return starts its line again: what stood there before is gone, as on a terminal. */
function settle(text: string): string {
  if (!text.includes('\r')) return text
  return text
    .split('\n')
    .map((line) => {
      const ended = line.endsWith('\r') ? line.slice(0, -1) : line
      return ended.slice(ended.lastIndexOf('\r') + 1)
    })
    .join('\n')
}
