// Measures what the page must be quick at, on the built page in Chromium: `npm run build && npm run speed`.
// Each figure stands beside its budget; one that is over ends the run with status 1.
import { missing, openStage } from './stage.mjs'

if (missing) {
  console.log(`skipped: ${missing}`)
  process.exit(0)
}

const stage = await openStage()
const figures = []
try {
  figures.push(await openLongChat())
  figures.push(...(await keyToPaint()))
  figures.push(...(await streamSlowed()))
} finally {
  await stage.close()
}
for (const { what, value, budget, unit } of figures) {
  const over = value > budget
  console.log(
    `${what.padEnd(62)} ${value.toFixed(1).padStart(8)} ${unit}   budget ${budget} ${unit}${over ? '   OVER' : ''}`,
  )
}
process.exit(figures.some(({ value, budget }) => value > budget) ? 1 : 0)

/** From the snapshot's arrival to the painted conversation. */
async function openLongChat() {
  const page = await stage.page('/')
  await page.getByRole('link', { name: /A thousand messages/ }).waitFor()
  await page.evaluate(() => {
    const Native = WebSocket
    globalThis.WebSocket = class extends Native {
      set onmessage(handle) {
        super.onmessage = (event) => {
          if (this.url.includes('/chats/')) globalThis.arrivedAt ??= performance.now()
          handle(event)
        }
      }
    }
    const observer = new MutationObserver(() => {
      if (document.querySelectorAll('article').length < 50) return
      observer.disconnect()
      requestAnimationFrame(() => setTimeout(() => (globalThis.paintedAt = performance.now())))
    })
    observer.observe(document.body, { childList: true, subtree: true })
  })
  await page.getByRole('link', { name: /A thousand messages/ }).click()
  await page.waitForFunction(() => globalThis.paintedAt)
  const value = await page.evaluate(() => globalThis.paintedAt - globalThis.arrivedAt)
  await page.context().close()
  return { what: 'a chat of 992 messages, from its data to its paint', value, budget: 300, unit: 'ms' }
}

/** From a key to the frame that shows it, as the browser itself measures it (event timing). */
async function keyToPaint() {
  const page = await stage.page('/chats/long')
  await page.getByRole('log').waitFor()
  await page.waitForTimeout(1500)
  await page.evaluate(() => {
    globalThis.keys = []
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') globalThis.keys.push(entry.duration)
    }).observe({ type: 'event', durationThreshold: 16 })
  })
  await page.locator('#composer').click()
  await page.keyboard.type('What people type while a long chat is open', { delay: 40 })
  await page.waitForTimeout(500)
  const keys = await page.evaluate(() => globalThis.keys)
  await page.context().close()
  const worst = keys.length === 0 ? 16 : Math.max(...keys)
  return [{ what: 'key to paint in a chat of 992 messages, the slowest', value: worst, budget: 50, unit: 'ms' }]
}

/** The work of a frame while fifty deltas a second come in, on a processor slowed four times. */
async function streamSlowed() {
  const page = await stage.page('/')
  const client = await page.context().newCDPSession(page)
  await page.locator('#composer').fill('Fix the relay timeout')
  await page.keyboard.press('Enter')
  await page.waitForURL(/chats/)
  await client.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.getByText('The idle timer was armed').waitFor({ timeout: 60_000 })
  const work = await page.evaluate(async () => {
    const long = []
    new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: 'longtask',
    })
    const gaps = []
    let last = performance.now()
    const end = last + 4000
    while (last < end) {
      const now = await new Promise(requestAnimationFrame)
      gaps.push(now - last)
      last = now
    }
    gaps.sort((a, b) => a - b)
    return { median: gaps[gaps.length >> 1], p95: gaps[Math.floor(gaps.length * 0.95)], long: long.length }
  })
  await page.context().close()
  return [
    { what: 'streaming at 4× slower: time between frames, median', value: work.median, budget: 17, unit: 'ms' },
    { what: 'streaming at 4× slower: time between frames, 95 of 100', value: work.p95, budget: 34, unit: 'ms' },
    { what: 'streaming at 4× slower: tasks over 50 ms in 4 s', value: work.long, budget: 2, unit: '  ' },
  ]
}
