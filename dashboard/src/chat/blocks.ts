// Cuts a growing Markdown text into blocks, so that only the last one is drawn again while text streams in.
import { blockTokens } from './lexer'

export interface Cut {
  text: string
  blocks: string[]
}

export const NOTHING: Cut = { text: '', blocks: [] }

/** How many blocks at the end are cut again when text is appended: what follows can still change them. */
const UNSETTLED = 3

export function cut(text: string, previous: Cut = NOTHING): Cut {
  if (text === previous.text) return previous
  if (previous.blocks.length <= UNSETTLED || !text.startsWith(previous.text)) return { text, blocks: lex(text) }
  const settled = previous.blocks.slice(0, -UNSETTLED)
  const from = settled.reduce((sum, block) => sum + block.length, 0)
  return { text, blocks: [...settled, ...lex(text.slice(from))] }
}

/** The blocks put together are the text, byte for byte; blank lines go with the block before them. */
function lex(text: string): string[] {
  const blocks: string[] = []
  let at = 0
  for (const token of blockTokens(text)) {
    // The lexer trims and pads what it calls raw here and there; only its length is the source's.
    const raw = text.slice(at, at + token.raw.length)
    at += raw.length
    if (token.type === 'space' && blocks.length > 0) blocks[blocks.length - 1] += raw
    else blocks.push(raw)
  }
  if (at < text.length) blocks.push(text.slice(at))
  return blocks
}
