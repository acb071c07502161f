// The account dock in a real Chromium: orders of every type with their terms, edits, history with the life of an order,
// toasts, closing a position, the accounts of the browser. Orders are placed over REST with the page's cookie, as
// another program of the same account would; the market is paused, so that what is in the book stays.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Browser, Locator, Page } from 'playwright-core'
import { operate, type TwoSided, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, placeFrom, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openStream } from '../support/stream.ts'

/** Bought at the best price, by the first order and by one that is filled in part. */
const SMALL = 50
const LARGE = 4_000
const OFFERS_MAX_MS = 60_000
const LOOK_EACH_MS = 100

describe('the account dock', () => {
  let server: RunningServer
  let browser: Browser
  let page: Page
  let symbol: string
  let other: string
  let touch: TwoSided

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
    const { body: list } = await call(server.url, 'GET /v1/instruments')
    symbol = list[0].symbol
    other = list[1].symbol
    await untilTrading(server.url, symbol)
    // Of the other one a quote is enough: it may not trade for a while.
    const reader = await openStream(`${server.url}/v1/stream?symbols=${other}&events=quote`)
    await reader.until(({ event, data }) => event === 'quote' && data.bid !== null && data.ask !== null)
    reader.cut()
    touch = await pauseWhereOffersAreSome()
    page = (await openPage(browser, server.url)).page
    await untilLive(page)
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  /**
   * The market stands where the best offers are more than a small order takes, and less than a large one. It begins
   * with 5,000 shares at the best prices.
   */
  async function pauseWhereOffersAreSome(): Promise<TwoSided> {
    for (const untilMs = Date.now() + OFFERS_MAX_MS; Date.now() < untilMs; await pause(LOOK_EACH_MS)) {
      await operate(server, { pace: '0' })
      const { body: book } = await call(server.url, `GET /v1/instruments/${symbol}/book`)
      const [[ask, size]] = book.asks
      if (size > SMALL && size < LARGE / 2) return { bid: book.bids[0][0], ask }
      await operate(server, { pace: '1x' })
    }
    throw new Error(`the best offers had no size from ${SMALL} to ${LARGE / 2} within ${OFFERS_MAX_MS} ms`)
  }

  const place = (order: object) => placeFrom(page, { symbol, timeInForce: 'GTC', ...order })
  const cancel = (orderId: string | undefined) =>
    page.evaluate(async id => (await fetch(`/v1/orders/${id}`, { method: 'DELETE' })).status, orderId)
  const byId = (id: string) => page.getByTestId(id)
  const shows = (row: Locator, text: RegExp) => row.filter({ hasText: text }).waitFor()
  const toast = (text: RegExp) => byId('toasts').locator('p').filter({ hasText: text })

  it('shows a fill of an order from elsewhere as a toast, announced once, until it is dismissed', async () => {
    assert.equal(
      (await place({ clientOrderId: 'm', side: 'buy', orderType: 'market', size: SMALL, timeInForce: 'IOC' })).status,
      201,
    )
    const bought = new RegExp(`Bought 50 ${symbol} at \\d`)
    await toast(bought).waitFor()
    await byId('announcer').filter({ hasText: bought }).waitFor({ state: 'attached' })
    assert.equal(await byId('toasts').getAttribute('aria-live'), null, 'not read out twice')
    await byId('toasts').getByRole('button', { name: 'Dismiss' }).first().focus()
    const ticket = (await byId('ticket-submit').boundingBox())!
    const toasts = (await byId('toasts').boundingBox())!
    const apart =
      toasts.x + toasts.width <= ticket.x ||
      toasts.y + toasts.height <= ticket.y ||
      toasts.y >= ticket.y + ticket.height
    assert.ok(apart, 'clear of what sends')
    // The focus holds them; a press removes this one.
    await page.keyboard.press('Enter')
    await toast(bought).waitFor({ state: 'detached' })
    await place({ clientOrderId: 'poor', side: 'buy', orderType: 'limit', size: 100_000, price: touch.bid })
    await toast(/Rejected: buy 100,000/).waitFor()
  })

  it('shows each type of order with its terms, its place, and what can be edited', async () => {
    const low = { side: 'sell', size: 10 }
    for (const order of [
      { clientOrderId: 'stop', orderType: 'stop', ...low, stopPrice: 100 },
      { clientOrderId: 'stop-limit', orderType: 'stopLimit', ...low, stopPrice: 101, price: 100.5 },
      { clientOrderId: 'iceberg', orderType: 'limit', side: 'buy', size: 200, price: 100, displaySize: 20 },
      { clientOrderId: 'behind', orderType: 'limit', side: 'buy', size: 30, price: 100, postOnly: true },
    ]) {
      assert.equal((await place(order)).status, 201, order.clientOrderId)
    }
    await shows(byId('order-stop'), /▼ Sell.*stop · GTC.*10.*market.*stop 100\.00/)
    await shows(byId('order-stop-limit'), /stop limit · GTC.*100\.50.*stop 101\.00/)
    await shows(byId('order-iceberg'), /limit · GTC · shows 20.*200.*100\.00/)
    await shows(byId('order-behind'), /limit · GTC · post only.*30.*100\.00.*20/)
    const row = byId('order-stop-limit')
    await row.getByTestId('order-edit').click()
    await byId('edit-stop').fill('101.005')
    await shows(byId('edit-problems'), /101\.00 or 101\.01/)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    for (const id of ['edit-stop', 'edit-save', 'edit-keep']) {
      const { x, width } = (await byId(id).boundingBox())!
      assert.ok(x >= 0 && x + width <= 360, `${id} is outside`)
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
    await page.setViewportSize({ width: 1440, height: 900 })
    await byId('edit-stop').fill('99.50')
    await byId('edit-price').fill('99.25')
    await byId('edit-save').click()
    await shows(page.locator('[data-testid^=order-web]'), /99\.25.*stop 99\.50/)
    await byId('order-stop').getByTestId('order-cancel').click()
    await byId('order-stop').waitFor({ state: 'detached' })
    await byId('cancel-all').click()
    await byId('cancel-all').filter({ hasText: 'Press again' }).click()
    await shows(byId('open-orders'), /No open orders/)
  })

  it('keeps the life of an order that was partly filled and canceled, also over a reload', async () => {
    // More than the book offers at this price.
    const large = { clientOrderId: 'large', side: 'buy', orderType: 'limit', size: LARGE, price: touch.ask }
    const { orderId } = await place(large)
    await toast(new RegExp(`Bought [\\d,]+ of 4,000 ${symbol}`)).waitFor()
    assert.equal(await cancel(orderId), 200)
    const row = byId('ended-large')
    const openLife = async () => {
      await byId('tab-history').click()
      await shows(row, /▲ Buy.*4,000.*Canceled/)
      await row.getByTestId('order-life').click()
    }
    await openLife()
    const life = page.locator('[id^=life-]')
    await shows(life, /\d\d:\d\d:\d\d Accepted 4,000 at .*Partly filled [\d,]+ at .* left.*Canceled [\d,]+ not filled/)
    await shows(byId('ended-poor'), /Rejected/)
    const ended = await page.locator('[data-testid^=ended-]').count()
    await page.reload()
    await untilLive(page)
    await openLife()
    await shows(life, /Partly filled [\d,]+ at .* left/)
    assert.equal(await page.locator('[data-testid^=ended-]').count(), ended, 'the same orders as before')
  })

  it('prepares the closing order of a position, and removes the result of the order before', async () => {
    await byId('ticket-price').fill('90')
    await byId('ticket-submit').click()
    await byId('ticket-result').and(page.locator('[data-state=working]')).waitFor()
    await byId('tab-positions').click()
    const row = byId(`position-${symbol}`)
    const size = /^\s*\w+\s*([\d,]+)/.exec((await row.innerText())!)![1]!
    await row.getByRole('button', { name: 'Close', exact: true }).click()
    await byId('ticket-result').and(page.locator('[data-state=none]')).waitFor({ state: 'attached' })
    assert.ok((await byId('ticket-submit').textContent())!.startsWith(`Sell ${size} @ market`))
    assert.match((await byId('balance').textContent())!, /Cash[\d,.]+Buying power[\d,.]+Equity[\d,.]+/)
  })

  it('closes all positions after saying what it sends, and one by a key; says by symbol which are not closed', async () => {
    const { keyboard } = page
    const note = byId('key-note')
    const plan = byId('close-all-plan')
    const offer = { side: 'sell', orderType: 'limit', size: 20, price: Math.round(touch.ask * 1.05) }
    const market = { side: 'buy', orderType: 'market', size: 30, timeInForce: 'IOC' }
    assert.equal((await place({ symbol: other, clientOrderId: 'c1', ...market })).status, 201)
    assert.equal((await place({ clientOrderId: 'c2', ...offer })).status, 201)
    await byId(`position-${other}`).waitFor()

    await operate(server, { halt: { symbol: other, halted: true } })
    await byId('close-all').click()
    await shows(plan, new RegExp(`Cancel 1 order, sell [\\d,]+ ${symbol} at market\\.`))
    await shows(plan, new RegExp(`${other} is halted`))
    await keyboard.press('Escape')
    await plan.waitFor({ state: 'detached' })
    await operate(server, { halt: { symbol: other, halted: false } })

    await keyboard.press('z')
    await shows(note, /Not armed, so no position was closed\. Press A twice/)
    await byId('armed').click()
    await keyboard.press('z')
    await shows(note, new RegExp(`Cancel 1 order, sell [\\d,]+ ${symbol} at market\\..*Press Z again to send`))
    await keyboard.press('Escape')
    await note.waitFor({ state: 'detached' })

    await byId('close-all').click()
    await shows(plan, new RegExp(`Sell 30 ${other} at market\\.`))
    // Shares that another program offers before the page can know of it: the exchange rejects the closing order.
    await page.evaluate(
      order => {
        const request = new XMLHttpRequest()
        request.open('POST', '/v1/orders', false)
        request.setRequestHeader('content-type', 'application/json')
        request.send(JSON.stringify(order))
        document.querySelector<HTMLElement>('[data-testid=close-all-confirm]')!.click()
      },
      { symbol, clientOrderId: 'c3', timeInForce: 'GTC', ...offer },
    )
    await toast(new RegExp(`Rejected: sell [\\d,]+ ${symbol}\\. .*no open order offers`)).waitFor()
    await shows(byId('not-closed'), new RegExp(`sell [\\d,]+ ${symbol} at market\\. Rejected: .*no open order offers`))
    assert.equal(await byId('not-closed').count(), 1)
    await plan.waitFor({ state: 'detached' })
    await shows(byId(`position-${other}`), new RegExp(`^${other}0`))
    await keyboard.press('e')
    await shows(note, new RegExp(`Sent: Cancel 1 order, sell [\\d,]+ ${symbol} at market`))
    await shows(byId(`position-${symbol}`), new RegExp(`^${symbol}0`))
    await byId('not-closed').waitFor({ state: 'detached' })
    await keyboard.press('e')
    await shows(note, new RegExp(`You hold no ${symbol}`))
  })

  it('names the account and keeps the name; adds an account, resets it, and switches back', async () => {
    const own = (await byId('account-id').textContent())!
    await byId('account-menu').click()
    await byId('account-name').fill('Swing')
    await page.keyboard.press('Escape')
    await page.reload()
    await untilLive(page)
    await shows(byId('account-menu'), /^Swing$/)
    assert.equal(await byId('account-id').textContent(), own)
    const another = async (than: string[]) => {
      await page.waitForFunction(known => {
        const id = document.querySelector('[data-testid=account-id]')?.textContent ?? ''
        return id.startsWith('p') && !known.includes(id)
      }, than)
      await byId('accounts').waitFor({ state: 'detached' })
      return (await byId('account-id').textContent())!
    }
    await byId('account-menu').click()
    await page.getByRole('button', { name: 'New account' }).click()
    const added = await another([own])
    await byId('tab-open-orders').filter({ hasText: 'Open orders 0' }).waitFor()
    await byId('account-menu').click()
    await page.getByRole('button', { name: 'Reset this account' }).click()
    await byId('account-reset').click()
    await another([own, added])
    await byId('account-menu').click()
    await byId('accounts').getByText('Swing').click()
    await byId('account-id').filter({ hasText: own }).waitFor()
    await byId('accounts').waitFor({ state: 'detached' })
  })

  it('resets no account before it knows its balance, which comes with the order channel', async () => {
    const context = await browser.newContext()
    const silent = await context.newPage()
    let answer = () => {}
    await silent.routeWebSocket('**/v1/socket*', socket => {
      const held: (string | Buffer)[] = []
      socket.onMessage(message => held.push(message))
      answer = () => {
        const onward = socket.connectToServer()
        socket.onMessage(message => onward.send(message))
        for (const message of held) onward.send(message)
      }
    })
    await silent.goto(server.url)
    await silent.getByTestId('account-id').filter({ hasText: /^p/ }).waitFor()
    await silent.getByTestId('account-menu').click()
    const reset = silent.getByRole('button', { name: 'Reset this account' })
    await silent.getByTestId('accounts').getByText('cannot be reset yet').waitFor()
    assert.equal(await reset.isDisabled(), true)
    answer()
    await silent.getByTestId('accounts').getByText('cannot be reset yet').waitFor({ state: 'detached' })
    assert.equal(await reset.isDisabled(), false)
    await context.close()
  })

  it('shows no toast when that is switched off', async () => {
    await page.keyboard.press('?')
    await byId('setting-toasts').uncheck()
    await page.keyboard.press('Escape')
    await place({ clientOrderId: 'quiet', side: 'buy', orderType: 'market', size: 1, timeInForce: 'IOC' })
    await byId('announcer')
      .filter({ hasText: `Bought 1 ${symbol}` })
      .waitFor({ state: 'attached' })
    assert.equal(await byId('toasts').count(), 0)
  })
})
