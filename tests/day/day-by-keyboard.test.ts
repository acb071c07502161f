// A trading day by keyboard alone in a real Chromium, from the first order to the closing auction, through a restart of
// the server, a cut, a stall, a slow network and a second tab; then another market at the same address. After each
// disturbance the page shows the account as REST has it.

import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'
import type { Page } from 'playwright-core'
import { operate } from '../support/market.ts'
import { screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { createKeyboardTrader, type KeyboardTrader } from './keyboard-trader.ts'
import {
  assertNothingTwice,
  closingSoon,
  createSteps,
  openTradingDay,
  type TradingDay,
  untilSendable,
} from './trading-day.ts'

/** Far enough from the market that an order waits there all day. */
const FAR = 3

const SCHEDULE = closingSoon(Date.now())

describe('a trading day by keyboard', () => {
  let day: TradingDay
  let page: Page
  let trader: KeyboardTrader
  let symbol: string
  /** An order at a good distance below the market, to the tick. */
  let farPrice: number

  before(async () => {
    day = await openTradingDay(['--symbols', '3', ...(SCHEDULE === undefined ? [] : ['--schedule', SCHEDULE])])
    symbol = day.symbols[0]!
    page = await day.open({ viewport: { width: 1920, height: 1080 } })
    trader = createKeyboardTrader(page)
  })
  after(() => day?.end())
  const step = createSteps()

  const best = async () => {
    const { bids, asks } = (await call(day.server.url, `GET /v1/instruments/${symbol}/book`)).body
    return { bid: bids[0][0] as number, ask: asks[0][0] as number }
  }
  const open = async () =>
    (await day.orders(page)).filter(({ orderStatus }) => /^(new|partiallyFilled)$/.test(orderStatus))
  const newest = async () => (await day.orders(page))[0]!
  /** Whatever was done before: the page has the truth, and nothing was done twice. */
  const settles = async () => {
    await untilLive(page)
    await day.untilAgreed(page)
    assertNothingTwice(await day.orders(page))
  }

  step('begins: another instrument and back, the keys armed, a buy at the touch that fills', async () => {
    await trader.sees('ticket-submit', '@')
    await trader.press('j')
    await trader.sees('selected-symbol', day.symbols[1]!)
    await trader.press('k')
    await trader.sees('selected-symbol', symbol)
    await trader.arm()
    // From the price that is filled in, fifty ticks up: above the best offer.
    await trader.press('q')
    await trader.retype('60')
    await trader.press('Escape', 'p')
    for (let times = 0; times < 5; times++) await trader.press('Shift+ArrowUp')
    await trader.send('filled')
    await trader.sees('announcer', /^Bought 60/)
    await trader.sees('toasts', `Bought 60 ${symbol}`)
    await settles()
    farPrice = Math.round(((await best()).bid - FAR) * 100) / 100
  })

  step('has orders of each kind in the market: stop, stop-limit, iceberg', async () => {
    await trader.fillIn({ side: 'sell', type: 'stop', size: 60, stopPrice: farPrice - 10 })
    await trader.send('working')
    await trader.fillIn({ side: 'buy', type: 'stopLimit', size: 10, price: farPrice + 11, stopPrice: farPrice + 10 })
    await trader.send('working')
    await trader.fillIn({ side: 'buy', type: 'limit', size: 200, price: farPrice })
    await trader.showAtMost('50')
    await trader.send('working')
    const [iceberg, stopLimit, stop] = await day.orders(page)
    assert.deepEqual([iceberg!.orderType, iceberg!.price, iceberg!.displaySize], ['limit', farPrice, 50])
    assert.deepEqual([stopLimit!.orderType, stopLimit!.side], ['stopLimit', 'buy'])
    assert.equal(stopLimit!.stopPrice!.toFixed(2), (farPrice + 10).toFixed(2))
    assert.deepEqual([stop!.orderType, stop!.side, stop!.size], ['stop', 'sell', 60])
    await settles()
  })

  step('replaces one in the ladder and one in the list, repeats the last, cancels the newest', async () => {
    await trader.goToPrice(farPrice)
    await trader.press('ArrowLeft', 'Alt+ArrowDown', 'Alt+ArrowDown', 'Enter')
    const lower = (farPrice - 0.02).toFixed(2)
    await trader.sees('open-orders', lower)
    await settles()
    await trader.openTab('open-orders')
    await trader.tabTo('order-edit')
    await trader.press('Enter')
    await trader.tabTo('edit-size')
    await trader.retype('150')
    await trader.press('Enter')
    await trader.sees('open-orders', '150')
    await settles()
    assert.equal((await open()).find(({ displaySize }) => displaySize === 50)!.size, 150)
    await trader.press('r')
    await trader.sees('announcer', 'filled in again')
    await trader.send('working')
    assert.equal((await open()).length, 4)
    await trader.press('x')
    await trader.sees('tab-open-orders', /3$/)
    await trader.showAtMost('')
    await settles()
  })

  step('is halted: keys send nothing, and trading goes on after it', async () => {
    const before = (await day.orders(page)).length
    await trader.fillIn({ side: 'buy', type: 'limit', size: 10, price: farPrice })
    await operate(day.server, { halt: { symbol, halted: true, reason: 'news pending' } })
    await trader.sees('ticket-reasons', `${symbol} is halted`)
    await trader.press('.')
    await trader.sees('ticket-reasons', `${symbol} is halted`)
    await operate(day.server, { halt: { symbol, halted: false } })
    await untilSendable(page)
    assert.equal((await day.orders(page)).length, before, 'nothing was sent')
    await settles()
  })

  step('goes on after the server was killed and started again', async () => {
    const before = (await day.orders(page)).length
    await day.server.kill('SIGKILL')
    await trader.sees('banner', /no data for/)
    await trader.press('.')
    await day.server.restart()
    await settles()
    assert.equal((await day.orders(page)).length, before, 'nothing was lost, and nothing sent while it was away')
    await trader.send('working')
    assert.equal((await day.orders(page)).length, before + 1)
    await settles()
  })

  step('goes on after a cut', async () => {
    await day.cut(page)
    await settles()
  })

  step('learns what became of an order that a stall left without an answer', async () => {
    const before = (await day.orders(page)).length
    await trader.fillIn({ side: 'buy', type: 'limit', size: 20, price: farPrice - 1 })
    await trader.send('unknown', () => day.proxy.hold())
    await trader.sees('banner', 'Prices may be old')
    await screenshot(page, 'day-stalled')
    day.proxy.release()
    await page.locator('[data-testid=ticket-result][data-state=working]').waitFor()
    await settles()
    assert.equal((await day.orders(page)).length, before + 1, 'placed once')
  })

  step('works on a slow network, also when the page is loaded again', async () => {
    const network = await page.context().newCDPSession(page)
    const slow = { offline: false, latency: 400, downloadThroughput: 100_000, uploadThroughput: 50_000 }
    await network.send('Network.enable')
    await network.send('Network.emulateNetworkConditions', slow)
    await page.reload()
    await untilLive(page)
    await trader.sees('ticket-submit', '@')
    await trader.fillIn({ side: 'buy', type: 'market', size: 5 })
    await trader.send('filled')
    await network.send('Network.emulateNetworkConditions', {
      ...slow,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
    await network.detach()
    await settles()
  })

  step('is the same in a second tab, where an order is canceled', async () => {
    const second = await page.context().newPage()
    await second.goto(page.url())
    await untilLive(second)
    await day.untilAgreed(second)
    const before = await open()
    const other = createKeyboardTrader(second)
    await other.press('x')
    for (const one of [other, trader]) await one.sees('tab-open-orders', new RegExp(`${before.length - 1}$`))
    assert.deepEqual(await open(), before.slice(1), 'the newest')
    await second.close()
    await page.bringToFront()
    await settles()
  })

  step('reads the life of the first order in the history', async () => {
    await trader.openTab('history')
    await trader.sees('history', /Filled/)
    await trader.tabTo('order-life')
    await trader.press('Enter')
    await trader.sees('history', /\d\d:\d\d:\d\d Accepted/)
    await trader.openTab('open-orders')
  })

  step(
    'takes part in the closing auction',
    async () => {
      await trader.fillIn({ side: 'sell', type: 'limit', size: 5, price: farPrice })
      await trader.press('q')
      await trader.tabBackTo('ticket-tif')
      await trader.choose('CLS')
      await trader.press('Tab', 'Escape')
      await trader.sees('ticket-reasons', 'Waits for the closing auction')
      await trader.send('working')
      const { orderId, timeInForce } = await newest()
      assert.equal(timeInForce, 'CLS')
      await day.skipTo('closingAuction')
      await trader.sees('phase-band', 'Closing auction')
      await screenshot(page, 'day-closing-auction')
      await day.skipTo('closed')
      await trader.sees('ticket-reasons', `${symbol} is closed`)
      const closing = (await day.orders(page)).find(order => order.orderId === orderId)!
      assert.ok(closing.orderStatus === 'filled' || closing.orderStatus === 'expired', closing.orderStatus)
      await settles()
    },
    { skip: SCHEDULE === undefined && 'it would be past midnight' },
  )

  step('ends: everything is canceled, and a second account is opened', async () => {
    await trader.press('Escape', 'c')
    await page.getByRole('alert').filter({ hasText: 'Press C again' }).waitFor()
    await trader.press('c')
    await trader.sees('tab-open-orders', /0$/)
    await settles()
    const own = await page.getByTestId('account-id').textContent()
    await trader.goToPanel('Account')
    await trader.tabTo('account-menu')
    await trader.press('Enter')
    await page.getByTestId('account-name').waitFor()
    await trader.tabTo('account-name')
    await trader.press('Tab', 'Enter')
    await page.waitForFunction(than => document.querySelector('[data-testid=account-id]')?.textContent !== than, own)
    await settles()
    assert.equal((await day.orders(page)).length, 0)
  })

  step('meets another market at the same address the next morning, says so, and trades there', async () => {
    await day.server.kill('SIGTERM')
    await day.server.restart(['--seed', '7'])
    await trader.sees('notice', 'Another market answers at this address now')
    await settles()
    assert.deepEqual(await day.orders(page), [])
    await trader.sees('ticket-submit', '@')
    await trader.fillIn({ side: 'buy', type: 'limit', size: 10, price: 50 })
    await trader.send('working')
    await settles()
    assert.equal((await open()).length, 1)
  })
})
