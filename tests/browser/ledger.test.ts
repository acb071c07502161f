// The ledger and deposits of the account dock, a margin account and its call, in a real Chromium. Orders are placed
// over REST with the page's cookie; the market is paused, so that what is in the book stays.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Locator, Page } from 'playwright-core'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, placeFrom, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the ledger and margin', () => {
  let server: RunningServer
  let browser: Browser
  let page: Page
  let symbol: string

  before(async () => {
    // A position needs as much to be kept as to be opened: the next lower price calls for margin.
    const margin = ['--margin-initial', '50', '--margin-long', '50', '--margin-grace-ms', '600000']
    server = await startServer({ flags: ['--symbols', '2', ...margin] })
    browser = await launchBrowser()
    const { body: list } = await call(server.url, 'GET /v1/instruments')
    symbol = list[0].symbol
    await untilTrading(server.url, symbol)
    await operate(server, { pace: '0' })
    page = (await openPage(browser, server.url)).page
    await untilLive(page)
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const place = (order: object) => placeFrom(page, { symbol, timeInForce: 'GTC', ...order })
  const byId = (id: string) => page.getByTestId(id)
  const shows = (row: Locator, text: RegExp) => row.filter({ hasText: text }).waitFor()

  it('requests the ledger when it is opened, and adds a trade and a deposit while it is open', async () => {
    const requested: string[] = []
    page.on('request', request => request.url().includes('/account/ledger') && requested.push(request.url()))
    const entries = byId('ledger-entry')
    const cash = async () => (await byId('balance').textContent())!.match(/Cash([\d,.]+)Buying/)![1]!
    assert.deepEqual(requested, [])
    await byId('tab-ledger').click()
    await entries.first().waitFor()
    assert.ok((await entries.first().textContent())!.endsWith(await cash()))
    await byId('ledger').getByRole('columnheader', { name: 'Cause', exact: true }).waitFor()
    const boxOf = async (id: string) => (await byId(id).first().boundingBox())!
    for (const [width, height] of [
      [1280, 720],
      [360, 740],
      [1440, 900],
    ] as const) {
      await page.setViewportSize({ width, height })
      if (width === 360) await page.getByRole('button', { name: 'Account', exact: true }).click()
      const [button, entry] = [await boxOf('deposit'), await boxOf('ledger-entry')]
      assert.ok(button.y + button.height <= entry.y, `covers no entry at ${width}`)
      assert.ok(entry.y - button.y <= 30, `takes no row at ${width}`)
      const heads = await byId('ledger')
        .getByRole('columnheader')
        .evaluateAll(all =>
          all.map(head => {
            const range = document.createRange()
            range.selectNodeContents(head)
            const { left, right } = range.getBoundingClientRect()
            return { left, right }
          }),
        )
      for (const { left, right } of heads)
        assert.ok(right <= button.x || left >= button.x + button.width, `covers no name at ${width}`)
    }
    await place({ clientOrderId: 'l1', side: 'buy', orderType: 'market', size: 3, timeInForce: 'IOC' })
    await shows(entries.first(), new RegExp(`Bought 3 ${symbol} at [\\d.]+\u2212[\\d,.]+`))

    await byId('deposit').click()
    await page.keyboard.type('-5')
    await page.keyboard.press('Enter')
    await shows(byId('deposit-problem'), /above 0: nothing can be taken out/)
    await byId('deposit-amount').fill('99,999,999,999')
    await page.keyboard.press('Enter')
    await shows(byId('deposit-problem'), /1,000,000,000 at most/)
    await byId('deposit-amount').fill('5,000.25')
    await page.keyboard.press('Enter')
    await shows(entries.first(), /Deposit\+5,000\.25/)
    assert.ok((await entries.first().textContent())!.endsWith(await cash()))
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'deposit')
  })

  it('sends a deposit without an answer again as the same one, after its form was closed; ignores its late answer', async () => {
    const ids: string[] = []
    let answer = () => {}
    await page.route('**/account/deposits', async route => {
      ids.push(route.request().postDataJSON().clientDepositId)
      if (ids.length === 1) return route.abort()
      await new Promise<void>(resolve => {
        answer = resolve
      })
      await route.continue()
    })
    const deposit = async () => {
      await byId('deposit').click()
      await page.keyboard.type('77')
      await page.keyboard.press('Enter')
    }
    await deposit()
    await shows(byId('deposit-problem'), /no answer: .*Sent again, it is the same deposit/)
    await page.keyboard.press('Escape')
    await deposit()
    await shows(byId('deposit-form'), /Sending…/)
    await page.keyboard.press('Escape')
    await byId('deposit').click()
    answer()
    await shows(byId('ledger-entry').first(), /Deposit\+77\.00/)
    assert.equal(await byId('deposit-form').count(), 1, 'the form that is open now')
    await page.keyboard.press('Escape')
    assert.deepEqual(ids, [ids[0], ids[0]])
    await page.unroute('**/account/deposits')
  })

  it('says in the words of the exchange why a deposit is refused', async () => {
    const deposits = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const statuses: number[] = []
      for (let number = 2; number < 20; number++) {
        const body = JSON.stringify({ clientDepositId: `d${number}`, amount: 1 })
        statuses.push((await fetch('/v1/account/deposits', { method: 'POST', headers, body })).status)
      }
      return statuses
    })
    assert.deepEqual(new Set(deposits), new Set([201]))
    await byId('deposit').click()
    await page.keyboard.type('1')
    await page.keyboard.press('Enter')
    await shows(byId('deposit-problem'), /20 deposits in 24 hours\. Wait/)
    await page.keyboard.press('Escape')
    await byId('deposit-form').waitFor({ state: 'detached' })
  })

  it('pages the ledger to its opening, and says what to do when it cannot be loaded', async () => {
    const earlier = page.getByRole('button', { name: 'Earlier entries' })
    const causes = () => byId('ledger-entry').evaluateAll(rows => rows.map(row => (row as HTMLElement).dataset.cause))
    // More than a page.
    for (let number = 0; number < 30; number++) {
      const order = {
        clientOrderId: `p${number}`,
        side: number % 2 === 0 ? 'sell' : 'buy',
        orderType: 'market',
        size: 1,
      }
      assert.equal((await place({ ...order, timeInForce: 'IOC' })).status, 201)
    }
    await page.route('**/account/ledger*', route => route.fulfill({ status: 503 }))
    await byId('tab-fills').click()
    await byId('tab-ledger').click()
    await shows(byId('ledger'), /The ledger could not be loaded: .*503/)
    await byId('deposit').click()
    await byId('deposit-form').waitFor()
    await page.keyboard.press('Escape')
    await page.unroute('**/account/ledger*')
    await byId('ledger').getByRole('button', { name: 'Try again' }).click()
    await earlier.click()
    await earlier.waitFor({ state: 'detached' })
    await byId('ledger').getByText('Loading earlier').waitFor({ state: 'detached' })
    const all = await causes()
    assert.ok(all.length > 50, `${all.length} entries`)
    assert.deepEqual([all.indexOf('opening'), all.at(-1)], [all.length - 1, 'opening'])
    await byId('tab-open-orders').click()
  })

  it('opens a margin account, shows its buying power, and a margin call until a deposit ends it', async () => {
    const balance = byId('balance')
    await byId('account-menu').click()
    await byId('margin-account').click()
    await byId('accounts').waitFor({ state: 'detached' })
    await shows(balance, /Buying power2,000,000\.00.*Initial margin0\.00Maintenance0\.00/)
    await byId('account-menu').click()
    await shows(byId('accounts'), /margin · p/)
    await page.keyboard.press('Escape')

    // Of another program: with as much cash as the best ask calls for.
    const { body: book } = await call(server.url, `GET /v1/instruments/${symbol}/book`)
    const [price, size] = book.asks[0]
    await page.evaluate(
      async body => {
        const headers = { 'content-type': 'application/json' }
        await fetch('/v1/accounts', { method: 'POST', headers, body: JSON.stringify(body) })
      },
      { cash: (price * size) / 2, margin: true },
    )
    await page.reload()
    await untilLive(page)
    await shows(balance, /Initial margin0\.00/)
    const limit = { clientOrderId: 'all', side: 'buy', orderType: 'limit', size, price, timeInForce: 'IOC' }
    assert.equal((await place(limit)).status, 201)
    await shows(balance, /Buying power0\.00/)
    const { body: seller } = await call(server.url, 'POST /v1/accounts', { body: { margin: true } })
    const sale = { clientOrderId: 'short', symbol, side: 'sell', orderType: 'market', size: 1, timeInForce: 'IOC' }
    assert.equal((await call(server.url, 'POST /v1/orders', { token: seller.token, body: sale })).status, 201)
    const says =
      /Margin call: when .*, the equity was [\d,.]+ and the maintenance margin [\d,.]+\. .* by \d+ \w+ \d\d:\d\d:\d\d UTC,/
    await shows(byId('margin-call'), says)
    await shows(balance, /Call below[\d,.]+/)
    const { page: second } = await openPage(browser, server.url, { context: page.context() })
    await second.getByTestId('margin-call').filter({ hasText: says }).waitFor()
    await second.close()
    await page.reload()
    await shows(byId('margin-call'), says)
    await byId('tab-ledger').click()
    await byId('deposit').click()
    await page.keyboard.type('1000')
    await page.keyboard.press('Enter')
    await byId('margin-call').waitFor({ state: 'detached' })
    await shows(balance, /Maintenance[\d,.]+/)
  })
})
