// What the page loads at its start in a real Chromium, and what happens when a part that is loaded later is gone.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** With what docs/decisions/0022 has measured, and little room: a page that grows has to say why. */
const REQUESTS_MAX = 12
const FIRST_SCRIPTS_KB = 231
const ALL_SCRIPTS_KB = 289

describe('the loading of the page', () => {
  let server: RunningServer
  let browser: Browser

  before(async () => {
    server = await startServer()
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  it('requests nothing twice, and no more files and bytes than was decided', async () => {
    const newcomer = await openPage(browser, server.url)
    await untilLive(newcomer.page)
    const context = newcomer.page.context()
    await newcomer.page.close()

    const { page, requests, complaints } = await openPage(browser, server.url, { context })
    await untilLive(page)
    await page.locator('canvas[data-testid=candles]').waitFor()
    await page.locator('[data-testid^=ticker-row-] svg path[d]').first().waitFor({ state: 'attached' })
    const paths = requests.map(url => url.replace(server.url, ''))
    assert.deepEqual(
      paths.filter((path, index) => paths.indexOf(path) !== index),
      [],
    )
    assert.equal(paths.filter(path => path.endsWith('.css')).length, 1)
    assert.ok(paths.length <= REQUESTS_MAX, `${paths.length} requests: ${paths.join(' ')}`)

    const html = await (await fetch(server.url)).text()
    let first = 0
    let all = 0
    for (const path of paths.filter(one => one.endsWith('.js'))) {
      const script = await (await fetch(server.url + path)).arrayBuffer()
      const bytes = gzipSync(new Uint8Array(script)).length
      all += bytes
      if (html.includes(`src="${path}"`)) first += bytes
    }
    assert.ok(first > 0 && first <= FIRST_SCRIPTS_KB * 1_000, `the document names ${first} bytes of script, gzipped`)
    assert.ok(all <= ALL_SCRIPTS_KB * 1_000, `${all} bytes of script in all, gzipped`)
    assert.deepEqual(complaints(), [])
    await context.close()
  })

  it('says to reload when a part of the page is gone, and the rest works on', async () => {
    const { page } = await openPage(browser, server.url)
    await untilLive(page)
    await page.locator('canvas[data-testid=candles]').waitFor()
    await page.route('**/chunks/*.js', route => route.fulfill({ status: 404 }))
    await page.getByTestId('tab-history').click()
    await page
      .getByTestId('notice')
      .filter({ hasText: /could not be loaded. Reload the page/ })
      .waitFor()
    await page.getByTestId('tab-open-orders').click()
    await page
      .getByTestId('open-orders')
      .filter({ hasText: /No open orders/ })
      .waitFor()
    await page.context().close()
  })
})
