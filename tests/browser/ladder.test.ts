// The price ladder and the depth chart in a real Chromium, against the book that REST has. The market is paused while
// figures are compared: nothing but the account's own orders changes the book then.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const TICK = 0.01
const AGREES_WITHIN_MS = 30_000

interface Book {
  readonly bids: readonly (readonly [price: number, size: number])[]
  readonly asks: readonly (readonly [price: number, size: number])[]
}

/** Price, bid and offer as the row shows them. */
type ShownRow = readonly [price: string, bid: string, offer: string]

const ticks = (price: number) => Math.round(price / TICK)
const sizeText = (size: number) => (size === 0 ? '' : size.toLocaleString('en-US'))
/** Half a cent is rounded up, as people do; `toFixed` rounds the binary value, which may lie below. */
const averageText = (price: number) =>
  price.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const sum = (levels: Book['bids'], isIn: (price: number) => boolean) =>
  levels.reduce((total, [price, size]) => total + (isIn(price) ? size : 0), 0)

describe('the ladder', () => {
  let server: RunningServer
  let browser: Browser
  let page: Page
  let complaints: () => string[]
  let symbol: string

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
    const { body } = await call(server.url, 'GET /v1/instruments')
    symbol = body[0].symbol
    await untilTrading(server.url, symbol)
    const watched = await openPage(browser, server.url, { height: 1200 })
    page = watched.page
    complaints = watched.complaints
    page.setDefaultTimeout(AGREES_WITHIN_MS)
    await untilLive(page)
    await rows().first().waitFor()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const setPace = (pace: string) => operate(server, { pace })
  const bookOf = async (): Promise<Book> => (await call(server.url, `GET /v1/instruments/${symbol}/book`)).body
  const rows = (from = page) => from.locator('[data-testid=ladder] tbody tr')
  const rowAt = (price: number) => page.locator(`[data-testid=ladder] [data-price="${price.toFixed(2)}"]`)
  const prices = (from = page) =>
    rows(from).evaluateAll(all => all.map(row => Number((row as HTMLElement).dataset.price)))
  const shown = () =>
    rows().evaluateAll(all =>
      all.map(row => {
        const text = (cell: string) => row.querySelector(`[data-cell=${cell}]`)!.textContent
        return [text('price'), text('bid'), text('ask')] as const
      }),
    )
  /** Reads until both agree; the limit is that of the page. */
  const agree = async <T>(read: () => Promise<T>, expected: (read: T) => Promise<T>, what: string) => {
    const limitMs = Date.now() + AGREES_WITHIN_MS
    for (;;) {
      const found = await read()
      const wanted = await expected(found)
      if (JSON.stringify(found) === JSON.stringify(wanted)) return
      if (Date.now() > limitMs) assert.deepEqual(found, wanted, what)
      await page.waitForTimeout(50)
    }
  }
  const ownOrders = () =>
    page.evaluate(async () => {
      const answer = await fetch('/v1/orders')
      const { orders } = (await answer.json()) as { orders: { price: number; size: number; leavesSize: number }[] }
      const isOpen = ({ leavesSize }: { leavesSize: number }) => leavesSize > 0
      return orders
        .filter(isOpen)
        .map(({ price, size }) => [price, size] as const)
        .sort((a, b) => a[1] - b[1])
    })
  const untilOrders = (wanted: readonly (readonly [price: number, size: number])[]) =>
    agree(ownOrders, async () => [...wanted], 'the own orders of the exchange')
  const buy = (id: string, price: number, size: number) =>
    page.evaluate(
      async order => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch('/v1/orders', { method: 'POST', headers, body: JSON.stringify(order) })
        if (answer.status !== 201) throw new Error(await answer.text())
      },
      { clientOrderId: id, symbol, side: 'buy', size, price, orderType: 'limit', timeInForce: 'GTC' },
    )

  /** Until the rows show the book of the exchange. */
  const untilBook = (group: number) =>
    agree<readonly ShownRow[]>(
      shown,
      async found => {
        const { bids, asks } = await bookOf()
        return found.map(([text]) => {
          const row = ticks(Number(text)) / group
          const bid = sum(bids, price => Math.floor(ticks(price) / group) === row)
          const ask = sum(asks, price => Math.ceil(ticks(price) / group) === row)
          return [text, sizeText(bid), sizeText(ask)]
        })
      },
      `groups of ${group} ticks`,
    )

  it('shows the whole book at fixed prices, in groups that promise no better price, and in totals', async () => {
    await setPace('0')
    for (const group of [1, 5, 10, 50]) {
      await page.getByTestId('ladder-group').selectOption(String(group))
      await untilBook(group)
      const steps = (await prices()).map(price => ticks(price))
      assert.ok(steps.length >= 8)
      assert.deepEqual(
        steps,
        Array.from(steps, (_, at) => steps[0]! - at * group),
      )
    }
    await page.getByTestId('ladder-total').click()
    await agree<readonly ShownRow[]>(
      shown,
      async found => {
        const { bids, asks } = await bookOf()
        return found.map(([text]) => {
          const price = Number(text)
          return [text, sizeText(sum(bids, one => one >= price)), sizeText(sum(asks, one => one <= price))]
        })
      },
      'totals',
    )
    await page.getByTestId('ladder-size').click()
    await page.reload()
    await rows().first().waitFor()
    assert.equal(await page.getByTestId('ladder-group').inputValue(), '50', 'the grouping is remembered')
    await page.getByTestId('ladder-group').selectOption('1')
  })

  it('fills the ticket from each column, and sends nothing', async () => {
    await untilLive(page)
    const [price] = (await prices()).slice(-2)
    const checked = async () => ((await page.getByTestId('ticket-side-buy').isChecked()) ? 'buy' : 'sell')
    for (const [cell, side] of [
      ['ask', 'sell'],
      ['bid', 'buy'],
      ['price', 'buy'],
    ] as const) {
      await page.getByTestId('ticket-price').fill('1')
      await rowAt(price!).locator(`[data-cell=${cell}]`).click()
      assert.equal(await page.getByTestId('ticket-price').inputValue(), price!.toFixed(2))
      assert.equal(await checked(), side)
    }
    await rowAt(price!).locator('[data-cell=price]').focus()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    assert.equal(await page.getByTestId('ticket-price').inputValue(), (price! + TICK).toFixed(2))
    assert.equal(await checked(), 'sell')
    assert.deepEqual(await ownOrders(), [])
    await page.getByTestId('ticket-side-buy').check()
  })

  it('moves own orders by a drag, by keys and by buttons, and cancels them', async () => {
    const { bids } = await bookOf()
    const best = bids[0]![0]
    const at = (below: number) => Number((best - below * TICK).toFixed(2))
    const own = (below: number) => rowAt(at(below)).locator('[data-own=buy]')
    await buy('l1', at(1), 10)
    await buy('l2', at(1), 30)
    await own(1).filter({ hasText: '40' }).waitFor()

    const middle = async (below: number) => {
      const { x, y, width, height } = (await rowAt(at(below)).locator('td').first().boundingBox())!
      return [x + width / 2, y + height / 2] as const
    }
    const drag = async (from: number, to: number) => {
      await page.mouse.move(...(await middle(from)))
      await page.mouse.down()
      await page.mouse.move(...(await middle(to)), { steps: 4 })
      await page
        .getByTestId('own-orders')
        .filter({ hasText: at(to).toFixed(2) })
        .waitFor()
    }
    await drag(1, 3)
    await screenshot(page, 'ladder-drag')
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await page.getByTestId('own-orders').waitFor({ state: 'detached' })
    await drag(1, 2)
    await page.mouse.up()
    // What Escape had left would have been sent before.
    await untilOrders([
      [at(2), 10],
      [at(2), 30],
    ])
    await own(2).filter({ hasText: '40' }).waitFor()

    await page.getByTestId('armed').click()
    await rowAt(at(2)).locator('[data-cell=price]').focus()
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Alt+ArrowDown')
    await page.keyboard.press('Escape')
    await page.getByTestId('own-orders').waitFor({ state: 'detached' })
    await page.keyboard.press('Alt+ArrowDown')
    await page
      .getByTestId('own-orders')
      .filter({ hasText: at(3).toFixed(2) })
      .waitFor()
    await page.keyboard.press('Enter')
    await untilOrders([
      [at(3), 10],
      [at(3), 30],
    ])

    await own(3).click()
    await page.getByTestId('own-up').click()
    assert.deepEqual(await axeFindings(page), [])
    await page.getByTestId('own-send').click()
    await untilOrders([
      [at(2), 10],
      [at(2), 30],
    ])
    await own(2).click()
    await page.getByTestId('own-cancel').filter({ hasText: 'Cancel 2' }).click()
    await untilOrders([])
    await buy('l3', at(1), 20)
    await own(1).waitFor()
    await rowAt(at(1)).locator('[data-cell=bid]').focus()
    await page.keyboard.press('Delete')
    await untilOrders([])
    await own(1).waitFor({ state: 'detached' })
  })

  it('reads out what would trade down or up to a price, at the prices of the ladder', async () => {
    // Without own orders to hold them, the rows go back to the middle first.
    await page.mouse.move(0, 0)
    await page.locator('[data-testid=ladder-recentre][data-away=false]').waitFor({ state: 'attached' })
    const [first, ...others] = await prices()
    const last = others.at(-1)!
    const slider = page.getByTestId('depth-slider')
    const book = await bookOf()
    const text = (price: number) => {
      const isSale = price * 2 <= book.bids[0]![0] + book.asks[0]![0]
      const levels = (isSale ? book.bids : book.asks).filter(([one]) => (isSale ? one >= price : one <= price))
      const size = sum(levels, () => true)
      if (size === 0) return `Nothing to trade with at ${price.toFixed(2)}`
      const average = levels.reduce((cost, [one, of]) => cost + one * of, 0) / size
      const what = isSale ? `Sell ${sizeText(size)} down to` : `Buy ${sizeText(size)} up to`
      return `${what} ${price.toFixed(2)}: average ${averageText(average)},`
    }
    const saysAt = async (price: number) => {
      await page.waitForFunction(expected => {
        const element = document.querySelector('[data-testid=depth-slider]')
        return element?.getAttribute('aria-valuetext')?.startsWith(expected)
      }, text(price))
      assert.equal(await page.getByTestId('depth-readout').textContent(), await slider.getAttribute('aria-valuetext'))
    }
    await slider.focus()
    await page.keyboard.press('Home')
    await saysAt(last)
    for (const price of others.toReversed().slice(1)) {
      await page.keyboard.press('ArrowRight')
      await saysAt(price)
    }
    await page.keyboard.press('End')
    await saysAt(first!)
    const { x, y, height } = (await page.getByTestId('depth-chart').boundingBox())!
    // Clear of the splitter at the edge of the column.
    await page.mouse.move(x + 6, y + height / 3)
    await saysAt(last)
    await page.getByTestId('depth-table').click()
    assert.equal(await page.getByTestId('ladder-total').getAttribute('aria-pressed'), 'true')
    assert.ok(await page.evaluate(() => document.activeElement?.closest('[data-testid=ladder]') !== null))
    await page.getByTestId('ladder-size').click()
  })

  it('shows the depth chart in place of the rows, over the same prices, where there is no room for both', async () => {
    const lower = (await openPage(browser, server.url, { height: 900 })).page
    await untilLive(lower)
    await rows(lower).first().waitFor()
    const chart = lower.getByTestId('depth-chart')
    const depth = lower.getByTestId('ladder-depth')
    assert.equal(await page.getByTestId('ladder-depth').isVisible(), false, 'here both are shown')
    assert.equal(await chart.isVisible(), false)
    await depth.click()
    await chart.waitFor()
    assert.equal(await rows(lower).first().isVisible(), false)
    assert.ok((await chart.boundingBox())!.height >= 120)
    const slider = lower.getByTestId('depth-slider')
    for (const [key, at] of [
      ['Home', -1],
      ['End', 0],
    ] as const) {
      await slider.press(key)
      const price = (await prices(lower)).at(at)!
      await lower
        .getByTestId('depth-readout')
        .filter({ hasText: ` ${price.toFixed(2)}` })
        .waitFor()
    }
    assert.deepEqual(await axeFindings(lower), [])
    await screenshot(lower, 'ladder-depth')
    await lower.reload()
    await chart.waitFor()
    await lower.getByTestId('depth-table').click()
    await rows(lower).first().waitFor()
    assert.equal(await chart.isVisible(), false)
    assert.ok(await lower.evaluate(() => document.activeElement?.closest('[data-testid=ladder]') !== null))
    await lower.context().close()
  })

  it('keeps its rows under the pointer and the focus while the market runs; scrolls, and recentres', async () => {
    const away = page.locator('[data-testid=ladder-recentre][data-away=true]')
    const centred = page.locator('[data-testid=ladder-recentre][data-away=false]')
    await setPace('50x')
    await page.mouse.move(0, 0)
    await centred.waitFor({ state: 'attached' })
    await page.getByTestId('ladder').hover()
    const held = await prices()
    await away.waitFor()
    assert.deepEqual(await prices(), held, 'under the pointer')
    await page.mouse.move(0, 0)
    await centred.waitFor({ state: 'attached' })
    await page.keyboard.press('Shift')
    await rows().first().locator('[data-cell=price]').focus()
    const focused = await prices()
    await away.waitFor()
    assert.deepEqual(await prices(), focused, 'under the focus')
    await setPace('0')
    await untilBook(1)
    const scrollAway = async () => {
      await page.getByTestId('ladder').hover()
      await page.mouse.wheel(0, 24 * 30)
      await away.waitFor()
      await page.mouse.move(0, 0)
    }
    const pressHome = async () => {
      await rows().first().locator('[data-cell=price]').focus()
      await page.keyboard.press('Home')
    }
    const goHome = async () => {
      await pressHome()
      await centred.waitFor({ state: 'attached' })
    }
    // From wherever the market has left it. Its last changes may be drawn after a key: rows beyond the book agree
    // before.
    const isCentredByKey = async () => {
      await pressHome()
      return (await centred.count()) === 1
    }
    await agree(isCentredByKey, async () => true, 'in the middle')
    await scrollAway()
    const scrolled = await prices()
    await goHome()
    const centre = await prices()
    assert.ok(scrolled[0]! < centre.at(-1)!, `${scrolled}, then ${centre}`)
    await scrollAway()
    await page.getByTestId('ladder-recentre').click()
    await agree(prices, async () => centre, 'recentred')
    assert.deepEqual(complaints(), [])
  })

  it('says what the book is in a halt', async () => {
    const halt = (halted: boolean) => operate(server, { halt: { symbol, halted } })
    await halt(true)
    await page
      .getByTestId('ladder-note')
      .filter({ hasText: /^Halted: nothing trades/ })
      .waitFor()
    await halt(false)
    await page
      .getByTestId('ladder-note')
      .filter({ hasText: /Halted/ })
      .waitFor({ state: 'detached' })
  })

  it('is scrolled and picked from by touch at 390 px, with rows of 44 px', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    const { page: phone } = await openPage(browser, server.url, { context })
    await untilLive(phone)
    await phone.getByRole('button', { name: 'Book', exact: true }).tap()
    const cell = rows(phone).first().locator('[data-cell=bid]')
    await cell.waitFor()
    assert.ok((await cell.boundingBox())!.height >= 44)
    const [price] = await prices(phone)
    await cell.tap()
    await phone.getByTestId('ticket-price').waitFor()
    assert.equal(await phone.getByTestId('ticket-price').inputValue(), price!.toFixed(2))
    await phone.getByRole('button', { name: 'Book', exact: true }).tap()
    const { x, y } = (await cell.boundingBox())!
    const touch = await context.newCDPSession(phone)
    const points = (by: number) => [{ x: x + 5, y: y + 5 + by }]
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(0) })
    for (const by of [20, 60, 100])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(by) })
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    await phone.waitForFunction(
      top => Number(document.querySelector<HTMLElement>('[data-testid=ladder] tbody tr')!.dataset.price) > top,
      price!,
    )
    await context.close()
  })
})
