// A market that is not live must never look live: a server that is suspended, is killed, restarts, or returns with
// another market, while pages stay open.

import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

interface Seen {
  /** The texts of the live region, in order. */
  readonly said: string[]
  /** Moments at which a panel of prices looked live while the feed was not. */
  readonly lies: string[]
  /** How often the prices have changed. */
  changes: number
}

declare global {
  interface Window {
    seen: Seen
  }
}

/**
 * Checks every frame: what is announced, and whether anything looks live between `lost` and the first data after it.
 */
function watch(): void {
  const seen: Seen = { said: [], lies: [], changes: 0 }
  window.seen = seen
  let before = ''
  let pricesBefore = ''
  let wasStale = false
  const look = () => {
    const said = document.querySelector('[data-testid=announcer]')?.textContent ?? ''
    if (said !== '' && said !== before) seen.said.push(said)
    before = said
    // On a narrow screen the rows are hidden, and not drawn.
    const shown = document.querySelectorAll('[data-testid^=ticker-row-], section[aria-label="Selected instrument"]')
    const prices = [...shown].map(one => one.textContent).join()
    if (prices !== pricesBefore) seen.changes++
    pricesBefore = prices
    const state = document.querySelector('[data-testid=feed-state]')?.getAttribute('data-state')
    const isDim = (id: string) =>
      document.querySelector(`[data-testid=${id}]`)?.closest('[data-stale]')?.getAttribute('data-stale')
    const bright = ['depth', 'tape', 'candles', 'selected-last'].filter(id => isDim(id) === 'false')
    const isVerified = document.querySelector('[data-proof=verified]') !== null
    if (wasStale && state !== 'live' && (bright.length > 0 || isVerified))
      seen.lies.push(`${state} ${bright} ${isVerified}`)
    wasStale = isDim('selected-last') === 'true'
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}

/** What was seen until the market is announced as live, in a frame after the text has changed; other texts follow. */
async function seenUntilLive(page: Page): Promise<Seen> {
  await page.waitForFunction(() => window.seen.said.some(text => text.includes('live again')))
  return page.evaluate(() => window.seen)
}

describe('a market that is not live', () => {
  let server: RunningServer
  let browser: Browser
  let pages: Page[] = []

  before(async () => {
    server = await startServer({ flags: ['--symbols', '3'] })
    browser = await launchBrowser()
  })
  afterEach(async () => {
    server.resume()
    for (const page of pages) await page.context().close()
    pages = []
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const open = async (width: number, height: number) => {
    const { page } = await openPage(browser, server.url, { width, height, before: watch })
    page.setDefaultTimeout(60_000)
    pages.push(page)
    await untilLive(page)
    // By then the client knows how often events arrive, and that a silence of seconds is unusual.
    await page.waitForFunction(() => window.seen.changes > 7)
    return page
  }
  const dimmed = (page: Page) => page.locator('[data-stale=true]')
  const isInside = async (page: Page) => {
    const box = (await page.getByTestId('banner').boundingBox())!
    const { width, height } = page.viewportSize()!
    assert.ok(
      box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height,
      JSON.stringify(box),
    )
    const clipped = await page.getByTestId('banner').evaluate(banner => {
      const text = banner.querySelector('p')!
      return text.scrollWidth > text.clientWidth || banner.scrollHeight > banner.clientHeight
    })
    assert.equal(clipped, false, 'the banner is clipped')
  }

  it('is marked stale in one banner seconds after the server is suspended, and live when data arrives', async () => {
    const sizes = [
      [1280, 720],
      [360, 740],
    ] as const
    for (const [width, height] of sizes) await open(width, height)
    const [wide] = pages
    await wide!.getByTestId('book-proof').filter({ hasText: 'verified' }).waitFor()
    server.suspend()
    const suspendedMs = Date.now()
    await wide!.getByTestId('banner').filter({ hasText: 'Prices may be old' }).waitFor()
    assert.ok(Date.now() - suspendedMs < 10_000, `after ${Date.now() - suspendedMs} ms`)
    for (const page of pages) {
      await page.getByTestId('banner').filter({ hasText: 'Prices may be old' }).waitFor()
      await page.locator('[data-testid=feed-state]:not([data-state=live])').waitFor()
      assert.equal(await page.getByTestId('banner').count(), 1)
      await isInside(page)
      assert.ok(!/verified/.test((await page.getByTestId('book-proof').textContent())!))
      assert.ok((await dimmed(page).count()) >= 4)
    }
    await screenshot(wide!, 'stale')
    server.resume()
    for (const page of pages) {
      await page.getByTestId('banner').waitFor({ state: 'detached' })
      assert.equal(await dimmed(page).count(), 0)
      const { said, lies } = await seenUntilLive(page)
      assert.deepEqual(said.slice(0, 2), [
        'Connection to the market lost. Prices may be old.',
        'The market is live again.',
      ])
      assert.deepEqual(lies, [])
    }
  })

  it('stays marked stale over all retries of a killed server, and is announced once', async () => {
    const page = await open(1280, 720)
    await server.kill('SIGKILL')
    await dimmed(page).first().waitFor()
    // Several retries must fail during the check.
    const tries = () => page.getByTestId('banner').textContent()
    const texts = new Set<string | null>()
    for (const untilMs = Date.now() + 8_000; Date.now() < untilMs; ) {
      texts.add(await tries())
      await isInside(page)
      await page.waitForTimeout(250)
    }
    assert.ok(texts.size > 4, [...texts].join('\n'))
    await screenshot(page, 'reconnecting')
    await server.restart()
    const { said, lies } = await seenUntilLive(page)
    assert.deepEqual(lies, [])
    assert.deepEqual(
      said.filter(text => /live/.test(text)),
      ['The market is live again.'],
    )
    assert.equal(said.filter(text => /lost/.test(text)).length, 1)
    await page.waitForFunction(() => window.seen.said.some(text => text.startsWith('Back after')))
    assert.match((await page.getByTestId('outage').textContent())!, /^Back after \d+ s/)
  })

  it('resolves an order that timed out to its true status', async () => {
    const page = await open(1440, 900)
    await page.getByTestId('ticket-submit').filter({ hasText: '@' }).waitFor()
    await page.getByTestId('ticket-price').fill('100')
    server.suspend()
    await page.getByTestId('ticket-submit').click()
    const result = page.getByTestId('ticket-result')
    await result.and(page.locator('[data-state=unknown]')).waitFor()
    server.resume()
    await result.and(page.locator('[data-state=working]')).waitFor()
    assert.equal(await page.getByTestId('order-cancel').count(), 1)
  })

  it('removes the old market when another one answers at the same address, and keeps the account', async () => {
    const page = await open(1280, 720)
    const account = await page.getByTestId('account-id').textContent()
    await page.getByTestId('ticket-type').selectOption('market')
    await page.getByTestId('ticket-submit').click()
    await page
      .getByTestId('ticket-result')
      .filter({ hasText: /filled/i })
      .waitFor()
    const symbols = () => page.locator('[data-testid^=ticker-row-]').allTextContents()
    assert.equal((await symbols()).length, 3)
    await server.kill('SIGTERM')
    await server.restart(['--symbols', '1', '--seed', '7'])
    await page.waitForFunction(() => document.querySelectorAll('[data-testid^=ticker-row-]').length === 1)
    await untilLive(page)
    const list = (await (await fetch(`${server.url}/v1/instruments`)).json()) as { symbol: string }[]
    const [first] = list
    await page.getByTestId('selected-symbol').filter({ hasText: first!.symbol }).waitFor()
    await page.waitForFunction(
      then => document.querySelector('[data-testid=account-id]')?.textContent !== then,
      account,
    )
    await page.getByTestId('balance').filter({ hasText: '1,000,000.00' }).waitFor()
    assert.equal(await page.getByTestId('ticket-result').getAttribute('data-state'), 'none')
    assert.match((await page.getByTestId('tab-positions').textContent())!, /Positions 0/)
    await server.kill('SIGTERM')
    await server.restart()
    await page.getByTestId('account-id').filter({ hasText: account! }).waitFor()
    await page.getByTestId('tab-positions').filter({ hasText: 'Positions 1' }).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('[data-testid^=ticker-row-]').length === 3)
  })
})
