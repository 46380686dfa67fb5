// The model's Markdown as elements: no raw HTML, no images from elsewhere, links that lead out openly.
import { memo, useRef } from 'react'
import remend from 'remend'
import { type Cut, cut, NOTHING } from './blocks'
import { MarkdownBlock } from './markdown-block'

export const Markdown = memo(function Markdown({ text, live = false }: { text: string; live?: boolean }) {
  const previous = useRef<Cut>(NOTHING)
  // The lexer knows one kind of line end.
  const now = cut(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text, previous.current)
  previous.current = now
  const last = now.blocks.length - 1
  return (
    <div className="prose">
      {now.blocks.map((block, at) => (
        <Block key={at} text={block} open={live && at === last} />
      ))}
    </div>
  )
})

/** Drawn again only when its own text changes: while text streams in that is the last block alone. */
const Block = memo(function Block({ text, open }: { text: string; open: boolean }) {
  return <MarkdownBlock text={open ? remend(text) : text} open={open} />
})
