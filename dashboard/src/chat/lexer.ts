// Markdown's lexer, guarded: text that nests so deeply that the lexer runs out of stack is plain text.
import { Lexer, type Token } from 'marked'

const OPTIONS = { gfm: true }

/** The blocks of a text without what is inside them. */
export const blockTokens = (text: string): Token[] => guarded(text, () => new Lexer(OPTIONS).blockTokens(text, []))

export const allTokens = (text: string): Token[] => guarded(text, () => [...new Lexer(OPTIONS).lex(text)])

function guarded(text: string, lex: () => Token[]): Token[] {
  try {
    return lex()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [{ type: 'html', raw: text, text, block: true, pre: false }]
  }
}
