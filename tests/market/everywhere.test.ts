// One seed gives one tape: the same bytes in this Node, in an older one, and in a real Chromium, ten minutes of market.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { writePlainPackage } from '../../tools/plain-package.mjs'
import { findOlderNode } from '../support/older-node.ts'
import { launchBrowser, openPage } from '../support/page.ts'

/** Tapes of ten minutes, and the SHA-256 of each: the mixed market, and both regimes of the tick. */
const RUN = `
import { createSimulatedMarket, createSimulation, encodeLine, selectInstruments } from '@papertape/simulators'

const START = 1_767_623_400_000
const MARKETS = [[7, 12, undefined], [8, 1, 'small-tick'], [9, 1, 'large-tick']]

async function hashOf(seed, symbols, preset) {
  const instruments = selectInstruments(symbols, preset)
  const run = createSimulation(createSimulatedMarket({ seed, instruments, preset, startTime: START }))
  let text = ''
  while (run.step(START + 600_000)) for (const event of run.takeEvents()) text += encodeLine(event, 'tape')
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const hex = Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
  return \`\${text.length} \${hex}\`
}

export const hashes = []
for (const [seed, symbols, preset] of MARKETS) hashes.push(await hashOf(seed, symbols, preset))
`
const PACKAGES = ['protocol', 'engine', 'simulators']
const IMPORT_MAP = {
  imports: Object.fromEntries(
    PACKAGES.map(name => [`@papertape/${name}`, `/node_modules/@papertape/${name}/src/index.mjs`]),
  ),
}
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify(IMPORT_MAP)}</script>
<script type="module">
import { hashes } from '/run.mjs'
document.title = hashes.join()
</script>`

describe('a seed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'papertape-portable-'))
  let expected = ''
  after(() => rmSync(folder, { recursive: true, force: true }))

  before(() => {
    for (const name of PACKAGES) writePlainPackage(name, join(folder, 'node_modules/@papertape', name))
    writeFileSync(join(folder, 'run.mjs'), RUN)
    writeFileSync(join(folder, 'print.mjs'), "import { hashes } from './run.mjs'\nprocess.stdout.write(hashes.join())")
    expected = runIn(process.execPath)
    assert.match(expected, /^(\d{6,} [0-9a-f]{64},?){3}$/)
  })

  function runIn(node: string): string {
    return execFileSync(node, [join(folder, 'print.mjs')], { encoding: 'utf8' })
  }

  it('gives the same tape in an older Node', t => {
    const older = findOlderNode()
    if (older === undefined) return t.skip('there is no Node 20 on the PATH')
    t.diagnostic(`${older.version} and ${process.version}`)
    assert.equal(runIn(older.path), expected)
  })

  it('gives the same tape in Chromium', async t => {
    const site = createServer((request, response) => {
      const path = normalize(new URL(request.url!, 'http://host').pathname)
      const file = join(folder, path)
      const isPage = path === '/'
      if (!isPage && !existsSync(file)) return response.writeHead(404).end()
      response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript')
      response.end(isPage ? PAGE : readFileSync(file))
    })
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
    t.after(() => site.close())
    const browser = await launchBrowser()
    t.after(() => browser.close())
    const { page, complaints } = await openPage(browser, `http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
    await page
      .waitForFunction(() => document.title !== '', undefined, { timeout: 60_000 })
      .catch(error => {
        throw new Error(`the page made no tape: ${complaints().join('; ')}`, { cause: error })
      })
    t.diagnostic(`Chromium ${browser.version()}`)
    assert.equal(await page.title(), expected)
  })
})
