// Kinds of orders that few traders need, from the ticket to the open orders, in a real Chromium: trailing stops, orders
// that expire, brackets and OCO.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300

describe('kinds of orders in the ticket', () => {
  let server: RunningServer
  let browser: Browser

  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
    browser = await launchBrowser()
    const list = (await (await fetch(`${server.url}/v1/instruments`)).json()) as { symbol: string }[]
    await untilTrading(server.url, list[0]!.symbol)
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const open = async () => {
    const opened = await openPage(browser, server.url)
    await untilLive(opened.page)
    await opened.page.getByTestId('ticket-submit').filter({ hasText: '@' }).waitFor({ state: 'attached' })
    return opened
  }
  const submitOf = (page: Page) => page.getByTestId('ticket-submit')

  it('places a trailing stop and an order that expires, and shows the terms of both', async () => {
    const { page } = await open()
    const field = (id: string) => page.getByTestId(`ticket-${id}`)
    const rows = page.locator('[data-testid^=order-web]')
    await field('type').selectOption('trailingStop')
    await field('trail').fill('60')
    await field('trail-unit').selectOption('percent')
    assert.equal(await field('trail').inputValue(), '', 'an amount is no percentage')
    await field('trail').fill('60')
    await page
      .getByTestId('ticket-problems')
      .filter({ hasText: /from 0\.01 to 50/ })
      .waitFor()
    await field('trail').fill('5')
    await field('more').locator('summary').click()
    await field('limit-offset').fill('0.10')
    await submitOf(page).filter({ hasText: 'Buy 100 @ limit, trailing by 5%' }).click()
    await rows.filter({ hasText: /trailing stop · trails by 5% · limit 0\.1 behind its stop · GTC/ }).waitFor()

    await field('type').selectOption('limit')
    await field('price').fill('100')
    await field('tif').selectOption('GTD')
    await field('expires-in').fill('0')
    await page
      .getByTestId('ticket-field-problem')
      .filter({ hasText: /from 1 to 525,600/ })
      .waitFor()
    assert.equal(await submitOf(page).isDisabled(), true)
    await field('expires-in').fill('30')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await submitOf(page).click()
    await rows.filter({ hasText: /limit · GTD until \d+ \w{3} \d\d:\d\d:\d\d/ }).waitFor()
    const { orders, time } = await page.evaluate(async () => ({
      ...((await (await fetch('/v1/orders?status=open')).json()) as { orders: { expireTime?: number }[] }),
      ...((await (await fetch('/v1/market')).json()) as { time: number }),
    }))
    const expireTime = orders.find(one => one.expireTime !== undefined)?.expireTime ?? 0
    const minutes = (expireTime - time) / 60_000
    assert.ok(minutes > 29 && minutes < 31, `expires in ${minutes} minutes of the market's clock`)
    await page.context().close()
  })

  it('places a bracket whose legs start when its entry has filled, and an oco; says what is wrong with an exit', async () => {
    const { page } = await open()
    const field = (id: string) => page.getByTestId(`ticket-${id}`)
    const rows = page.locator('[data-testid^=order-web]')
    await field('more').locator('summary').click()
    await field('price').fill('100')
    const problem = page.getByTestId('ticket-field-problem')
    await field('min-size').fill('101')
    await problem.filter({ hasText: 'The minimum size is at most 100, the size of the order.' }).waitFor()
    await field('min-size').fill('')
    await field('exits').selectOption('bracket')
    await problem.filter({ hasText: 'Enter the price of the take-profit.' }).waitFor()
    await field('take-profit').fill('900')
    await field('stop-loss').fill('900')
    await problem.filter({ hasText: 'The stop-loss must be below the take-profit, 900.00.' }).waitFor()
    assert.equal(await field('stop-loss').getAttribute('aria-invalid'), 'true')
    await field('stop-loss').fill('90')
    await field('size').fill('90000')
    await submitOf(page).filter({ hasText: 'with exits' }).click()
    await page.locator('[data-testid=ticket-result][data-state=refused]').waitFor()
    await field('size').fill('100')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    // The stop-loss is still there: what goes out now is no plain order.
    await submitOf(page).filter({ hasText: 'with exits' }).click()
    await rows.filter({ hasText: /entry of list \d+ · limit/ }).waitFor()
    for (const role of ['take-profit', 'stop-loss']) {
      await rows.filter({ hasText: new RegExp(`${role} of list \\d+, waits for its entry`) }).waitFor()
    }
    assert.equal(await field('exits').inputValue(), 'none', 'the next order has none')

    await field('type').selectOption('market')
    await field('exits').selectOption('bracket')
    await field('take-profit').fill('900')
    await field('stop-loss').fill('90')
    await field('size').fill('7')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await submitOf(page).click()
    await page.locator('[data-testid=ticket-result][data-state=filled]').waitFor()
    const live = rows
      .filter({ hasNotText: /waits for its entry|entry of list/ })
      .filter({ has: page.getByRole('cell', { name: '7 0', exact: true }) })
    for (const role of ['take-profit', 'stop-loss']) await live.filter({ hasText: `${role} of list` }).waitFor()

    await page.getByTestId('cancel-all').click()
    await page.getByTestId('cancel-all').filter({ hasText: 'Press again' }).click()
    await rows.first().waitFor({ state: 'detached' })
    await field('side-sell').check()
    await field('type').selectOption('limit')
    await field('price').fill('900')
    await field('exits').selectOption('oco')
    await field('stop-loss').fill('90')
    await submitOf(page).filter({ hasText: 'Sell 7 @ 900.00 or once ≤ 90.00' }).click()
    for (const role of ['take-profit', 'stop-loss']) await rows.filter({ hasText: `${role} of list` }).waitFor()
    assert.equal(await rows.count(), 2)
    await page.context().close()
  })
})
