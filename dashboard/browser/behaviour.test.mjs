// What people rely on, in a real browser: the page follows, but never takes the scroll; nothing typed is lost; what is
// sent while the agent works is queued in sight.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { missing, openStage } from './stage.mjs'

let stage
before(async () => {
  if (!missing) stage = await openStage()
})
after(() => stage?.close())

const scene = (name, run) =>
  test(name, { skip: missing, timeout: 90_000 }, async () => {
    await run()
  })

const field = (page) => page.locator('#composer')
const log = (page) => page.getByRole('log')
const distance = (page) => log(page).evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight)
const top = (page) => log(page).evaluate((it) => it.scrollTop)

async function ask(page, text) {
  await field(page).fill(text)
  await page.keyboard.press('Enter')
}

async function startChat(text = 'Fix the relay timeout') {
  const page = await stage.page('/', { viewport: { width: 1280, height: 420 } })
  await ask(page, text)
  await page.waitForURL(/chats/)
  return page
}

/** Waits for a condition on the page, which is true or will be soon. */
const until = (page, check, argument) => page.waitForFunction(check, argument, { timeout: 45_000 })

const overflows = () => {
  const it = document.querySelector('[role=log]')
  return it.scrollHeight > it.clientHeight + 160
}

scene('a message is answered: steps, words, and the turn ends', async () => {
  const page = await startChat()
  await page.getByRole('button', { name: 'Interrupt the agent' }).waitFor()
  await page.getByRole('heading', { name: 'What I changed' }).waitFor({ timeout: 40_000 })
  await page.getByRole('button', { name: 'Send the message' }).waitFor({ timeout: 40_000 })
  assert.match(await log(page).textContent(), /The idle timer was armed in milliseconds/)
  assert.deepEqual(page.errors, [])
  await page.context().close()
})

scene('the page follows what streams in, until the reader scrolls up, and then it stays where it is', async () => {
  const page = await startChat()
  await until(page, overflows)
  assert.ok((await distance(page)) <= 2, 'it follows')
  await log(page).hover()
  await page.mouse.wheel(0, -200)
  await page.getByRole('button', { name: 'Follow' }).waitFor()
  const before = await top(page)
  const height = await log(page).evaluate((it) => it.scrollHeight)
  await until(page, (last) => document.querySelector('[role=log]').scrollHeight > last + 60, height)
  assert.equal(await top(page), before)
  await page.getByRole('button', { name: /Follow|To the end/ }).click()
  assert.ok((await distance(page)) <= 2, 'it follows again')
  await page.context().close()
})

scene('what is sent while the agent works is queued in sight, and can be taken back', async () => {
  const page = await startChat()
  await page.getByRole('button', { name: 'Interrupt the agent' }).waitFor()
  await ask(page, 'Also the changelog')
  await ask(page, 'And a pull request')
  const queue = page.getByRole('list', { name: 'Queued messages' })
  await queue.getByText('And a pull request').waitFor()
  assert.equal(await queue.getByRole('listitem').count(), 2)
  await queue.getByRole('listitem').last().getByRole('button', { name: 'Move up' }).click()
  await until(page, () => /pull request/.test(document.querySelector('[aria-label="Queued messages"] li').textContent))
  await queue.getByRole('listitem').first().dragTo(queue.getByRole('listitem').last())
  await until(page, () => /changelog/.test(document.querySelector('[aria-label="Queued messages"] li').textContent))
  await queue.getByRole('listitem').first().getByRole('button', { name: 'Delete from the queue' }).click()
  await queue.getByText('Also the changelog').waitFor({ state: 'detached' })
  await field(page).press('ArrowUp')
  await until(page, () => document.querySelector('#composer').value === 'And a pull request')
  await queue.waitFor({ state: 'detached' })
  await page.context().close()
})

scene('Escape interrupts, and what was said so far stays', async () => {
  const page = await startChat()
  await page.getByText('I will read the relay first.').waitFor({ timeout: 30_000 })
  await field(page).press('Escape')
  await page.getByRole('button', { name: 'Send the message' }).waitFor({ timeout: 20_000 })
  assert.match(await log(page).textContent(), /I will read the relay first\./)
  await page.context().close()
})

scene('a draft is there again after a reload, each chat has its own', async () => {
  const page = await stage.page('/chats/done')
  await field(page).fill('half a thought')
  await page.getByRole('link', { name: /Port the parser/ }).click()
  await page.waitForURL(/old-3/)
  assert.equal(await field(page).inputValue(), '')
  await page.goto(page.url().replace('old-3', 'done'))
  assert.equal(await field(page).inputValue(), 'half a thought')
  await page.context().close()
})

scene('a connection that breaks in mid-answer comes back by itself, and nothing is missing', async () => {
  const page = await stage.page('/', {})
  await page.routeWebSocket(/\/events/, (socket) => {
    const server = socket.connectToServer()
    let seen = 0
    server.onMessage((message) => {
      socket.send(message)
      seen += 1
      if (seen === 40) socket.close({ code: 1011 })
    })
  })
  await ask(page, 'Fix the relay timeout')
  await page.waitForURL(/chats/)
  await page.getByRole('button', { name: 'Send the message' }).waitFor({ timeout: 50_000 })
  const answers = await log(page).textContent()
  assert.equal(answers.split('The idle timer was armed').length, 2, 'the answer is there, once')
  await page.context().close()
})

scene('the terminal of the side panel is a shell at once, and hears what was typed before it was there', async () => {
  const page = await stage.page('/chats/done')
  await page.getByRole('button', { name: 'Changes and info' }).click()
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await page.locator('textarea:focus').waitFor()
  await page.keyboard.type('echo early\n')
  await page.locator('.xterm-rows').getByText('said: early').waitFor()
  assert.match(page.url(), /chats\/done$/, 'no letter was a key of the page')
  await page.keyboard.type('echo late\n')
  await page.locator('.xterm-rows').getByText('said: late').waitFor()
  assert.deepEqual(page.errors, [])
  await page.context().close()
})

scene('without a network the page and the terminal say so, and both go on when it is back', async () => {
  const page = await stage.page('/chats/done')
  await page.getByRole('button', { name: 'Changes and info' }).click()
  await page.getByRole('tab', { name: 'Terminal' }).click()
  await page.locator('.xterm-rows').getByText('$').waitFor()
  await page.context().setOffline(true)
  await page.getByText('Reconnecting. The agent goes on').waitFor()
  await page.getByText('Reconnecting …').waitFor()
  await page.keyboard.type('echo back\n')
  await page.context().setOffline(false)
  await page.locator('.xterm-rows').getByText('said: back').waitFor()
  await page.getByText('Reconnecting').first().waitFor({ state: 'detached' })
  assert.equal(await page.getByText('Reconnecting').count(), 0)
  await page.context().close()
})

scene('a menu opens by the pointer and by a key, and gives the focus back', async () => {
  const page = await stage.page('/chats/done')
  const more = page.getByRole('main').getByRole('button', { name: 'More', exact: true })
  await more.focus()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menu').waitFor({ state: 'detached' })
  assert.equal(await more.evaluate((it) => it === document.activeElement), true)
  await page.getByRole('button', { name: 'Claude Sonnet 4.5' }).click()
  await page.getByRole('menuitem', { name: /GPT-5/ }).click()
  await page.getByRole('button', { name: 'GPT-5' }).waitFor()
  assert.deepEqual(page.errors, [])
  await page.context().close()
})

scene('arrows open the sub-agents of a row, and lead back to it', async () => {
  const page = await stage.page('/chats/done')
  const list = page.getByRole('navigation', { name: 'Agents' })
  const parent = list.getByRole('link', { name: /cache deadlocks/ })
  await parent.focus()
  await page.keyboard.press('ArrowRight')
  await list.getByRole('link', { name: /Locks of load/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /Locks of/)
  await page.keyboard.press('ArrowLeft')
  assert.equal(await parent.evaluate((it) => it === document.activeElement), true)
  await page.keyboard.press('ArrowLeft')
  await list.getByRole('link', { name: /Locks of load/ }).waitFor({ state: 'detached' })
  await page.context().close()
})

scene('an agent that waits for a worker says how many go first', async () => {
  const page = await stage.page('/chats/line')
  await page.getByText('In line for a worker: 3 before this one').waitFor()
  await page.context().close()
})

scene('a budget that is used up leads to where it is changed, and a deleted workspace is said to be gone', async () => {
  const page = await stage.page('/chats/spent')
  await page.getByText('workspace gone').waitFor()
  await page.getByRole('button', { name: 'Change the budget' }).click()
  await page.getByRole('complementary').getByText('100 % used').waitFor()
  await page.context().close()
})

scene('the agent of somebody else is read and not written to', async () => {
  const page = await stage.page('/chats/theirs')
  await page.getByText('You read an agent of grace').waitFor()
  assert.equal(await field(page).count(), 0)
  assert.equal(await page.getByRole('button', { name: 'Edit and run again' }).count(), 0)
  await page.context().close()
})

scene('a template shows what it asks, and a workspace is made from it', async () => {
  const page = await stage.page('/templates')
  await page.getByRole('link', { name: /Local/ }).click()
  await page.getByText('One of: host, none').waitFor()
  await page.getByText('A workspace for trying things.').waitFor()
  await page.getByRole('button', { name: 'New workspace' }).click()
  await page.getByRole('dialog').getByLabel('Name').waitFor()
  await page.context().close()
})

scene('an earlier message can be edited, and the turn runs again from there', async () => {
  const page = await stage.page('/chats/old-2')
  await page.getByText(/^Fix the relay timeout: idle/).hover()
  await page.getByRole('button', { name: 'Edit and run again' }).click()
  await page.getByRole('textbox', { name: 'Your message' }).fill('Only explain it')
  await page.getByRole('button', { name: 'Run again' }).click()
  await page.getByText('Only explain it').waitFor()
  assert.equal(await page.getByText(/^Fix the relay timeout: idle/).count(), 0)
  await page.context().close()
})

scene('keys move through the list, and letters typed into a field are letters', async () => {
  const page = await stage.page('/chats/done')
  await field(page).fill('')
  await field(page).pressSequentially('jce?')
  assert.equal(await field(page).inputValue(), 'jce?')
  await field(page).fill('')
  await log(page).focus()
  await page.keyboard.press('j')
  assert.equal(await page.evaluate(() => document.activeElement?.hasAttribute('data-row')), true)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('port pars')
  await page.keyboard.press('Enter')
  await page.waitForURL(/old-3/)
  await page.context().close()
})

scene('who is not signed in is asked to, and comes back to where he wanted to go', async () => {
  const page = await stage.page('/signin?next=%2Fchats%2Fdone')
  await page.getByLabel('Email').fill('ada@example.org')
  await page.getByLabel('Password').fill('secret')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL(/chats\/done/)
  await page.context().close()
})

scene('a link that signs in once leaves no token in the address', async () => {
  const page = await stage.page('/signin#token=abc')
  await page.getByRole('heading', { name: 'What should be done?' }).waitFor()
  assert.doesNotMatch(page.url(), /token/)
  await page.context().close()
})

scene('on a phone the list and the conversation are pages', async () => {
  const page = await stage.page('/', { viewport: { width: 390, height: 800 } })
  await page.getByRole('link', { name: /Port the parser/ }).click()
  await log(page).waitFor()
  assert.equal(await page.getByRole('navigation', { name: 'Agents' }).count(), 0)
  await page.getByRole('link', { name: 'Back to the list' }).click()
  await page.getByRole('navigation', { name: 'Agents' }).waitFor()
  await page.context().close()
})

scene('on a phone the name of the open section of the settings is in view', async () => {
  const page = await stage.page('/settings/audit', { viewport: { width: 390, height: 800 } })
  await page.getByRole('heading', { name: 'Audit' }).waitFor()
  const sections = page.getByRole('navigation', { name: 'Settings' })
  await until(
    page,
    (nav) => {
      const open = nav.querySelector('[aria-current]').getBoundingClientRect()
      const row = nav.getBoundingClientRect()
      // A scroll ends on whole pixels, a word need not.
      return open.left > row.left - 1 && open.right < row.right + 1 && row.right <= innerWidth
    },
    await sections.elementHandle(),
  )
  await page.context().close()
})
