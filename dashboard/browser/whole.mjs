// Drives the page of a real control plane, for the whole-system tests: `node whole.mjs SCENE URL EMAIL PASSWORD FOLDER
// [CHAT]`. Pictures go into the folder. Ends with status 0, or with 1 and what was wrong on standard error.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { launch } from './chromium.mjs'

const [scene, url, email, password, folder, chatId] = process.argv.slice(2)
const LONG_MS = 120_000

const browser = await launch()
const context = await browser.newContext({ viewport: { width: 1280, height: 820 } })
const page = await context.newPage()
const wrong = []
page.on('pageerror', (error) => wrong.push(`page error: ${error.message}`))
page.on('console', (line) => {
  // A lost connection is part of the play; what the page's own policy forbids never is.
  if (/Content Security Policy/.test(line.text())) wrong.push(line.text())
})

const log = page.getByRole('log')
const picture = (name) => page.screenshot({ path: join(folder, `${name}.png`) })
const times = async (text) => (await log.textContent()).split(text).length - 1
const done = page.getByRole('button', { name: 'Send the message' })

const scenes = {
  /** A prompt ends in a program that was written and run, in a workspace that the agent made. */
  async program() {
    await page.getByLabel(/Describe a task/).fill('Write a program that counts primes and run it')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/chats\//)
    await log.getByRole('button', { name: /^Creat(ing|ed) workspace/ }).waitFor({ timeout: LONG_MS })
    await picture('running')
    await done.waitFor({ timeout: LONG_MS })
    await log.getByRole('button', { name: /^Edited/ }).click()
    await log.getByRole('region', { name: 'Diff' }).first().waitFor()
    await log
      .getByRole('button', { name: /^Ran cd ~\/primes/ })
      .first()
      .click()
    await log.getByText('2262 primes below 20000').first().waitFor()
    await picture('finished')
    await page.getByLabel('Changes and info').click()
    await page.getByRole('tab', { name: /Changes/ }).waitFor()
    await picture('changes')
    await page.setViewportSize({ width: 390, height: 820 })
    await page.getByRole('complementary').getByLabel('Hide the side panel').click()
    await picture('phone')
  },

  /** The control plane is killed meanwhile, by whoever reads "open"; the page catches up without being loaded again. */
  async crash() {
    await page.evaluate(() => {
      globalThis.sameDocument = true
    })
    await page.locator(`a[href="/chats/${chatId}"]`).click()
    await log.getByText('I start counting.').waitFor({ timeout: LONG_MS })
    assert.match(page.url(), new RegExp(chatId))
    console.log('open')
    await log.getByText('It was counted.').waitFor({ timeout: LONG_MS })
    await done.waitFor({ timeout: LONG_MS })
    await picture('caught-up')
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true, 'the page was loaded again')
    assert.equal(await times('I start counting.'), 1)
    assert.equal(await times('It was counted.'), 1)
    assert.equal(await page.getByText('Reconnecting').count(), 0)
  },
}

let status = 1
try {
  await page.goto(`${url}/signin`)
  await picture('sign-in')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'What should be done?' }).waitFor()
  await picture('list')
  await scenes[scene]()
  assert.deepEqual(wrong, [])
  status = 0
} catch (error) {
  console.error(error)
  console.error(wrong.join('\n'))
  await picture('failed').catch(() => undefined)
} finally {
  await browser.close()
}
process.exit(status)
