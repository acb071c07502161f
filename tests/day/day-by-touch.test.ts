// The main steps of a trading day by touch alone, on a phone of 390 px: each view, orders in the ticket, from the
// ladder and on the chart, edits, the history, through a restart of the server, a cut and a stall; then another market.

import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import { operate } from '../support/market.ts'
import { screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { createTouchTrader, type TouchTrader } from './touch-trader.ts'
import { assertNothingTwice, createSteps, openTradingDay, type TradingDay, untilSendable } from './trading-day.ts'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
/** So far below the best bid, an order waits where the chart shows it. */
const BELOW_BID = 0.1
const VIEWS = ['Markets', 'Chart', 'Book', 'Order', 'Account'] as const

describe('a trading day by touch', () => {
  let day: TradingDay
  let page: Page
  let trader: TouchTrader
  let symbol: string

  before(async () => {
    day = await openTradingDay(['--symbols', '3', '--past-minutes', '5'])
    symbol = day.symbols[0]!
    page = await day.open(PHONE)
    trader = await createTouchTrader(page)
  })
  after(() => day?.end())
  const step = createSteps()

  const byId = (testId: string) => page.getByTestId(testId)
  const settles = async () => {
    await untilLive(page)
    await day.untilAgreed(page)
    assertNothingTwice(await day.orders(page))
  }
  const open = async () =>
    (await day.orders(page)).filter(({ orderStatus }) => /^(new|partiallyFilled)$/.test(orderStatus))

  step('has targets of 44 px in every view, and nothing to scroll sideways', async () => {
    for (const name of VIEWS) {
      await trader.view(name)
      assert.deepEqual(await trader.smallTargets(), [], name)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.viewport.width, name)
    }
  })

  step('chooses an instrument and buys at the market, without scrolling to the button', async () => {
    await trader.view('Markets')
    await trader.tap(byId(`ticker-row-${day.symbols[1]}`))
    await trader.sees('selected-symbol', day.symbols[1]!)
    await trader.view('Markets')
    await trader.tap(byId(`ticker-row-${symbol}`))
    await trader.sees('selected-symbol', symbol)
    await trader.view('Order')
    await trader.sees('ticket-submit', '@')
    const submit = (await byId('ticket-submit').boundingBox())!
    assert.ok(submit.y + submit.height < PHONE.viewport.height - 52, `the button is at ${submit.y}`)
    await trader.choose('ticket-type', 'market')
    await trader.enter('ticket-size', '60')
    await trader.send('filled')
    await trader.tap(byId('toasts').getByRole('button', { name: 'Dismiss' }).first())
    await settles()
  })

  step('takes a price from the ladder, lowers it and sends the order', async () => {
    // An order this near to the market would be filled while it is looked at.
    await operate(day.server, { pace: '0' })
    await trader.view('Book')
    const bid = (await call(day.server.url, `GET /v1/instruments/${symbol}/book`)).body.bids[0][0] as number
    const { y, height } = (await byId('ladder').boundingBox())!
    await trader.drag({ x: 195, y: y + height / 2 + 150 }, { x: 195, y: y + height / 2 - 150 })
    await byId('ladder').locator('tbody tr').last().waitFor()
    const row = byId('ladder').locator('tbody tr').nth(5)
    const price = Number(await row.getAttribute('data-price'))
    assert.ok(price < bid + 1)
    await trader.tap(byId('ladder').locator(`[data-price="${price.toFixed(2)}"] [data-cell=bid]`))
    await trader.sees('ticket-submit', `Buy 60 @ ${price.toFixed(2)}`)
    await trader.enter('ticket-price', (bid - BELOW_BID).toFixed(2))
    await trader.enter('ticket-size', '25')
    await trader.send('working')
    await settles()
  })

  step('drags it on the chart to another price', async () => {
    const [before] = await open()
    await trader.view('Chart')
    const orders = byId('chart-orders')
    const moved = orders.filter({ hasNotText: before!.price!.toFixed(2) })
    // Where the scale has moved the label from under the finger, it is dragged again.
    for (let drags = 0; drags < 3 && (await moved.count()) === 0; drags++) {
      const { x, y } = (await orders.locator('[data-label]').first().boundingBox())!
      await trader.drag({ x: x + 20, y: y + 22 }, { x: x + 20, y: y + 60 })
      await moved.waitFor({ timeout: 5_000 }).catch(() => {})
    }
    await moved.waitFor()
    await settles()
    const [order] = await open()
    assert.ok(order!.price! < before!.price!, `${order!.price} is lower`)
    assert.equal(order!.size, 25)
    await screenshot(page, 'day-touch-chart')
  })

  step('changes its size in the list, reads the history, and cancels all', async () => {
    await trader.view('Account')
    await trader.tap(byId('order-edit'))
    await trader.enter('edit-size', '30')
    await trader.tap(byId('edit-save'))
    await trader.sees('open-orders', '30')
    assert.equal((await open())[0]!.size, 30)
    await trader.tap(byId('tab-history'))
    await trader.tap(byId('order-life').last())
    await trader.sees('history', /Accepted/)
    await trader.tap(byId('tab-open-orders'))
    await trader.tap(byId('cancel-all'))
    await trader.sees('cancel-all', 'Press again')
    await trader.tap(byId('cancel-all'))
    await trader.sees('tab-open-orders', /0$/)
    await operate(day.server, { pace: '1x' })
    await settles()
  })

  step('is halted, and goes on', async () => {
    await trader.view('Order')
    await operate(day.server, { halt: { symbol, halted: true } })
    await trader.sees('ticket-reasons', `${symbol} is halted`)
    const before = (await day.orders(page)).length
    await trader.tap(byId('ticket-submit'))
    await operate(day.server, { halt: { symbol, halted: false } })
    await untilSendable(page)
    assert.equal((await day.orders(page)).length, before)
  })

  step('goes on after the server was killed and started again, and after a cut', async () => {
    const before = await day.orders(page)
    await day.server.kill('SIGKILL')
    await trader.sees('banner', /no data for/)
    await day.server.restart()
    await settles()
    assert.deepEqual(await day.orders(page), before)
    await day.cut(page)
    await settles()
  })

  step('learns what became of an order that a stall left without an answer', async () => {
    const before = (await day.orders(page)).length
    await trader.enter('ticket-size', '20')
    await trader.enter('ticket-price', '150')
    await trader.send('unknown', () => day.proxy.hold())
    await screenshot(page, 'day-touch-stalled')
    day.proxy.release()
    await page.locator('[data-testid=ticket-result][data-state=working]').waitFor()
    await settles()
    assert.equal((await day.orders(page)).length, before + 1, 'placed once')
  })

  step('closes the position from the list', async () => {
    await trader.view('Account')
    await trader.tap(byId('tab-positions'))
    await trader.sees(`position-${symbol}`, '60')
    await trader.tap(byId(`position-${symbol}`).getByRole('button', { name: 'Close' }))
    await trader.view('Order')
    await trader.sees('ticket-submit', 'Sell 60 @ market')
    await trader.send('filled')
    await trader.view('Account')
    await settles()
  })

  step('meets another market at the same address the next morning, and trades there', async () => {
    await day.server.kill('SIGTERM')
    await day.server.restart(['--seed', '7'])
    await trader.sees('notice', 'Another market answers at this address now')
    await trader.tap(byId('notice').getByRole('button', { name: 'Dismiss' }))
    await settles()
    assert.equal(await byId('outage').count(), 0, 'nothing was missed of the new market')
    await trader.view('Order')
    await trader.sees('ticket-submit', '@')
    await trader.tap(page.locator('label[data-side=buy]'))
    await trader.choose('ticket-type', 'limit')
    await trader.enter('ticket-price', '20')
    await trader.enter('ticket-size', '5')
    await trader.send('working')
    await settles()
  })
})
