// Every page in every state under axe: each finding is a failure. Forced colours and target sizes are tested here too,
// since axe does not check them.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { TRADE_STATES, type TradeState } from '../screens/trade-states.ts'
import { axeFindings } from '../support/axe.ts'
import { untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('accessibility', () => {
  let server: RunningServer
  let browser: Browser
  let symbol: string

  before(async () => {
    server = await startServer({ flags: ['--symbols', '12'] })
    browser = await launchBrowser()
    const list = (await (await fetch(`${server.url}/v1/instruments`)).json()) as { symbol: string }[]
    symbol = list[0]!.symbol
    await untilTrading(server.url, symbol)
  })
  after(async () => {
    server?.resume()
    await browser?.close()
    await server?.dispose()
  })

  const find = async (page: Page, state: string) => assert.deepEqual(await axeFindings(page), [], state)
  const open = async (settings: PageSettings = {}, path = '/') => {
    const { page } = await openPage(browser, server.url + path, settings)
    return page
  }
  const looks: Record<string, PageSettings> = {
    dark: { colorScheme: 'dark' },
    light: { colorScheme: 'light' },
    'forced colours': { forcedColors: 'active' },
    'dark, 360 px': { width: 360, height: 740 },
    'light, 1280 × 720': { width: 1280, height: 720, colorScheme: 'light' },
  }
  const screens = ['/', '/transports/', '/transports/#frames', '/transports/#headers', '/simulator/']
  for (const [look, settings] of Object.entries(looks)) {
    it(`has no findings on the pages, ${look}`, async () => {
      for (const path of screens) {
        const page = await open(settings, path)
        if (path !== '/simulator/') await untilLive(page)
        if (path === '/') await page.getByTestId('tape').locator('tbody tr').first().waitFor({ state: 'attached' })
        await find(page, `${path}, ${look}`)
        await page.context().close()
      }
    })
  }

  // They are long, and one column in each window.
  for (const look of ['light', 'dark, 360 px']) {
    it(`has no findings in the documents, ${look}`, async () => {
      for (const path of ['/docs', '/docs/routes', '/docs/messages', '/docs/errors', '/no-such-page']) {
        const page = await open(looks[look], path)
        await find(page, `${path}, ${look}`)
        await page.context().close()
      }
    })
  }

  it('has no findings while the page loads, without data', async () => {
    const page = await open()
    await page.route('**/v1/**', () => {
      // Never answered.
    })
    await page.reload()
    await page.getByTestId('feed-state').waitFor()
    await find(page, 'loading')
    await page.context().close()
  })

  for (const [look, settings] of Object.entries({
    dark: {},
    'light, 360 px': { width: 360, height: 740, colorScheme: 'light' },
  }) as [string, PageSettings][]) {
    it(`has no findings while trading, in each state, ${look}`, async () => {
      const page = await open(settings)
      await untilLive(page)
      const screen = { page, server, symbol, isPhone: settings.width === 360, restingPrice: '100' }
      for (const [state, { enter, leave }] of Object.entries(TRADE_STATES) as [string, TradeState][]) {
        await enter(screen)
        await find(page, state)
        await leave?.(screen)
      }
      await page.context().close()
    })
  }

  it('shows the selection in forced colours: side, row, interval, tab', async () => {
    const page = await open({ forcedColors: 'active' })
    await untilLive(page)
    const marks = await page.evaluate(() => {
      const probe = document.createElement('p')
      probe.style.cssText = 'forced-color-adjust: none; color: Highlight'
      document.body.append(probe)
      const highlight = getComputedStyle(probe).color
      const isMarked = (element: Element | null) => {
        const { outlineColor, outlineStyle, backgroundColor } = getComputedStyle(element!)
        return (outlineStyle !== 'none' && outlineColor === highlight) || backgroundColor === highlight
      }
      const chosen = {
        side: document.querySelector('label[data-side]:has(:checked)'),
        row: document.querySelector('[data-testid^=ticker-row-][data-selected=true]'),
        interval: document.querySelector('button[aria-pressed=true]'),
        tab: document.querySelector('[role=tab][aria-selected=true]'),
      }
      const others = {
        side: document.querySelector('label[data-side]:not(:has(:checked))'),
        row: document.querySelector('[data-testid^=ticker-row-][data-selected=false]'),
        interval: document.querySelector('fieldset button[aria-pressed=false]'),
        tab: document.querySelector('[role=tab][aria-selected=false]'),
      }
      return [Object.values(chosen).map(isMarked), Object.values(others).map(isMarked)]
    })
    assert.deepEqual(marks, [
      [true, true, true, true],
      [false, false, false, false],
    ])
    await page.context().close()
  })

  it('has targets of 24 px at least: the rows of the book too', async () => {
    for (const [width, height] of [
      [1440, 900],
      [1280, 720],
    ] as const) {
      const page = await open({ width, height })
      await untilLive(page)
      await page.getByTestId('depth').getByRole('button').first().waitFor()
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, a[href], select, input:not([type=range])')]
          .filter(
            element => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.visually-hidden'),
          )
          .map(element => (element.closest('label') ?? element).getBoundingClientRect())
          .filter(({ width, height }) => width > 1 && height > 1 && (width < 24 || height < 24))
          .map(({ x, y, width, height }) => `${width} × ${height} at ${x}, ${y}`),
      )
      assert.deepEqual(small, [])
      await page.context().close()
    }
  })

  it('has no findings while the market is disconnected', async () => {
    const pages = [
      await open(),
      await open({ width: 360, height: 740, colorScheme: 'light' }),
      await open({}, '/transports/'),
    ]
    for (const page of pages) await untilLive(page)
    server.suspend()
    for (const page of pages) {
      await page.getByTestId('banner').filter({ hasText: 'Prices may be old' }).waitFor()
      await find(page, 'stale')
    }
    server.resume()
    for (const page of pages) await page.context().close()
  })
})
