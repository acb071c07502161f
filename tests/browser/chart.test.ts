// The chart in a real Chromium: drag, wheel, keys, pinch, the past to its beginning, figures as REST has them, own
// orders that are dragged, fills, the table, the time zone. The market stands still where the test has to compare.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { type Answer, call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** What the page and the tests wait for at most. */
const WITHIN_MS = 15_000
/** A bar needs a trade: one instrument may have none for a while. */
const NEW_BAR_MS = 60_000
const PRICE_AXIS_PX = 68

interface RestBar {
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly trades: number
}

describe('the chart', () => {
  let server: RunningServer
  let browser: Browser
  let symbol: string
  let page: Page
  let complaints: () => string[]

  before(async () => {
    // More bars of a second than the first request brings.
    server = await startServer({ flags: ['--symbols', '1', '--past-minutes', '45'] })
    browser = await launchBrowser()
    symbol = (await call(server.url, 'GET /v1/instruments')).body[0].symbol
    await untilTrading(server.url, symbol)
    const opened = await openPage(browser, server.url)
    page = opened.page
    complaints = opened.complaints
    await untilLive(page)
    await page.getByRole('button', { name: '1s', exact: true }).click()
    await untilShown(text => /one second each, \d/.test(text))
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const canvas = (of = page) => of.getByTestId('candles')
  const legend = (of = page) => of.getByTestId('candle-legend')
  const slider = () => page.getByRole('slider', { name: `Selected bar of ${symbol}` })
  const textOf = async (one: Locator) => (await one.innerText()).replaceAll(/\s+/g, ' ')
  const legendText = async (of = page) => (await legend(of).locator('dt, dd').allTextContents()).join(' ')
  const shownText = async (of = page) => (await canvas(of).getAttribute('aria-label'))!
  const countOf = (text: string) => Number(/, (\d+) bars? to/.exec(text)?.[1])
  const barCount = async (of = page) => countOf(await shownText(of))
  /** Waits until the text of the chart satisfies a condition. */
  const untilShown = async (condition: (text: string) => boolean, of = page) => {
    const limitMs = Date.now() + WITHIN_MS
    for (let text = await shownText(of); !condition(text); text = await shownText(of)) {
      assert.ok(Date.now() < limitMs, `the chart shows: ${text}`)
      await of.waitForTimeout(50)
    }
  }
  const untilFewerBars = (than: number, of = page) => untilShown(text => countOf(text) < than, of)
  const setPace = (pace: string) => operate(server, { pace })
  const candles = async (query: string): Promise<RestBar[]> =>
    (await call(server.url, `GET /v1/instruments/${symbol}/candles?interval=1s${query}`)).body.candles
  /** The open ones, as REST has them. */
  const pageOrders = async (): Promise<Answer['body'][]> => {
    const { orders } = await page.evaluate(async () => (await fetch('/v1/orders')).json())
    return orders.filter(({ leavesSize }: { leavesSize: number }) => leavesSize > 0)
  }
  const send = (order: object) =>
    page.evaluate(async body => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch('/v1/orders', { method: 'POST', headers, body: JSON.stringify(body) })
      return answer.status
    }, order)

  it('is dragged, stays where it is while the market goes on, and comes back to now', async () => {
    const { x, y, width } = (await canvas().boundingBox())!
    const middle = { x: x + (width - PRICE_AXIS_PX) / 2, y: y + 60 }
    assert.equal(await page.getByTestId('back-to-now').count(), 0)
    await page.mouse.move(middle.x, middle.y)
    await page.getByTestId('crosshair-price').filter({ hasText: /\d/, visible: true }).waitFor()
    await page.mouse.down()
    await page.mouse.move(middle.x + 100, middle.y, { steps: 4 })
    await page.getByTestId('back-to-now').waitFor()
    const barAtFirst = await legendText()
    await page.mouse.move(middle.x + 200, middle.y, { steps: 4 })
    const held = await legendText()
    await page.mouse.up()
    const figures = (text: string) => /Bar \d+ \w+ [\d:]+ O [\d.]+ H [\d.]+ L [\d.]+ C [\d.]+/.exec(text)![0]
    assert.equal(figures(held), figures(barAtFirst), 'the bar under the pointer moves with it')
    await page.mouse.move(middle.x, middle.y)
    const until = /bars to ([^.]+) UTC/.exec(await shownText())![1]!
    const before = (await candles('&limit=1'))[0]!.time
    for (const limitMs = Date.now() + NEW_BAR_MS; (await candles('&limit=1'))[0]!.time === before; ) {
      assert.ok(Date.now() < limitMs, 'no new bar')
      await page.waitForTimeout(100)
    }
    assert.equal(/bars to ([^.]+) UTC/.exec(await shownText())![1], until)
    await page.getByTestId('back-to-now').click()
    await page.getByTestId('back-to-now').waitFor({ state: 'detached' })
    await untilShown(text => !text.includes(`to ${until} UTC`))
  })

  it('zooms around the pointer with the wheel, moves sideways with it, and loads the past to its beginning', async () => {
    await setPace('0')
    const { x, y } = (await canvas().boundingBox())!
    await page.mouse.move(x + 300, y + 60)
    await page.getByTestId('crosshair-price').filter({ hasText: /\d/, visible: true }).waitFor()
    const bar = /Bar \d+ \w+ [\d:]+/.exec(await legendText())![0]
    const before = await barCount()
    await page.mouse.wheel(0, -160)
    await untilFewerBars(before)
    assert.match(await legendText(), new RegExp(bar), 'the bar under the pointer stays')
    const zoomed = await shownText()
    await page.mouse.wheel(-300, 0)
    await untilShown(text => text !== zoomed)
    await page.mouse.wheel(0, 4_000)
    const history = page.getByTestId('chart-history')
    const isBegun = history.and(page.locator('[data-state=none]'))
    for (const limitMs = Date.now() + WITHIN_MS; !(await isBegun.isVisible()); ) {
      assert.ok(Date.now() < limitMs, `the beginning is not reached: ${await shownText()}`)
      await page.mouse.wheel(-2_000, 0)
      await page.waitForTimeout(50)
    }
    assert.match(await textOf(history), /Beginning of the market/)
    await screenshot(page, 'chart-beginning')
  })

  it('selects by keys; its bars and its table are those of REST, without holes or doubles', async () => {
    const all = await candles('&limit=5000')
    assert.ok(all.length > 300, `one page has all ${all.length} bars`)
    await page.mouse.move(5, 5)
    await slider().focus()
    await page.keyboard.press('Home')
    const first = new Date(all[0]!.time).toISOString().slice(11, 19)
    await legend().filter({ hasText: first }).waitFor()
    const { open, high, low, close } = all[0]!
    const prices = [open, high, low, close].map(price => price.toFixed(2))
    assert.match(await legendText(), new RegExp(`O ${prices[0]} H ${prices[1]} L ${prices[2]} C ${prices[3]}`))
    assert.match((await slider().getAttribute('aria-valuetext'))!, new RegExp(`${first}: open ${prices[0]}`))
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    const rows = () =>
      page
        .getByTestId('bar-table')
        .locator('tbody tr')
        .evaluateAll(found =>
          (found as HTMLTableRowElement[]).map(row => [
            Number(row.dataset.time),
            ...[...row.querySelectorAll('td.num')].map(one => Number(one.textContent!.replaceAll(',', ''))),
          ]),
        )
    const shown = (await rows()).toReversed()
    assert.ok(shown.length > 10, `${shown.length} rows`)
    const from = all.findIndex(({ time }) => time === shown[0]![0])
    const expected = all.slice(from, from + shown.length)
    assert.deepEqual(
      shown.map(([time, o, h, l, c, volume, , trades]) => ({
        time,
        open: o,
        high: h,
        low: l,
        close: c,
        volume,
        trades,
      })),
      expected.map(({ time, open, high, low, close, volume, trades }) => ({
        time,
        open,
        high,
        low,
        close,
        volume,
        trades,
      })),
    )
    assert.deepEqual(await axeFindings(page), [], 'the table')
    const last = shown.at(-1)![0]!
    await page.getByRole('button', { name: 'Later', exact: true }).click()
    await page.locator(`[data-testid=bar-table] tr[data-time="${all.find(({ time }) => time > last)!.time}"]`).waitFor()
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await slider().focus()
    await page.keyboard.press('End')
    await page.getByTestId('back-to-now').waitFor({ state: 'detached' })
    const bars = await barCount()
    await page.keyboard.press('+')
    await untilFewerBars(bars)
  })

  it('fills the ticket: with the price under a click with Shift, and with the one that keys have chosen', async () => {
    const ticketPrice = page.getByTestId('ticket-price')
    const untilFilled = (price: string) =>
      page.waitForFunction(
        wanted => document.querySelector<HTMLInputElement>('[data-testid=ticket-price]')!.value === wanted,
        price,
      )
    const { x, y } = (await canvas().boundingBox())!
    await page.mouse.move(x + 200, y + 90)
    const tag = page.getByTestId('crosshair-price')
    await tag.filter({ hasText: /\d/, visible: true }).waitFor()
    const shown = (await tag.textContent())!
    await ticketPrice.fill('1')
    await page.mouse.click(x + 200, y + 90)
    assert.equal(await ticketPrice.inputValue(), '1', 'a click alone fills nothing')
    await page.keyboard.down('Shift')
    await page.mouse.click(x + 200, y + 90)
    await page.keyboard.up('Shift')
    await untilFilled(shown)

    await page.mouse.move(5, 5)
    await slider().focus()
    await page.keyboard.press('ArrowLeft')
    const close = Number(/ C ([\d.]+)/.exec(await legendText())![1])
    await page.keyboard.press('Enter')
    await untilFilled(close.toFixed(2))
    for (const key of ['Shift+ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
    const chosen = (close + 0.09).toFixed(2)
    await tag.filter({ hasText: chosen, visible: true }).waitFor()
    assert.match((await slider().getAttribute('aria-valuetext'))!, new RegExp(`^Price ${chosen}\\.`))
    await page.keyboard.press('Enter')
    await untilFilled(chosen)
    await page.keyboard.press('Escape')
    assert.doesNotMatch((await slider().getAttribute('aria-valuetext'))!, /^Price/)
    assert.deepEqual(await pageOrders(), [], 'nothing is sent')
  })

  it('marks fills, and moves an order that is dragged or stepped; nothing is moved after Escape or while frozen', async () => {
    assert.equal(
      await send({ clientOrderId: 'b1', symbol, side: 'buy', orderType: 'market', size: 10, timeInForce: 'IOC' }),
      201,
    )
    await page.mouse.move(5, 5)
    await slider().focus()
    await page.keyboard.press('End')
    const fill = /Bought 10 at ([\d.]+)/
    await page.getByTestId('bar-fills').filter({ hasText: fill }).waitFor()
    await untilShown(text => /Position 10 at an average cost of .* Fills: Bought 10 at/.test(text))
    const bid = (await call(server.url, `GET /v1/instruments/${symbol}/book`)).body.bids[0][0] as number
    const price = Math.round((bid - 0.02) * 100) / 100
    assert.equal(
      await send({ clientOrderId: 'o1', symbol, side: 'buy', orderType: 'limit', size: 7, price, timeInForce: 'GTC' }),
      201,
    )
    const row = page.getByTestId('chart-order-o1')
    await row.filter({ hasText: `Buy 7 @ ${price.toFixed(2)}` }).waitFor()
    const order = page.getByTestId('chart-orders').getByRole('slider', { name: `Buy 7 ${symbol}, limit price` })
    await untilPlaced(order)
    const { x, y } = (await order.boundingBox())!
    const press = async () => {
      await page.mouse.move(x + 10, y + 12)
      await page.mouse.down()
      await page.mouse.move(x + 10, y + 12 + 30, { steps: 3 })
    }
    await press()
    await row.filter({ hasText: '→' }).waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await row.filter({ hasText: /^(?!.*→)/ }).waitFor()
    await page.keyboard.press('f')
    await press()
    await page.mouse.up()
    await page.getByTestId('chart-note').filter({ hasText: 'frozen' }).waitFor()
    await page.keyboard.press('f')
    assert.deepEqual(
      (await pageOrders()).map((one: { price: number }) => one.price),
      [price],
      'nothing was sent',
    )
    await press()
    const ghost = Number(/→ ([\d.]+)/.exec(await textOf(row))![1])
    assert.ok(ghost < price)
    await page.mouse.up()
    const dragged = await untilOrder(({ clientOrderId }) => clientOrderId !== 'o1')
    assert.equal(dragged.price, ghost)
    assert.equal(dragged.size, 7)
    await order.filter({ hasText: `Buy 7 @ ${ghost.toFixed(2)}` }).waitFor()
    await page.getByTestId('armed').click()
    await order.focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    const stepped = await untilOrder(({ clientOrderId }) => clientOrderId !== dragged.clientOrderId)
    assert.equal(stepped.price, Math.round((ghost - 0.01) * 100) / 100)
    assert.match(await shownText(), /Open orders: Buy 7 @ /)
    await page.getByRole('button', { name: 'Indicators', exact: true }).click()
    await page.getByLabel('VWAP of the day').check()
    await legend()
      .filter({ hasText: /VWAP of the day.*\d\.\d\d/ })
      .waitFor()
    assert.deepEqual(await axeFindings(page), [], 'the menu and an order')
    await screenshot(page, 'chart-orders')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Cancel Buy 7/ }).click()
    await row.or(order).waitFor({ state: 'detached' })
    assert.deepEqual(await pageOrders(), [])
    assert.deepEqual(complaints(), [])
  })

  it('moves the stop of an order that is dragged, and leaves its limit', async () => {
    const bid = (await call(server.url, `GET /v1/instruments/${symbol}/book`)).body.bids[0][0] as number
    const [last] = (await call(server.url, `GET /v1/instruments/${symbol}/trades?limit=1`)).body.trades
    // The market stands. Below the last trade, too, or it would trigger at once. The limit is far enough from the stop
    // that its line covers no button of it.
    const at = (below: number) => Math.round((Math.min(bid, last.price) - below) * 100) / 100
    const terms = { side: 'sell', orderType: 'stopLimit', size: 5, stopPrice: at(0.03), price: at(0.8) }
    assert.equal(await send({ clientOrderId: 's1', symbol, timeInForce: 'GTC', ...terms }), 201)
    const stop = page.getByTestId('chart-orders').getByRole('slider', { name: `Sell 5 ${symbol}, stop price` })
    await stop.filter({ hasText: `Sell 5 stop ${at(0.03).toFixed(2)}` }).waitFor()
    await untilPlaced(stop)
    const { x, y } = (await stop.boundingBox())!
    await page.mouse.move(x + 10, y + 12)
    await page.mouse.down()
    await page.mouse.move(x + 10, y + 12 + 30, { steps: 3 })
    await stop.filter({ hasText: '→' }).waitFor()
    const ghost = Number(/→ ([\d.]+)/.exec(await textOf(stop))![1])
    assert.ok(ghost < at(0.03), `${ghost}`)
    await page.mouse.up()
    const moved = await untilOrder(({ clientOrderId }) => clientOrderId !== 's1')
    assert.deepEqual([moved.stopPrice, moved.price, moved.size], [ghost, at(0.8), 5])
    await stop.filter({ hasText: new RegExp(`stop ${ghost.toFixed(2)}$`) }).waitFor()
    await page.getByRole('button', { name: /^Cancel Sell 5 stop/ }).click()
    await stop.waitFor({ state: 'detached' })
    assert.deepEqual(complaints(), [])
  })

  it('marks fills from before the page was opened, by the clock of the market', async () => {
    const { page: later } = await openPage(browser, server.url, { context: page.context() })
    await untilShown(text => /Fills: Bought 10 at/.test(text), later)
    await later.close()
  })

  it('says its time zone, and keeps the chosen one', async () => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      timezoneId: 'Asia/Tokyo',
      reducedMotion: 'reduce',
    })
    const { page: tokyo } = await openPage(browser, server.url, { context })
    const zone = tokyo.getByTestId('chart-zone')
    await zone.filter({ hasText: /^UTC$/ }).waitFor()
    await untilShown(text => text.includes(' UTC. Last'), tokyo)
    const time = async () => /(\d\d):(\d\d)/.exec(await legendText(tokyo))!
    const [, hour, minute] = await time()
    await zone.click()
    await zone.filter({ hasText: /^UTC\+9$/ }).waitFor()
    const [, localHour, localMinute] = await time()
    assert.deepEqual([(Number(hour) + 9) % 24, minute], [Number(localHour), localMinute])
    await tokyo.reload()
    await zone.filter({ hasText: /^UTC\+9$/ }).waitFor()
    await context.close()
  })

  it('is dragged with one finger and zoomed with two, on a page that still scrolls', async () => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
    })
    const { page: phone } = await openPage(browser, server.url, { context })
    await untilShown(text => /, \d+ bars? to/.test(text), phone)
    await phone.getByTestId('interval-list').selectOption('1s')
    await untilShown(text => /one second each, \d/.test(text), phone)
    assert.equal(await canvas(phone).evaluate(one => getComputedStyle(one).touchAction), 'pan-y')
    const { x, y } = (await canvas(phone).boundingBox())!
    const devtools = await context.newCDPSession(phone)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...at: number[]) =>
      devtools.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: at.map((left, id) => ({ x: x + left, y: y + 80, id })),
      })
    const before = await barCount(phone)
    await touch('touchStart', 120, 160)
    for (const spread of [10, 20, 30, 40, 50]) await touch('touchMove', 120 - spread, 160 + spread)
    await touch('touchEnd')
    await untilFewerBars(before * 0.6, phone)
    await touch('touchStart', 100)
    for (const dx of [20, 60, 100, 140]) await touch('touchMove', 100 + dx)
    await touch('touchEnd')
    await phone.getByTestId('back-to-now').waitFor()
    // A tap that soon after a fast swipe is not one, in Chromium.
    await phone.getByTestId('back-to-now').click()
    await phone.getByTestId('back-to-now').waitFor({ state: 'detached' })
    await canvas(phone).tap({ position: { x: 80, y: 60 } })
    await phone
      .getByTestId('crosshair-price')
      .filter({ hasText: /\d\.\d\d/, visible: true })
      .waitFor()
    await screenshot(phone, 'chart-touch')
    await context.close()
  })

  async function untilOrder(isWanted: (order: { clientOrderId: string }) => boolean) {
    for (const limitMs = Date.now() + WITHIN_MS; Date.now() < limitMs; ) {
      const found = (await pageOrders()).find(isWanted)
      if (found !== undefined) return found
      await page.waitForTimeout(50)
    }
    throw new Error(`no such order: ${JSON.stringify(await pageOrders())}`)
  }

  /** A label is hidden until the chart has drawn it. */
  const untilPlaced = (order: Locator) => order.waitFor({ state: 'visible' })
})
