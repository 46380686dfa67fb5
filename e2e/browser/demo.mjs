// Drives `./warren demo` as a person would: node demo.mjs LINK FOLDER
// Opens the one-time link, has a program written and run, and takes pictures of what it sees.
// Whatever the page reports as an error fails the run.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(new URL('../../dashboard/package.json', import.meta.url))
const { chromium } = require('playwright-core')

const [link, folder] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const WIDE = { width: 1360, height: 860 }
const PHONE = { width: 390, height: 844 }
const TURN_MS_MAX = 180_000

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
const faults = []

async function open(options) {
  const context = await browser.newContext({ viewport: WIDE, ...options })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error}`))
  page.on('console', (message) => {
    // Chromium itself logs each answer of 4xx; the sign-in page asks who is there.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(`${page.url()}: ${message.text()}`)
    }
  })
  return page
}

const picture = (page, name) => page.screenshot({ path: join(folder, `${name}.png`) })

try {
  const stranger = await open()
  await stranger.goto(new URL('/', link).href)
  await stranger.getByLabel(/password/i).waitFor()
  await picture(stranger, 'sign-in')
  await stranger.context().close()

  const page = await open()
  await page.goto(link)
  const composer = page.locator('#composer')
  await composer.waitFor()
  await page.getByText('No agents yet').waitFor()
  await page.getByText('scripted').first().waitFor()
  await picture(page, 'list')

  await composer.fill('Write a program that counts primes')
  await page.keyboard.press('Enter')
  await page.waitForURL(/chats/)
  const conversation = page.getByLabel('Conversation')
  await conversation.getByText('A first, simple version').waitFor({ timeout: TURN_MS_MAX })
  await picture(page, 'running')

  await conversation.getByText('The program is written and runs').waitFor({ timeout: TURN_MS_MAX })
  await page.getByLabel('Interrupt the agent').waitFor({ state: 'detached', timeout: TURN_MS_MAX })
  await picture(page, 'finished')
  const chat = new URL(page.url())
  const text = await conversation.innerText()

  await page.reload()
  await conversation.getByText('The program is written and runs').waitFor()
  const state = await page.context().storageState()
  const dark = await open({ storageState: state, colorScheme: 'dark' })
  await dark.goto(chat.href)
  await dark.getByLabel('Conversation').getByText('The program is written and runs').waitFor()
  await picture(dark, 'finished-dark')

  const phone = await open({ storageState: state, viewport: PHONE, hasTouch: true, isMobile: true })
  await phone.goto(chat.href)
  await phone.getByLabel('Conversation').getByText('The program is written and runs').waitFor()
  await picture(phone, 'phone')
  const overflow = await phone.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  if (overflow > 0) faults.push(`the page is ${overflow} pixels wider than a phone`)

  if (faults.length > 0) throw new Error(faults.join('\n'))
  process.stdout.write(`${JSON.stringify({ chat: chat.pathname.split('/').pop(), text })}\n`)
} finally {
  await browser.close()
}
