// Takes pictures of the main pages on the pretend server and checks each with axe: `npm run look -- FOLDER [name …]`.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'

const [folder = 'target/look', ...only] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const WIDE = { width: 1360, height: 860 }
const PHONE = { width: 390, height: 844 }

const type = (text) => async (page) => {
  await page.getByLabel(/Describe a task|Say what|Reply/).fill(text)
  await page.keyboard.press('Enter')
}
const panel = async (page) => {
  await page.getByLabel('Changes and info').click()
  await page.waitForTimeout(500)
}

const shots = [
  { name: 'signin', path: '/signin', out: true },
  { name: 'setup', path: '/setup#code=abc', out: true, dark: true },
  { name: 'new', path: '/' },
  { name: 'new-dark', path: '/', dark: true },
  { name: 'done', path: '/chats/done' },
  { name: 'done-dark', path: '/chats/done', dark: true },
  {
    name: 'done-open',
    path: '/chats/done',
    act: async (page) => {
      await page
        .getByText(/^Worked/)
        .last()
        .click()
      await page.getByRole('button', { name: /^Edited/ }).click()
      await page.getByRole('button', { name: /pytest/ }).click()
      await page.waitForTimeout(800)
      await page.getByRole('button', { name: /pytest/ }).scrollIntoViewIfNeeded()
    },
  },
  { name: 'panel', path: '/chats/done', act: panel },
  {
    name: 'comment',
    path: '/chats/done',
    act: async (page) => {
      await panel(page)
      await page.getByRole('button', { name: 'Comment on line 15' }).click({ force: true })
      await page.getByLabel('Comment', { exact: true }).fill('Name the unit: idle_timeout_s.')
      await page.getByRole('button', { name: 'Add comment' }).click()
      await page.getByRole('button', { name: 'Comment on line 44' }).click({ force: true })
      await page.waitForTimeout(300)
    },
  },
  { name: 'panel-dark', path: '/chats/done', dark: true, act: panel },
  { name: 'error', path: '/chats/error' },
  { name: 'asks', path: '/chats/asks' },
  { name: 'parent', path: '/chats/parent', act: panel },
  { name: 'child-dark', path: '/chats/child-2', dark: true },
  { name: 'run', path: '/chats/run' },
  {
    name: 'live',
    path: '/',
    act: async (page) => {
      await type('Fix the relay timeout')(page)
      await page.waitForURL(/chats/)
      await page.waitForTimeout(6500)
      await type('Also update the changelog')(page)
      await type('Then open a pull request')(page)
      await page.waitForTimeout(600)
    },
  },
  {
    name: 'palette',
    path: '/chats/done',
    dark: true,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('re')
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'keys',
    path: '/chats/done',
    act: async (page) => {
      await page.getByLabel('Conversation').focus()
      await page.keyboard.press('?')
      await page.waitForTimeout(400)
    },
  },
  { name: 'phone-list', path: '/', phone: true },
  { name: 'phone-chat', path: '/chats/done', phone: true },
  { name: 'phone-new', path: '/new', phone: true, dark: true },
  { name: 'workspaces', path: '/workspaces' },
  { name: 'workspace', path: '/workspaces/w-1' },
  { name: 'providers', path: '/settings/providers' },
  {
    name: 'wizard',
    path: '/settings/providers',
    dark: true,
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a provider' }).click()
      await page.waitForTimeout(400)
    },
  },
  {
    name: 'wizard-bedrock',
    path: '/settings/providers',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a provider' }).click()
      await page.getByRole('button', { name: /Amazon Bedrock/ }).click()
      await page.waitForTimeout(300)
    },
  },
  { name: 'templates', path: '/templates' },
  { name: 'template', path: '/templates/t-local', dark: true },
  { name: 'audit', path: '/settings/audit' },
  { name: 'spent', path: '/chats/spent' },
  { name: 'line', path: '/chats/line', phone: true },
  { name: 'theirs', path: '/chats/theirs', dark: true },
  {
    name: 'terminal',
    path: '/chats/done',
    act: async (page) => {
      await panel(page)
      await page.getByRole('tab', { name: 'Terminal' }).click()
      await page.locator('.xterm-rows').getByText('$').waitFor()
    },
  },
  {
    name: 'phone-workspaces',
    path: '/workspaces',
    phone: true,
  },
  {
    name: 'phone-asks',
    path: '/chats/asks',
    phone: true,
    dark: true,
  },
  { name: 'models', path: '/settings/models' },
  {
    name: 'agents-settings',
    path: '/settings/agents',
    act: (page) => page.getByLabel('Approvals').scrollIntoViewIfNeeded(),
  },
  { name: 'users', path: '/settings/users', dark: true },
  { name: 'tokens', path: '/settings/tokens' },
  { name: 'gallery', path: '/gallery', full: true },
  { name: 'gallery-dark', path: '/gallery', full: true, dark: true },
]

const server = await createServer({ server: { port: 0 }, logLevel: 'error' })
await server.listen()
const base = server.resolvedUrls.local[0].replace(/\/$/, '')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
let wrong = 0
try {
  for (const shot of shots) {
    if (only.length > 0 && !only.includes(shot.name)) continue
    const context = await browser.newContext({
      viewport: shot.phone ? PHONE : WIDE,
      colorScheme: shot.dark ? 'dark' : 'light',
      hasTouch: Boolean(shot.phone),
      isMobile: Boolean(shot.phone),
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.on('pageerror', (error) => {
      wrong++
      console.log(`${shot.name}: page error: ${error.message}`)
    })
    page.on('console', (line) => {
      if (line.type() === 'error') console.log(`${shot.name}: ${line.text()}`)
    })
    if (!shot.out) await page.addInitScript(() => localStorage.setItem('warren.csrf', 'secret'))
    await page.goto(base + shot.path)
    await page.waitForTimeout(shot.full ? 2500 : 1300)
    try {
      await shot.act?.(page)
    } catch (error) {
      wrong++
      console.log(`${shot.name}: ${error.message.split('\n')[0]}`)
    }
    await page.screenshot({ path: join(folder, `${shot.name}.png`), fullPage: Boolean(shot.full) })
    await page.evaluate(axe)
    const { violations } = await page.evaluate(() => globalThis.axe.run())
    wrong += violations.length
    for (const { id, help, nodes } of violations) {
      console.log(
        `${shot.name}: axe ${id}: ${help} (${nodes.length}): ${nodes[0].html.slice(0, 160)} ${nodes[0].any?.[0]?.message ?? ''}`,
      )
    }
    await context.close()
  }
} finally {
  await browser.close()
  await server.close()
}
console.log(wrong === 0 ? `all well; pictures in ${folder}` : `${wrong} things to mend; pictures in ${folder}`)
process.exit(wrong === 0 ? 0 : 1)
