import { memo, useEffect, useState } from 'react'
import type { Token } from './highlight'

/** Code, plain at first and coloured when the grammar is there. */
export const Highlighted = memo(function Highlighted({ code, language }: { code: string; language: string }) {
  const lines = useHighlight(code, language)
  if (lines === undefined) return code
  return lines.map((line, at) => (
    <span key={at}>
      <TokenLine tokens={line} />
      {at < lines.length - 1 && '\n'}
    </span>
  ))
})

export function TokenLine({ tokens }: { tokens: Token[] }) {
  return tokens.map((token, at) =>
    token.color === undefined ? (
      token.text
    ) : (
      <span key={at} style={{ color: token.color }}>
        {token.text}
      </span>
    ),
  )
}

export function useHighlight(code: string, language: string): Token[][] | undefined {
  const [lines, setLines] = useState<{ of: string; tokens: Token[][] }>()
  useEffect(() => {
    if (language === '') return
    let current = true
    void import('./highlight')
      .then(({ highlight }) => highlight(code, language))
      .then((tokens) => {
        if (current && tokens !== undefined) setLines({ of: code, tokens })
      })
      .catch(() => undefined) // Plain code is still code.
    return () => {
      current = false
    }
  }, [code, language])
  return lines?.of === code ? lines.tokens : undefined
}
