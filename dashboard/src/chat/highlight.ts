// Colours for code, loaded when the first code is shown; each language when it is first met.
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type LanguageInput } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'

export interface Token {
  text: string
  color?: string
}

const LANGUAGES: Record<string, () => Promise<{ default: LanguageInput }>> = {
  bash: async () => ({ default: (await import('shiki/langs/shellscript.mjs')).default }),
  c: async () => ({ default: (await import('shiki/langs/c.mjs')).default }),
  csharp: async () => ({ default: (await import('shiki/langs/csharp.mjs')).default }),
  css: async () => ({ default: (await import('shiki/langs/css.mjs')).default }),
  diff: async () => ({ default: (await import('shiki/langs/diff.mjs')).default }),
  docker: async () => ({ default: (await import('shiki/langs/docker.mjs')).default }),
  go: async () => ({ default: (await import('shiki/langs/go.mjs')).default }),
  html: async () => ({ default: (await import('shiki/langs/html.mjs')).default }),
  ini: async () => ({ default: (await import('shiki/langs/ini.mjs')).default }),
  java: async () => ({ default: (await import('shiki/langs/java.mjs')).default }),
  javascript: async () => ({ default: (await import('shiki/langs/javascript.mjs')).default }),
  json: async () => ({ default: (await import('shiki/langs/json.mjs')).default }),
  jsx: async () => ({ default: (await import('shiki/langs/jsx.mjs')).default }),
  kotlin: async () => ({ default: (await import('shiki/langs/kotlin.mjs')).default }),
  make: async () => ({ default: (await import('shiki/langs/make.mjs')).default }),
  markdown: async () => ({ default: (await import('shiki/langs/markdown.mjs')).default }),
  php: async () => ({ default: (await import('shiki/langs/php.mjs')).default }),
  python: async () => ({ default: (await import('shiki/langs/python.mjs')).default }),
  ruby: async () => ({ default: (await import('shiki/langs/ruby.mjs')).default }),
  rust: async () => ({ default: (await import('shiki/langs/rust.mjs')).default }),
  sql: async () => ({ default: (await import('shiki/langs/sql.mjs')).default }),
  swift: async () => ({ default: (await import('shiki/langs/swift.mjs')).default }),
  terraform: async () => ({ default: (await import('shiki/langs/terraform.mjs')).default }),
  toml: async () => ({ default: (await import('shiki/langs/toml.mjs')).default }),
  tsx: async () => ({ default: (await import('shiki/langs/tsx.mjs')).default }),
  typescript: async () => ({ default: (await import('shiki/langs/typescript.mjs')).default }),
  xml: async () => ({ default: (await import('shiki/langs/xml.mjs')).default }),
  yaml: async () => ({ default: (await import('shiki/langs/yaml.mjs')).default }),
}

// C++ has a grammar of its own of 800 kB; C's colours most of it.
const ALIASES: Record<string, string> = {
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  console: 'bash',
  h: 'c',
  cpp: 'c',
  'c++': 'c',
  cc: 'c',
  hpp: 'c',
  cs: 'csharp',
  dockerfile: 'docker',
  htm: 'html',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsonc: 'json',
  kt: 'kotlin',
  makefile: 'make',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  tf: 'terraform',
  ts: 'typescript',
  yml: 'yaml',
  properties: 'ini',
  conf: 'ini',
  patch: 'diff',
  svg: 'xml',
  pom: 'xml',
}

/** Longer code stays plain: colouring it would hold up the page. */
const CODE_CHARS_MAX = 60_000

const theme = createCssVariablesTheme({ name: 'warren', variablePrefix: '--shiki-' })
let highlighter: Promise<HighlighterCore> | undefined

export async function highlight(code: string, language: string): Promise<Token[][] | undefined> {
  const name = ALIASES[language.toLowerCase()] ?? language.toLowerCase()
  const load = LANGUAGES[name]
  if (load === undefined || code.length > CODE_CHARS_MAX) return undefined
  highlighter ??= createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() })
  const core = await highlighter
  const { default: grammar } = await load()
  await core.loadLanguage(grammar)
  const shikiName = name === 'bash' ? 'shellscript' : name
  return core
    .codeToTokensBase(code, { lang: shikiName, theme: 'warren' })
    .map((line) =>
      line.map(({ content, color }) => (color === undefined ? { text: content } : { text: content, color })),
    )
}
