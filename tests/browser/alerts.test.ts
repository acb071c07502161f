// Alerts in a real Chromium: set in the form, at the crosshair and by keys, shown on the chart and in the list,
// removed; reported when they trigger, also by the browser, and new in the list when that happened while the page was
// closed. The market is paused: what trades are market orders of the page's account. That the person allows
// notifications, and what is shown, is the test's.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { axeFindings } from '../support/axe.ts'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, screenshot, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const SYMBOL = 'VELTR'

/**
 * In the page: who is asked allows notifications, and their texts are collected. The shell of Chromium that the tests
 * install has none: there `Notification.permission` is `denied`, also when the permission was granted.
 */
function allowNotifications(): void {
  if (location.origin === 'null') return
  const shown: string[] = []
  Object.assign(window, { shownNotifications: shown })
  class CollectedNotification extends EventTarget {
    static get permission(): NotificationPermission {
      return localStorage.getItem('notifications are allowed') === null ? 'default' : 'granted'
    }
    static async requestPermission(): Promise<NotificationPermission> {
      localStorage.setItem('notifications are allowed', '')
      return 'granted'
    }
    constructor(_title: string, { body = '' }: NotificationOptions = {}) {
      super()
      shown.push(body)
    }
    close(): void {}
  }
  Object.assign(window, { Notification: CollectedNotification })
}

/** In the page: who is asked refuses. */
function refuseNotifications(): void {
  let permission: NotificationPermission = 'default'
  const requestPermission = async () => {
    permission = 'denied'
    return permission
  }
  Object.assign(window, {
    Notification: {
      get permission() {
        return permission
      },
      requestPermission,
    },
  })
}

describe('alerts', () => {
  let server: RunningServer
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let last: number
  let complaints: () => string[]

  before(async () => {
    server = await startServer({ flags: ['--symbols', '1'] })
    browser = await launchBrowser()
    await untilTrading(server.url, SYMBOL)
    await operate(server, { pace: '0' })
    const { body } = await call(server.url, `GET /v1/instruments/${SYMBOL}/trades?limit=1`)
    last = body.trades[0].price
    const opened = await openPage(browser, server.url, { before: allowNotifications })
    ;({ page, complaints } = opened)
    context = page.context()
    await untilLive(page)
    await page.locator('canvas[data-testid=candles]').waitFor()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  const byId = (id: string) => page.getByTestId(id)
  const row = (id: number) => byId(`alert-${id}`)
  const announced = (text: RegExp) => byId('announcer').filter({ hasText: text }).waitFor({ state: 'attached' })
  const setAlert = () => page.getByRole('button', { name: 'Set alert', exact: true }).click()
  /** From elsewhere, with the cookie of the page. */
  const send = async (route: string, data: object) => {
    const headers = { origin: server.url }
    const answer = await context.request.post(server.url + route, { data, headers })
    assert.ok(answer.ok(), `${route}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  let orders = 0
  const buy = (size: number) =>
    send('/v1/orders', { clientOrderId: `b${++orders}`, symbol: SYMBOL, side: 'buy', orderType: 'market', size })

  it('are none at first; the form refuses what is no price, and sets one that is drawn on the chart', async () => {
    await byId('tab-alerts').click()
    await byId('alerts')
      .filter({ hasText: /No alerts\. Set one here/ })
      .waitFor()
    await setAlert()
    await byId('alert-problem')
      .filter({ hasText: /Enter the price/ })
      .waitFor()
    await page.getByLabel('Price of the alert').fill('1,5')
    await setAlert()
    await byId('alert-problem')
      .filter({ hasText: /use a point for decimals/ })
      .waitFor()
    await page.getByLabel('Price of the alert').fill(last.toFixed(2))
    await setAlert()
    await byId('alert-problem')
      .filter({ hasText: /last trade of VELTR was at/ })
      .waitFor()
    assert.match(complaints().join('\n'), /^error: [^\n]*422[^\n]*$/)
    const price = (last + 1).toFixed(2)
    await page.getByLabel('Price of the alert').fill(price)
    await setAlert()
    await row(1)
      .filter({ hasText: `VELTR crosses ${price}` })
      .waitFor()
    assert.equal(await row(1).getAttribute('data-status'), 'active')
    await byId('chart-alert-1').filter({ hasText: price }).waitFor()
    await announced(/The alert is set/)
    assert.match(await byId('tab-alerts').innerText(), /Alerts 1/)
  })

  it('are set at the crosshair and by keys, and removed on the chart and in the list', async () => {
    const box = (await byId('candles').boundingBox())!
    await page.mouse.move(box.x + box.width / 3, box.y + box.height / 3)
    await byId('crosshair-price').waitFor()
    const at = await byId('crosshair-price').innerText()
    await page.getByRole('button', { name: 'Set an alert at the price' }).click()
    await row(2)
      .filter({ hasText: `VELTR crosses ${at}` })
      .waitFor()
    await page.mouse.move(0, 0)
    await page.getByLabel(`Selected bar of ${SYMBOL}`).focus()
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('Shift+Enter')
    await announced(/Alert set at \d/)
    await row(3).waitFor()
    await byId('chart-alert-3')
      .getByRole('button', { name: /^Remove the alert at \d/ })
      .press('Enter')
    await row(3).waitFor({ state: 'detached' })
    await row(2)
      .getByRole('button', { name: /^Remove: VELTR crosses/ })
      .click()
    await byId('chart-alert-2').waitFor({ state: 'detached' })
  })

  it('are reported once when they trigger, by the browser too when it may', async () => {
    const notify = byId('alert-notify')
    assert.equal(await notify.getAttribute('aria-checked'), 'false')
    await notify.click()
    await page.locator('[data-testid=alert-notify][aria-checked=true]').waitFor()
    await page.getByLabel('What the alert waits for').selectOption('orderFills')
    await setAlert()
    await row(4).filter({ hasText: 'Any order fills' }).waitFor()
    await buy(20)
    const text = /Alert: Any order fills\. Bought \d+ VELTR at/
    await byId('toasts').locator('p').filter({ hasText: text }).waitFor()
    await announced(text)
    await row(4)
      .filter({ hasText: /New.*Bought/s })
      .waitFor()
    assert.equal(await byId('alerts-unseen').count(), 0, 'the list is open')
    const fills = await byId('tab-fills').innerText()
    await buy(20)
    await byId('tab-fills').filter({ hasNotText: fills }).waitFor()
    const shown = await page.evaluate(() => (window as unknown as { shownNotifications: string[] }).shownNotifications)
    assert.equal(shown.length, 1)
    assert.match(shown[0]!, text)
    await byId('tab-positions').click()
    await send('/v1/alerts', { condition: 'orderFills' })
    await buy(20)
    await byId('alerts-unseen').filter({ hasText: '1 new' }).waitFor()
    await byId('tab-alerts').click()
    await byId('alerts-unseen').waitFor({ state: 'detached' })
    assert.deepEqual(complaints(), [])
  })

  it('that trigger while the page is closed are new when it comes back, also after kill -9', async () => {
    await page.close()
    const { alertId } = (await send('/v1/alerts', { condition: 'orderFills' })) as { alertId: string }
    await buy(20)
    await server.kill('SIGKILL')
    await server.restart()
    const reopened = await openPage(browser, server.url, { context })
    ;({ page, complaints } = reopened)
    await untilLive(page)
    await byId('alerts-unseen').filter({ hasText: '1 new' }).waitFor()
    await byId('chart-alert-1').waitFor()
    await byId('tab-alerts').click()
    await row(Number(alertId)).filter({ hasText: 'New' }).waitFor()
    await byId('alerts-unseen').waitFor({ state: 'detached' })
    assert.equal(await byId('alert-notify').getAttribute('aria-checked'), 'true', 'remembered')
    await page.reload()
    await untilLive(page)
    await byId('chart-alert-1').waitFor()
    assert.equal(await byId('alerts-unseen').count(), 0)
    assert.deepEqual(complaints(), [])
  })

  it('fit a phone, with names and sizes for all', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.getByRole('button', { name: 'Account', exact: true }).click()
    await byId('tab-alerts').click()
    await row(1).waitFor()
    await screenshot(page, 'alerts-360')
    const wide = await byId('alerts').evaluate(list => list.scrollWidth - list.clientWidth)
    assert.equal(wide, 0)
    assert.deepEqual(await axeFindings(page), [])
  })

  it('say that the browser has refused notifications', async () => {
    const { page: other } = await openPage(browser, server.url, { before: refuseNotifications })
    await untilLive(other)
    await other.getByTestId('tab-alerts').click()
    await other.getByTestId('alert-notify').click()
    await other.getByText(/Blocked: allow notifications/).waitFor()
    assert.ok(await other.getByTestId('alert-notify').isDisabled())
    await other.context().close()
  })
})
