// A day of trading by keyboard alone, in a real Chromium: a text field takes each key as text, and keys that are not
// armed send nothing.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300

describe('the keyboard', () => {
  let server: RunningServer
  let browser: Browser
  let symbol: string

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
    const list = (await (await fetch(`${server.url}/v1/instruments`)).json()) as { symbol: string }[]
    symbol = list[0]!.symbol
    await untilTrading(server.url, symbol)
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  it('trades by keyboard alone: instrument, size, price, arm, send, repeat, cancel, next panel', async () => {
    const { page } = await openPage(browser, server.url, { width: 1920, height: 1080 })
    await untilLive(page)
    const { keyboard } = page
    const type = async (text: string) => {
      for (const key of text) await keyboard.press(key)
    }
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
    const submit = page.getByTestId('ticket-submit')
    await submit.filter({ hasText: '@' }).waitFor({ state: 'attached' })
    const orders = page.getByTestId('order-cancel')
    const untilOrders = (count: number) =>
      page.waitForFunction(wanted => document.querySelectorAll('[data-testid=order-cancel]').length === wanted, count)
    const says = (text: string | RegExp) => page.getByTestId('announcer').filter({ hasText: text }).waitFor()
    const value = (id: string) => page.getByTestId(`ticket-${id}`).inputValue()

    await keyboard.press('j')
    await page.getByTestId('selected-symbol').filter({ hasNotText: symbol }).waitFor()
    await keyboard.press('k')
    await page.getByTestId('selected-symbol').filter({ hasText: symbol }).waitFor()
    await submit.filter({ hasText: '@' }).waitFor()

    // A text field takes every key as text.
    await keyboard.press('q')
    assert.equal(await focused(), 'ticket-size')
    await type('sxcctf.aa?')
    assert.equal(await value('size'), 'sxcctf.aa?')
    assert.ok(await page.getByTestId('ticket-side-buy').isChecked())
    assert.equal(await page.getByTestId('armed').getAttribute('aria-checked'), 'false')
    await keyboard.press('Escape')
    await keyboard.press('q')
    await type('30')
    await keyboard.press('Shift+ArrowUp')
    await keyboard.press('ArrowDown')
    assert.equal(await value('size'), '930')
    await keyboard.press('Escape')
    await keyboard.press('p')
    await type('100')
    await keyboard.press('ArrowUp')
    assert.equal(await value('price'), '100.01')

    // Not armed, Enter in a field and the key that sends only go to the button.
    await keyboard.press('Enter')
    assert.equal(await focused(), 'ticket-submit')
    await says(/^Not armed, so nothing was sent\. Press A twice/)
    await keyboard.press('.')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await keyboard.press('Enter')
    await untilOrders(1)

    await type('a')
    await page.getByRole('alert').filter({ hasText: 'Press A again' }).waitFor()
    await type('a')
    await says(/^Armed/)
    assert.equal(await page.getByTestId('armed').getAttribute('aria-checked'), 'true')
    await type('sm')
    await type('r')
    assert.match((await submit.textContent())!, /^Buy 930 @ 100\.01/)
    assert.equal(await orders.count(), 1, 'to repeat an order sends nothing')
    await type('.')
    await untilOrders(2)
    await type('p')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await keyboard.press('Enter')
    await untilOrders(3)
    await keyboard.press('Escape')
    await type('x')
    await untilOrders(2)
    await type('c')
    await page.getByRole('alert').filter({ hasText: 'Press C again' }).waitFor()
    assert.equal(await orders.count(), 2)
    await type('c')
    await untilOrders(0)

    // Buys at the market, sells what it holds, and disarms with one press.
    await type('mq')
    await type('20')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await keyboard.press('Enter')
    await page
      .getByTestId('ticket-result')
      .filter({ hasText: /Filled/ })
      .waitFor()
    await keyboard.press('Escape')
    await type('sq')
    for (const _ of [25, 50, 100]) await keyboard.press('Tab')
    await keyboard.press('Enter')
    assert.equal(await value('size'), '20')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await type('.')
    await says(/^Sold 20/)
    await type('a')
    assert.equal(await page.getByTestId('armed').getAttribute('aria-checked'), 'false')

    const placed = () =>
      page.evaluate(async () => ((await (await fetch('/v1/orders')).json()) as { orders: object[] }).orders.length)
    assert.equal(await placed(), 5, 'no key has sent another order')

    // From panel to panel, around the end and back.
    const panel = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    const names = await page
      .locator('main section[aria-labelledby] h2')
      .evaluateAll(headings => headings.map(heading => heading.textContent))
    await keyboard.press('/')
    const seen: string[] = []
    for (const _ of names) {
      await keyboard.press('F6')
      seen.push(await panel())
    }
    assert.deepEqual([...seen].sort(), [...names].sort())
    await keyboard.press('F6')
    assert.equal(await panel(), seen[0])
    await keyboard.press('Shift+F6')
    assert.equal(await panel(), seen.at(-1))
    await keyboard.press('?')
    const help = page.getByTestId('keys')
    for (const text of ['Buy', 'Stop-limit order', 'Next panel', 'Arm the keys', 'Cancel the newest order'])
      await help.getByText(text).first().waitFor()
    await page.context().close()
  })

  it('changes an open order only while armed, on chart, ladder and in its row; cancels it armed or not', async () => {
    await operate(server, { pace: '0' })
    const { page } = await openPage(browser, server.url, { width: 1920, height: 1080 })
    await untilLive(page)
    const { keyboard } = page
    const { body: book } = await call(server.url, `GET /v1/instruments/${symbol}/book`)
    const ticksBelow = (ticks: number) => (book.bids[0][0] - ticks / 100).toFixed(2)
    const place = (clientOrderId: string, price: string) =>
      page.evaluate(
        async order => {
          const headers = { 'content-type': 'application/json' }
          return (await fetch('/v1/orders', { method: 'POST', headers, body: JSON.stringify(order) })).status
        },
        {
          clientOrderId,
          symbol,
          side: 'buy',
          size: 10,
          price: Number(price),
          orderType: 'limit',
          timeInForce: 'GTC',
        },
      )
    const row = page.locator('[data-testid=open-orders] tbody tr')
    /** By keys from the best bid: where the spread is wide, the row is below those that are shown first. */
    const goToRow = async (price: string) => {
      const focused = page.locator(`[data-testid=ladder] [data-price="${price}"] :focus`)
      await page.locator('[data-testid=ladder] [data-cell][tabindex="0"]').focus()
      await keyboard.press('Home')
      for (let rows = 0; rows < 10 && (await focused.count()) === 0; rows++) await keyboard.press('ArrowDown')
      assert.equal(await focused.count(), 1, `the focus came to ${price}`)
    }
    const untilAt = (price: string) => row.filter({ hasText: price }).waitFor()
    const isArmed = () => page.getByTestId('armed').getAttribute('aria-checked')
    const arm = async () => {
      for (const key of ['a', 'a']) await keyboard.press(key)
      await page.locator('[data-testid=armed][aria-checked=true]').waitFor()
    }
    const disarm = async () => {
      await keyboard.press('a')
      await page.locator('[data-testid=armed][aria-checked=false]').waitFor()
    }
    const refused = /Not armed, so no order was changed\. Press A twice/

    assert.equal(await place('k1', ticksBelow(2)), 201)
    await untilAt(ticksBelow(2))
    assert.equal(await isArmed(), 'false')
    await page.getByTestId('chart-orders').getByRole('slider').focus()
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await page.getByTestId('chart-note').filter({ hasText: refused }).waitFor()
    await untilAt(ticksBelow(2))
    await arm()
    await keyboard.press('Enter')
    await untilAt(ticksBelow(3))

    await disarm()
    await goToRow(ticksBelow(3))
    await keyboard.press('Alt+ArrowDown')
    await keyboard.press('Enter')
    await page.getByTestId('ladder-note').filter({ hasText: refused }).waitFor()
    await untilAt(ticksBelow(3))
    await arm()
    await keyboard.press('Enter')
    await untilAt(ticksBelow(4))

    await disarm()
    await row.getByTestId('order-edit').click()
    await page.getByTestId('edit-price').fill(ticksBelow(3))
    await keyboard.press('Enter')
    await page.getByTestId('announcer').filter({ hasText: refused }).waitFor({ state: 'attached' })
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Save')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await keyboard.press('Enter')
    await untilAt(ticksBelow(3))
    await row.getByTestId('order-edit').click()
    await page.getByTestId('edit-price').fill(ticksBelow(6))
    await keyboard.press('Escape')
    await arm()
    await row.getByTestId('order-edit').click()
    await page.getByTestId('edit-price').fill(ticksBelow(2))
    await keyboard.press('Enter')
    await untilAt(ticksBelow(2))
    const lives = await page.evaluate(async () => {
      const { orders } = await (await fetch('/v1/orders?status=open')).json()
      return (await fetch(`/v1/orders/${orders[0].orderId}/executions`)).json()
    })
    assert.equal(
      lives.executions.filter(({ execType }: { execType: string }) => execType === 'replaced').length,
      4,
      'no key that was not armed has changed it',
    )

    await disarm()
    await goToRow(ticksBelow(2))
    await keyboard.press('Delete')
    await row.waitFor({ state: 'detached' })
    assert.equal(await place('k2', ticksBelow(2)), 201)
    await untilAt(ticksBelow(2))
    await keyboard.press('x')
    await row.waitFor({ state: 'detached' })
    assert.equal(await isArmed(), 'false')
    await page.context().close()
  })
})
