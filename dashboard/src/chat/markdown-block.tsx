// Markdown tokens as elements. Text is only ever a text node: what looks like HTML is shown as it was written.
import type { MarkedToken, Token, Tokens } from 'marked'
import { Fragment, type ReactNode } from 'react'
import { CodeBlock } from './code-block'
import { decodeEntities } from './entities'
import { allTokens } from './lexer'

/** Deeper quotes and lists than this are shown as plain text, since a model may nest without end. */
const DEPTH_MAX = 24

interface Place {
  /** The block still grows: its code is not coloured yet. */
  open: boolean
  depth: number
}

export function MarkdownBlock({ text, open }: { text: string; open: boolean }) {
  return <>{all(allTokens(text), { open, depth: 0 })}</>
}

function all(tokens: Token[] | undefined, place: Place): ReactNode {
  return tokens?.map((token, at) => <Fragment key={at}>{one(token, place)}</Fragment>)
}

function one(token: Token, { open, depth }: Place): ReactNode {
  if (depth > DEPTH_MAX || !isKnown(token)) return token.raw
  const place = { open, depth: depth + 1 }
  switch (token.type) {
    case 'heading':
      return <Heading level={token.depth}>{all(token.tokens, place)}</Heading>
    case 'paragraph':
      return <p>{all(token.tokens, place)}</p>
    case 'text':
      return token.tokens ? all(token.tokens, place) : decodeEntities(token.text)
    case 'strong':
      return <strong>{all(token.tokens, place)}</strong>
    case 'em':
      return <em>{all(token.tokens, place)}</em>
    case 'del':
      return <del>{all(token.tokens, place)}</del>
    case 'codespan':
      return <code>{token.text}</code>
    case 'code':
      return <CodeBlock language={token.lang?.split(/\s/)[0] ?? ''} code={token.text} open={open} />
    case 'list':
      return <List list={token} place={place} />
    case 'blockquote':
      return <blockquote>{all(token.tokens, place)}</blockquote>
    case 'table':
      return <Table table={token} place={place} />
    case 'link':
      return <OutLink href={token.href}>{all(token.tokens, place)}</OutLink>
    case 'image':
      // An image would tell its server who reads this; it is shown as the link that it is.
      return <OutLink href={token.href}>{decodeEntities(token.text) || token.href}</OutLink>
    case 'br':
      return <br />
    case 'hr':
      return <hr />
    case 'escape':
      return token.text
    case 'html':
      return token.block ? <p className="whitespace-pre-wrap">{token.raw.trim()}</p> : token.raw
    case 'checkbox':
    case 'space':
    case 'def':
      return null
    case 'list_item':
      return all(token.tokens, place)
  }
}

/** The lexer's own kinds; it also declares an open-ended one for extensions, of which there are none here. */
function isKnown(token: Token): token is MarkedToken {
  return KINDS.has(token.type)
}

const KINDS: ReadonlySet<string> = new Set<MarkedToken['type']>([
  'blockquote',
  'br',
  'checkbox',
  'code',
  'codespan',
  'def',
  'del',
  'em',
  'escape',
  'heading',
  'hr',
  'html',
  'image',
  'link',
  'list',
  'list_item',
  'paragraph',
  'space',
  'strong',
  'table',
  'text',
])

function Heading({ level, children }: { level: number; children: ReactNode }) {
  // The page's own title is the only first-level heading.
  if (level <= 1) return <h2 className="prose-h1">{children}</h2>
  if (level === 2) return <h2 className="prose-h2">{children}</h2>
  return <h3>{children}</h3>
}

function List({ list, place }: { list: Tokens.List; place: Place }) {
  const items = list.items.map((item, at) => (
    <li key={at} className={item.task ? 'list-none' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} readOnly disabled aria-label="Task" />}
      {all(item.tokens, place)}
    </li>
  ))
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, place }: { table: Tokens.Table; place: Place }) {
  return (
    <div className="overflow-x-auto">
      <table>
        <thead>
          <tr>
            {table.header.map((cell, at) => (
              <th key={at} style={{ textAlign: cell.align ?? 'left' }}>
                {all(cell.tokens, place)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, column) => (
                <td key={column} style={{ textAlign: cell.align ?? 'left' }}>
                  {all(cell.tokens, place)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const ALLOWED_LINK = /^(https?:\/\/|mailto:)/i

function OutLink({ href, children }: { href: string; children: ReactNode }) {
  const address = decodeEntities(href)
  if (!ALLOWED_LINK.test(address)) return <span>{children}</span>
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}
