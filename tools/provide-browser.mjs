// Sees to it that the browser tests have a Chromium: one that is there, else the registry's package (Linux x64), else
// what Playwright's own installer brings. Called by ready.mjs before the tests, never before `npm start`.

import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBrowser, packagedFolder } from './browser.mjs'
import { runNpm, runQuietly } from './run.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const INSTALL_TIMEOUT_MS = 600_000

const CHOICES = `no Chromium was found for the browser tests, and none could be installed. Choose one:
  as root on Debian or Ubuntu:  apt-get install -y chromium
  for this user:                npx playwright-core install chromium-headless-shell
  or name one that you have:    CHROMIUM_PATH=/path/to/chromium npm test`

/**
 * @param {(line: string) => void} say takes a line of progress
 * @returns {string | undefined} what to do when there is no browser; undefined when there is one
 */
export function provideBrowser(say) {
  const { browser, refused } = findBrowser()
  if (browser !== undefined) return undefined
  if (refused !== undefined) return refused
  const failures = []
  for (const [name, install] of INSTALLERS) {
    say(`Installing a Chromium for the browser tests (${name})…`)
    const failure = install()
    if (failure === undefined && findBrowser().browser !== undefined) return undefined
    failures.push(`  ${name}: ${failure ?? 'installed, but it does not start'}`)
  }
  return [CHOICES, 'What was tried:', ...failures].join('\n')
}

const INSTALLERS = [
  ...(process.platform === 'linux' && process.arch === 'x64' ? [['the npm registry, 66 MB', installPackage]] : []),
  ["Playwright's installer", installByPlaywright],
]

function installPackage() {
  const folder = join(ROOT, 'tools', 'chromium')
  const target = packagedFolder()
  mkdirSync(dirname(target), { recursive: true })
  return (
    runNpm(['ci', '--no-workspaces'], { cwd: folder, timeout: INSTALL_TIMEOUT_MS }) ??
    runQuietly(process.execPath, [join(ROOT, 'tools/chromium/unpack.mjs'), target], {
      cwd: folder,
      timeout: INSTALL_TIMEOUT_MS,
    })
  )
}

function installByPlaywright() {
  const command = join(ROOT, 'node_modules', 'playwright-core', 'cli.js')
  return runQuietly(process.execPath, [command, 'install', 'chromium-headless-shell'], {
    cwd: ROOT,
    timeout: INSTALL_TIMEOUT_MS,
  })
}
