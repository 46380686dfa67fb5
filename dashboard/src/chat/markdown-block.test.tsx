import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { MarkdownBlock } from './markdown-block'

const html = (text: string) => renderToStaticMarkup(<MarkdownBlock text={text} open />)

test('what looks like HTML stays text', () => {
  const shown = html('<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> and <b>bold</b>')
  expect(shown).not.toMatch(/<(script|img|b)\b/)
  expect(shown).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/chats/1',
  'vbscript:x',
  ' javascript:alert(1)',
])('a link to %s leads nowhere', (href) => {
  expect(html(`[go](<${href}>)`)).not.toContain('href')
})

test('an entity does not smuggle a scheme in', () => {
  expect(html('[go](java&#115;cript:alert(1))')).not.toContain('href')
  expect(html('[go](&#104;ttps://example.org)')).toContain('href="https://example.org"')
})

test('images are links and load nothing', () => {
  const shown = html('![a cat](https://example.org/cat.png)')
  expect(shown).not.toContain('<img')
  expect(shown).toContain('href="https://example.org/cat.png"')
  expect(shown).toContain('rel="noopener noreferrer nofollow"')
})

test('prose, lists, tables and code are what they look like', () => {
  expect(html('**a** *b* ~~c~~ `d & e` &amp; f')).toBe(
    '<p><strong>a</strong> <em>b</em> <del>c</del> <code>d &amp; e</code> &amp; f</p>',
  )
  expect(html('3. x\n4. y')).toBe('<ol start="3"><li>x</li><li>y</li></ol>')
  expect(html('- [x] done')).toContain('checked=""')
  expect(html('|a|\n|-:|\n|1|')).toContain('<td style="text-align:right">1</td>')
})

test('quotes nested without end do not overflow the stack', () => {
  expect(html(`${'> '.repeat(3000)}deep`)).toContain('deep')
})
