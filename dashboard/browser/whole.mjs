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

  /** A terminal is typed into, resized, reloaded in the midst of a full-screen program, and used from two tabs. */
  async terminal() {
    const workspace = `${url}/workspaces/${chatId}`
    const rows = (tab) => tab.locator('.xterm-rows')
    const text = async (tab) =>
      (await rows(tab).locator('> div').allTextContents()).join('\n').replaceAll('\u00a0', ' ').trimEnd()
    const shows = (tab, what) => rows(tab).getByText(what).first().waitFor({ timeout: LONG_MS })
    const until = async (what, holds) => {
      const deadline = Date.now() + LONG_MS
      while (!(await holds())) {
        assert.ok(Date.now() < deadline, `${what} did not come about`)
        await page.waitForTimeout(100)
      }
    }
    const size = async () => {
      await page.keyboard.type('clear; stty size | tr " " x\n')
      let found
      await until('a size', async () => {
        found = /^(\d+)x(\d+)$/m.exec(await text(page))
        return found !== null
      })
      return { rows: Number(found[1]), columns: Number(found[2]) }
    }

    // Before it is there, nobody hears the keys.
    const prompt = () =>
      until('a prompt', async () => (await rows(page).count()) > 0 && (await text(page)).includes('$'))

    await page.goto(workspace)
    await page.getByRole('button', { name: 'Open a terminal' }).click()
    await prompt()
    await page.keyboard.type('PS1="$ "; echo hello-$((40+2))\n')
    await shows(page, 'hello-42')
    await picture('terminal')

    const wide = await size()
    await page.setViewportSize({ width: 820, height: 700 })
    await until('a smaller size', async () => (await size()).columns < wide.columns)

    await page.keyboard.type('for i in $(seq 1 300); do echo "line $i of a file, schön"; done > f.txt; clear\n')
    await page.keyboard.type('if command -v vim; then vim -u NONE -N f.txt; else less f.txt; fi\n')
    await shows(page, 'line 1 of a file')
    await page.keyboard.type('50G')
    await shows(page, 'line 50 of a file')
    await until('a still screen', async () => {
      const before = await text(page)
      await page.waitForTimeout(500)
      return (await text(page)) === before
    })
    const before = await text(page)
    await picture('terminal-program')
    await page.reload()
    await until('the same screen', async () => (await rows(page).count()) > 0 && (await text(page)) === before)
    await picture('terminal-reloaded')

    const other = await context.newPage()
    other.on('pageerror', (error) => wrong.push(`page error: ${error.message}`))
    await other.setViewportSize({ width: 820, height: 700 })
    await other.goto(workspace)
    await until('the same screen beside', async () => (await rows(other).count()) > 0 && (await text(other)) === before)
    await other.locator('.xterm').click()
    await other.keyboard.type(':q!\n')
    await until('the end of the program', async () => !(await text(other)).includes('line 50'))
    await other.keyboard.type('q\x15clear; echo from-other-$((1+1))\n')
    await shows(other, 'from-other-2')
    await shows(page, 'from-other-2')
    await page.bringToFront()
    await page.locator('.xterm').click()
    await page.keyboard.type('echo from-first-$((1+2))\n')
    await shows(other, 'from-first-3')
    await other.close()

    await page.evaluate(() => localStorage.setItem('warren.theme', 'dark'))
    await page.setViewportSize({ width: 390, height: 820 })
    await page.reload()
    await shows(page, 'from-first-3')
    await page.locator('.xterm').scrollIntoViewIfNeeded()
    await picture('terminal-phone-dark')
    await page.locator('.xterm').click()
    await page.keyboard.type('exit 3\n')
    await page.getByText('The shell ended with 3.').waitFor({ timeout: LONG_MS })
    await page.getByRole('button', { name: 'New shell' }).click()
    await prompt()
    await page.keyboard.type('echo anew-$((1+3))\n')
    await shows(page, 'anew-4')
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
