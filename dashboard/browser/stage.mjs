// The built page on the pretended control plane, in a real browser.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { preview } from 'vite'

const executablePath = process.env.WARREN_CHROMIUM ?? '/usr/bin/chromium'

/** Why these tests cannot run here, if they cannot. */
export const missing = existsSync(executablePath)
  ? false
  : `there is no Chromium at ${executablePath} (WARREN_CHROMIUM)`

export async function openStage() {
  const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
  const base = server.resolvedUrls.local[0].replace(/\/$/, '')
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  return {
    /** A signed-in page of its own; what goes wrong in it is in `errors`. */
    async page(path, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      await context.addInitScript(() => localStorage.setItem('warren.csrf', 'secret'))
      const page = await context.newPage()
      page.errors = []
      page.on('pageerror', (error) => page.errors.push(error.message))
      await page.goto(base + path)
      return page
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}
