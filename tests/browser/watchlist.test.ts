// Watchlist, header, time and sales and news in Chromium: order, filter, favourites, keys, signs and size filter, news
// that select an instrument. In a busy market no figure moves another.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Trade } from '@papertape/protocol'
import type { Browser, Page } from 'playwright-core'
import { operate } from '../support/market.ts'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const BUSY = '8x'
const PAUSED = '0x'
/** As many are drawn at once as the tape shows. */
const COMPARED = 30
/** About ten seconds of the busy market. */
const CHANGES_MIN = 600

declare global {
  interface Window {
    shifts?: string[]
    changes?: number
  }
}

/** Collects layout shifts in header, watchlist and tape that no input explains, and counts changes of figures. */
function watchShifts(): void {
  window.shifts = []
  window.changes = 0
  const isIn = (node: Node | null, panels: string) => {
    const element = node instanceof Element ? node : node?.parentElement
    return element?.closest(panels) != null
  }
  const figures = '[aria-label="Selected instrument"], [aria-label=Instruments]'
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      hadRecentInput: boolean
      sources: { node: Node | null }[]
    })[]) {
      const moved = entry.sources.map(({ node }) => node).filter(node => isIn(node, `${figures}, [data-testid=tape]`))
      if (!entry.hadRecentInput) window.shifts!.push(...moved.map(node => node?.textContent ?? ''))
    }
  }).observe({ type: 'layout-shift' })
  new MutationObserver(records => {
    window.changes! += records.filter(({ target }) => isIn(target, figures)).length
  }).observe(document.body, { characterData: true, childList: true, subtree: true })
}

describe('the watchlist and its neighbours', () => {
  let server: RunningServer
  let browser: Browser
  let page: Page
  let complaints: () => string[]

  before(async () => {
    server = await startServer({ flags: ['--past-minutes', '5', '--symbols', '40'] })
    browser = await launchBrowser()
    const watched = await openPage(browser, server.url, { width: 1920, height: 720 })
    page = watched.page
    complaints = watched.complaints
    await untilLive(page)
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const byId = (id: string) => page.getByTestId(id)
  const rows = () =>
    page
      .locator('[data-testid^=ticker-row-]')
      .evaluateAll(found => found.map(row => (row as HTMLElement).dataset.symbol))
  /** Waits until the drawn rows are the first ones of a list. */
  const untilRows = (expected: readonly string[]) =>
    page.waitForFunction(list => {
      const shown = [...document.querySelectorAll<HTMLElement>('[data-testid^=ticker-row-]')]
      return shown.length > 0 && shown.every((row, at) => row.dataset.symbol === list[at])
    }, expected)

  it('moves nothing in header, watchlist and tape when figures change', async () => {
    await operate(server, { pace: BUSY })
    await page.evaluate(watchShifts)
    await page.waitForFunction(least => window.changes! >= least, CHANGES_MIN)
    assert.deepEqual(await page.evaluate(() => window.shifts), [])
  })

  it('is in the order of a column, both ways, and in that of the market again', async () => {
    await operate(server, { pace: PAUSED })
    const list = (await call(server.url, 'GET /v1/instruments')).body as { symbol: string }[]
    const own = list.map(({ symbol }) => symbol)
    const sorted = own.toSorted()
    const head = byId('sort-symbol')
    const order = () => page.locator('th', { has: head }).getAttribute('aria-sort')
    await head.click()
    await untilRows(sorted)
    assert.equal(await order(), 'ascending')
    await head.click()
    await untilRows(sorted.toReversed())
    assert.equal(await order(), 'descending')
    await head.click()
    await untilRows(own)
    assert.equal(await order(), null)
    // The market is paused: these figures do not change.
    await byId('sort-last').click()
    await page.waitForFunction(() => {
      const figures = [...document.querySelectorAll('[data-testid^=ticker-last-]')]
      const prices = figures.map(one => Number(one.textContent!.replaceAll(',', '')))
      return prices.length > 5 && prices.every((price, at) => at === 0 || price <= prices[at - 1]!)
    })
    await byId('sort-last').click()
    await byId('sort-last').click()
    await untilRows(own)
  })

  it('finds an instrument, and keeps favourites over a reload', async () => {
    const own = (await rows()) as string[]
    const [, second, third] = own as [string, string, string]
    await page.keyboard.press('/')
    await page.keyboard.type(third.toLowerCase())
    await untilRows([third])
    assert.equal(await page.getByRole('grid', { name: 'Instruments' }).getAttribute('aria-rowcount'), '2')
    await page.keyboard.press('Escape')
    await untilRows(own)
    for (const symbol of [second, third]) await page.getByRole('button', { name: `Favourite ${symbol}` }).click()
    await page.reload()
    await untilLive(page)
    await byId('favourites-only').click()
    await untilRows([second, third])
    await page.getByRole('button', { name: `Favourite ${second}` }).click()
    await untilRows([third])
    await page.getByRole('button', { name: `Favourite ${third}` }).click()
    await page.getByText('No favourites yet').waitFor()
    await byId('favourites-only').click()
    await untilRows(own)
  })

  it('draws the rows on screen, and keys reach all of them', async () => {
    const list = (await call(server.url, 'GET /v1/instruments')).body as { symbol: string }[]
    const symbols = list.map(({ symbol }) => symbol)
    assert.ok((await rows()).length < symbols.length, 'rows that are far from the screen are drawn')
    assert.equal(
      await page.getByRole('grid', { name: 'Instruments' }).getAttribute('aria-rowcount'),
      String(symbols.length + 1),
    )
    const focused = (symbol: string) =>
      page.waitForFunction(of => {
        const element = document.activeElement
        const { top, bottom } = element!.getBoundingClientRect()
        const box = element!.closest('[role=grid]')?.parentElement?.getBoundingClientRect()
        const isInView = box !== undefined && top >= box.top && bottom <= box.bottom
        return isInView && element!.closest<HTMLElement>('[data-symbol]')?.dataset.symbol === of
      }, symbol)
    await page.locator(`[data-symbol=${symbols[0]}] [data-button=instrument]`).focus()
    await page.keyboard.press('End')
    await focused(symbols.at(-1)!)
    await page.keyboard.press('ArrowUp')
    await focused(symbols.at(-2)!)
    await page.keyboard.press('Enter')
    await byId('selected-symbol')
      .filter({ hasText: symbols.at(-2)! })
      .waitFor()
    await page.keyboard.press('Home')
    await focused(symbols[0]!)
    await page.keyboard.press('Enter')
    await byId('selected-symbol').filter({ hasText: symbols[0]! }).waitFor()
  })

  it('says of each trade which side took the price and how the price moved, and what the signs mean', async () => {
    const symbol = await byId('selected-symbol').textContent()
    const route = `GET /v1/instruments/${symbol}/trades?limit=${COMPARED + 1}`
    const { trades } = (await call(server.url, route)).body as { trades: Trade[] }
    const newestFirst = trades.toSorted((a, b) => b.seq - a.seq)
    const expected = newestFirst.slice(0, -1).map(({ aggressor, price }, at) => {
      const before = newestFirst[at + 1]!.price
      return `${aggressor === 'buy' ? 'B' : 'S'}${price === before ? '=' : price > before ? '▲' : '▼'}`
    })
    await page.waitForFunction(signs => {
      const shown = [...document.querySelectorAll<HTMLTableRowElement>('[data-testid=tape] tbody tr')].map(row =>
        [row.cells[1], row.cells[2]!.querySelector('[role=img]')].map(one => one!.textContent).join(''),
      )
      return signs.every((one, at) => one === shown[at])
    }, expected)
    const legend = await byId('tape-legend').textContent()
    assert.match(legend!, /B buyer or S seller took the price.*▲ ▼ = against the trade before/)
  })

  it('hides small trades, says how many, and keeps the size over a reload', async () => {
    await byId('tape-least-size').fill('1000000000')
    await byId('tape').getByText('No trade of 1,000,000,000 or more yet.').waitFor()
    const [, hidden, all] = /^([\d,]+) of ([\d,]+) trades hidden/.exec((await byId('tape-hidden').textContent())!)!
    assert.equal(hidden, all)
    await page.reload()
    await untilLive(page)
    await byId('tape').getByText('No trade of 1,000,000,000 or more yet.').waitFor()
    await byId('tape-least-size').fill('')
    await byId('tape').locator('tbody tr').first().waitFor()
  })

  it('stands still while one reads further down, and counts the new trades', async () => {
    const list = page.getByRole('region', { name: 'Last trades' })
    const texts = () => byId('tape').locator('tbody tr').allTextContents()
    await list.evaluate(element => {
      element.scrollTop = 100
    })
    const before = await texts()
    await operate(server, { pace: BUSY })
    const newTrades = byId('tape-new')
    await newTrades.filter({ hasText: /\d+ new/ }).waitFor()
    assert.deepEqual(await texts(), before)
    assert.equal(await list.evaluate(element => element.scrollTop), 100)
    await newTrades.click()
    await newTrades.waitFor({ state: 'detached' })
    assert.equal(await list.evaluate(element => element.scrollTop), 0)
    assert.notDeepEqual(await texts(), before)
    await operate(server, { pace: PAUSED })
  })

  it('keeps the news, announces what is urgent, and selects the instrument of a headline', async () => {
    const [first, second] = (await rows()) as [string, string]
    const news = byId('news')
    await operate(server, { news: { headline: 'Rates unchanged', severity: 'info' } })
    await news.getByText('Rates unchanged').waitFor()
    const announced = byId('announcer').filter({ hasText: 'News: A merger' }).waitFor({ state: 'attached' })
    await operate(server, { news: { headline: 'A merger', symbols: [first, second], severity: 'alert' } })
    await announced
    await operate(server, { news: { headline: 'A new factory', symbols: [second], severity: 'info' } })
    await news.getByText('A new factory').waitFor()
    const headlines = () => news.locator('li p:last-child').allTextContents()
    assert.deepEqual(await headlines(), ['A new factory', 'A merger', 'Rates unchanged'])
    await byId('news-selected').click()
    assert.deepEqual(await headlines(), ['A merger', 'Rates unchanged'])
    await news.getByRole('button', { name: second }).click()
    await byId('selected-symbol').filter({ hasText: second }).waitFor()
    assert.deepEqual(await headlines(), ['A new factory', 'A merger', 'Rates unchanged'])
    assert.equal(await news.locator('li[data-concerns=true]').count(), 2)
  })

  it('shows a halt and its reason in the place of bid and ask, and complains of nothing', async () => {
    const symbol = (await byId('selected-symbol').textContent())!
    const header = page.getByRole('region', { name: 'Selected instrument' })
    const heightBefore = (await header.boundingBox())!.height
    await operate(server, { halt: { symbol, halted: true, reason: 'news pending' } })
    await byId('phase-band').getByText('Halted: news pending.').waitFor()
    assert.equal((await header.boundingBox())!.height, heightBefore)
    await operate(server, { halt: { symbol, halted: false } })
    await header.getByText('Bid', { exact: true }).waitFor()
    assert.deepEqual(complaints(), [])
  })
})
