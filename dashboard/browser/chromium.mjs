// The browser that the tests drive: Debian's Chromium, or the one that WARREN_CHROMIUM names.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const executablePath = process.env.WARREN_CHROMIUM ?? '/usr/bin/chromium'

/** Why these tests cannot run here, if they cannot. */
export const missing = existsSync(executablePath)
  ? false
  : `there is no Chromium at ${executablePath} (WARREN_CHROMIUM)`

export const launch = () => chromium.launch({ executablePath, args: ['--no-sandbox'] })
