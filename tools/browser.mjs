// Finds a Chromium for the browser tests and the screenshots. Every candidate is proved by asking its version; nothing
// is installed from here (provide-browser.mjs does). Plain JavaScript without dependencies: it runs before the install
// too.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
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

/**
 * Its path and what its environment needs; `refused` when CHROMIUM_PATH names what does not start; neither when there
 * is no browser.
 */
export function findBrowser() {
  const named = process.env.CHROMIUM_PATH
  if (named !== undefined && named !== '') {
    return works(named)
      ? { browser: { path: named, env: {} } }
      : { refused: `CHROMIUM_PATH is ${named}, which does not start; correct or unset it` }
  }
  const path = candidates().find(candidate => works(candidate))
  const browser = path === undefined ? packagedBrowser() : { path, env: {} }
  return browser === undefined ? {} : { browser }
}

/** Where the registry's Chromium is unpacked: named by its version, so that an upgrade is unpacked anew. */
export function packagedFolder() {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'tools', 'chromium', 'package.json'), 'utf8'))
  return join(ROOT, 'node_modules', '.cache', 'papertape-chromium', dependencies['@sparticuz/chromium'])
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

/** The unpacked package, with the libraries that it brings only where the system's are missing. */
function packagedBrowser() {
  const folder = packagedFolder()
  const path = join(folder, 'chromium')
  if (!existsSync(path)) return undefined
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }
  const libraries = [process.env.LD_LIBRARY_PATH, join(folder, 'al2023', 'lib')].filter(Boolean).join(delimiter)
  const environments = [fonts, { ...fonts, LD_LIBRARY_PATH: libraries }]
  const env = environments.find(candidate => works(path, candidate))
  return env === undefined ? undefined : { path, env }
}

/** Windows browsers open a window when asked for their version: there, being a file is proof enough. */
function works(path, env = {}) {
  if (process.platform === 'win32') return true
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000, env: { ...process.env, ...env } })
    return true
  } catch {
    return false
  }
}
