// The dashboard in a real Chromium against a real server: prices move, the chart draws, an order fills and becomes a
// position, and an open page survives a restart of the server.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the dashboard', () => {
  let server: RunningServer
  let browser: Browser

  before(async () => {
    server = await startServer({ flags: ['--past-minutes', '20'] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const byId = (page: Page, id: string) => page.getByTestId(id)

  it('shows a moving market from an SSE stream, has a WebSocket for orders, and logs no error', async () => {
    const { page, complaints, responses, sockets } = await openPage(browser, server.url)
    await untilLive(page)
    // With the row of the heads.
    assert.equal(await page.getByRole('grid', { name: 'Instruments' }).getAttribute('aria-rowcount'), '21')
    await page.locator('[data-testid^=ticker-row-]').first().waitFor()
    const quotes = () => page.locator('[data-testid^=ticker-last-]').allTextContents()
    const before = await quotes()
    await page.waitForFunction(
      then =>
        [...document.querySelectorAll('[data-testid^=ticker-last-]')].some((cell, i) => cell.textContent !== then[i]),
      before,
    )
    const position = await byId(page, 'feed-position').textContent()
    await page.waitForFunction(
      then => document.querySelector('[data-testid=feed-position]')?.textContent !== then,
      position,
    )
    const streams = responses.filter(({ contentType }) => contentType.startsWith('text/event-stream'))
    assert.ok(streams.length >= 1 && streams.every(({ status }) => status === 200))
    assert.equal(sockets.length, 1)
    assert.match(sockets[0]!, /\/v1\/socket$/)
    await screenshot(page, 'dashboard-market')
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('draws candles, and updates them with new trades', async () => {
    const { page, complaints } = await openPage(browser, server.url)
    await untilLive(page)
    await page
      .getByRole('button', { name: '1s' })
      .or(page.getByRole('radio', { name: '1s' }))
      .or(page.getByText('1s', { exact: true }))
      .first()
      .click()
    const pixels = () => byId(page, 'candles').evaluate(canvas => (canvas as HTMLCanvasElement).toDataURL())
    await page.waitForFunction(() => {
      const canvas = document.querySelector('canvas[data-testid=candles]') as HTMLCanvasElement | null
      const context = canvas?.getContext('2d')
      if (!canvas || !context) return false
      const colours = new Set<number>()
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      for (let i = 0; i < data.length; i += 4) colours.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
      return colours.size > 5
    })
    const drawn = await pixels()
    await page.waitForFunction(
      then => (document.querySelector('canvas[data-testid=candles]') as HTMLCanvasElement).toDataURL() !== then,
      drawn,
    )
    // This test reads the canvas again and again, of which Chromium warns.
    assert.deepEqual(
      complaints().filter(text => !text.includes('willReadFrequently')),
      [],
    )
    await page.context().close()
  })

  it('takes an order that fills and becomes a position', async () => {
    const { page, complaints } = await openPage(browser, server.url)
    await untilLive(page)
    const symbol = (await byId(page, 'selected-symbol').textContent())!.trim()
    await byId(page, 'ticket-type').selectOption('market')
    await byId(page, 'ticket-size').fill('30')
    await byId(page, 'ticket-submit').click()
    await byId(page, 'ticket-result')
      .filter({ hasText: /filled/i })
      .waitFor()
    await byId(page, 'tab-positions').click()
    const position = byId(page, `position-${symbol}`)
    await position.waitFor()
    assert.match((await position.textContent())!, /30/)
    await byId(page, 'tab-fills').click()
    await byId(page, 'fills').filter({ hasText: symbol }).waitFor()
    await screenshot(page, 'dashboard')
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('survives a kill -9 of the server: reconnects by itself, resumes, and keeps the account', async () => {
    const { page, complaints, responses } = await openPage(browser, server.url)
    await untilLive(page)
    assert.deepEqual(complaints(), [])
    const position = (await byId(page, 'feed-position').filter({ hasText: /-\d+$/ }).textContent())!.trim()
    await server.kill('SIGKILL')
    await page.locator('[data-testid=feed-state]:not([data-state=live])').waitFor()
    await screenshot(page, 'dashboard-reconnecting')
    const before = responses.length
    await server.restart()
    await untilLive(page)
    const seqOf = (id: string) => Number(id.split('-')[1])
    await page.waitForFunction(
      then => Number(document.querySelector('[data-testid=feed-position]')?.textContent?.trim().split('-')[1]) > then,
      seqOf(position),
    )
    const resumed = (await byId(page, 'feed-position').textContent())!.trim()
    assert.equal(resumed.split('-')[0], position.split('-')[0], 'the same epoch goes on')
    const streams = responses.slice(before).filter(({ contentType }) => contentType.startsWith('text/event-stream'))
    assert.ok(
      streams.some(({ url }) => url.includes(`last=${position.split('-')[0]}-`)),
      'the stream resumed from a position',
    )
    // While the server was down the browser logs each refused connection; no other message may appear.
    assert.deepEqual(
      complaints().filter(
        text => !/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE/.test(text),
      ),
      [],
    )
    await page.context().close()
  })

  it('works over TLS too: pages, streams and the order channel over one HTTP/2 connection', async () => {
    const { page, complaints, sockets } = await openPage(browser, server.secureUrl)
    await untilLive(page)
    const protocols = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(entry => (entry as PerformanceResourceTiming).nextHopProtocol),
    )
    assert.ok(protocols.includes('h2'), protocols.join())
    assert.match(sockets[0]!, /^wss:/)
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('shows which transport each panel uses, and why', async () => {
    const { page, complaints } = await openPage(browser, `${server.url}/transports/`)
    await byId(page, 'decision-tree').waitFor()
    const text = await page.locator('main').textContent()
    for (const word of [
      'Is real-time needed?',
      'Must both sides speak?',
      'Server-Sent Events',
      'WebSocket',
      'Long polling',
      'Plain HTTP',
    ]) {
      assert.ok(text?.includes(word), `the page does not say "${word}"`)
    }
    await untilLive(page)
    await screenshot(page, 'transports')
    assert.deepEqual(complaints(), [])
    await page.context().close()
  })

  it('is usable at 360 px: nothing overflows horizontally, in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await openPage(browser, server.url, { width: 360, height: 740, colorScheme })
      await untilLive(page)
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      assert.ok(overflow <= 0, `${overflow} px run out at the side`)
      await screenshot(page, `dashboard-360-${colorScheme}`)
      assert.deepEqual(complaints(), [])
      await page.context().close()
    }
  })
})
