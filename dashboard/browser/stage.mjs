// The built page on the pretended control plane, in a real browser.
import { preview } from 'vite'
import { launch, missing } from './chromium.mjs'

export { missing }

export async function openStage() {
  const server = await preview({ preview: { port: 0 }, logLevel: 'error' })
  const base = server.resolvedUrls.local[0].replace(/\/$/, '')
  const browser = await launch()
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
