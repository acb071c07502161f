// Finds a Chromium for the browser tests and the screenshots. Every candidate is proved by asking its version; nothing is
// ever installed from here.

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const WELL_KNOWN = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap(variable => {
    const folder = process.env[variable]
    if (folder === undefined) return []
    return [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]
  }),
}
const CHOICES = `no Chromium was found for the browser tests. Choose one:
  as root on Debian or Ubuntu:  apt-get install -y chromium
  for this user:                npx playwright-core install chromium-headless-shell
  or name one that you have:    CHROMIUM_PATH=/path/to/chromium npm test`

/** @returns {{ path?: string, missing?: string }} the browser, or what to do to get one. */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    return works(named)
      ? { path: named }
      : { missing: `CHROMIUM_PATH is ${named}, which does not start; correct or unset it` }
  }
  const path = candidates().find(works)
  return path === undefined ? { missing: CHOICES } : { path }
}

function candidates() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = NAMES.flatMap(name => folders.map(folder => join(folder, name)))
  return [...onPath, ...(WELL_KNOWN[process.platform] ?? []), ...playwrightCache()].filter(path => existsSync(path))
}

/** What `playwright-core install` would have put in its cache. */
function playwrightCache() {
  try {
    const { chromium } = createRequire(import.meta.url)('playwright-core')
    return [chromium.executablePath()]
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return []
    throw error
  }
}

/** Windows browsers open a window when asked for their version: there, being a file is proof enough. */
function works(path) {
  if (process.platform === 'win32') return true
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 })
    return true
  } catch {
    return false
  }
}
