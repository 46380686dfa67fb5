// xterm.js as this page uses it: its look, its keys, and its style sheets.
import { FitAddon } from '@xterm/addon-fit'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { type ITheme, Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'

const LIGHT: ITheme = {
  background: '#ffffff',
  foreground: '#1b1d23',
  cursor: '#1b1d23',
  cursorAccent: '#ffffff',
  selectionBackground: '#cfdcfb',
  black: '#1b1d23',
  red: '#b3261e',
  green: '#1a7a3c',
  yellow: '#8a5a00',
  blue: '#2456c4',
  magenta: '#8a2fb0',
  cyan: '#0c7482',
  white: '#6b6f7a',
  brightBlack: '#5a5e69',
  brightRed: '#c8372e',
  brightGreen: '#23893f',
  brightYellow: '#966800',
  brightBlue: '#3468dc',
  brightMagenta: '#9c41c2',
  brightCyan: '#1a8090',
  brightWhite: '#3a3d46',
}

const DARK: ITheme = {
  background: '#101216',
  foreground: '#eceef2',
  cursor: '#eceef2',
  cursorAccent: '#101216',
  selectionBackground: '#2d3f6b',
  black: '#2a2d34',
  red: '#ff8a80',
  green: '#6fd08c',
  yellow: '#e2c06b',
  blue: '#8ab0ff',
  magenta: '#d7a1f2',
  cyan: '#73d2dd',
  white: '#c9ccd4',
  brightBlack: '#858a96',
  brightRed: '#ffa59d',
  brightGreen: '#8fe0a6',
  brightYellow: '#f0d48a',
  brightBlue: '#aac6ff',
  brightMagenta: '#e5bff8',
  brightCyan: '#97e2ea',
  brightWhite: '#ffffff',
}

const SCROLLBACK_LINES = 5_000
const isDark = () => document.documentElement.classList.contains('dark')

export interface OpenTerminal {
  terminal: Terminal
  /** How many characters the place has room for; nothing while it is not shown. */
  room: () => { cols: number; rows: number } | undefined
  dispose: () => void
}

/** Opens a terminal in an element; it follows the page's theme. */
export function openTerminal(element: HTMLElement): OpenTerminal {
  const terminal = new Terminal({
    allowProposedApi: true,
    cursorBlink: false,
    fontFamily: '"Geist Mono Variable", ui-monospace, "SFMono-Regular", monospace',
    fontSize: 12.5,
    lineHeight: 1.15,
    minimumContrastRatio: 4.5,
    scrollback: SCROLLBACK_LINES,
    theme: isDark() ? DARK : LIGHT,
  })
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  terminal.loadAddon(new Unicode11Addon())
  terminal.unicode.activeVersion = '11'
  const sheets = openWithSheets(() => terminal.open(element))
  terminal.attachCustomKeyEventHandler((event) => !isCopy(terminal, event))
  const theme = new MutationObserver(() => {
    terminal.options.theme = isDark() ? DARK : LIGHT
  })
  theme.observe(document.documentElement, { attributeFilter: ['class'] })
  return {
    terminal,
    room: () => {
      const size = fit.proposeDimensions()
      return size === undefined || Number.isNaN(size.cols) ? undefined : size
    },
    dispose: () => {
      theme.disconnect()
      terminal.dispose()
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !sheets.has(sheet))
    },
  }
}

/** Ctrl+Shift+C, or Ctrl+C while something is selected, copies it instead of interrupting. */
function isCopy(terminal: Terminal, event: KeyboardEvent): boolean {
  const copies =
    event.type === 'keydown' &&
    event.code === 'KeyC' &&
    (event.ctrlKey || event.metaKey) &&
    !event.altKey &&
    terminal.hasSelection()
  if (copies) {
    event.preventDefault()
    void navigator.clipboard?.writeText(terminal.getSelection())
    terminal.clearSelection()
  }
  return copies
}

/**
 * xterm.js writes into style elements, which the page's policy forbids as inline style. While it opens, those that it
 * makes pass their text on to sheets that the document adopts.
 */
function openWithSheets(open: () => void): Set<CSSStyleSheet> {
  const sheets = new Set<CSSStyleSheet>()
  const create = document.createElement.bind(document)
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (name: string, options?: ElementCreationOptions) => {
      // Not even an empty style element: the policy's report would be about nothing.
      const element = create(name === 'style' ? 'template' : name, options)
      if (name === 'style') redirect(element, sheets)
      return element
    },
  })
  try {
    open()
  } finally {
    Reflect.deleteProperty(document, 'createElement')
  }
  return sheets
}

function redirect(element: HTMLElement, sheets: Set<CSSStyleSheet>) {
  const sheet = new CSSStyleSheet()
  sheets.add(sheet)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  Object.defineProperty(element, 'textContent', { set: (text: string) => sheet.replaceSync(text), get: () => '' })
}
