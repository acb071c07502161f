// The ticket and the account in a real Chromium: one press sends one order, the button does not move, unclear numbers
// are refused, orders are shown with their true status, and a browser without storage works.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the ticket and the account', () => {
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

  const open = async (settings: PageSettings = {}) => {
    const opened = await openPage(browser, server.url, settings)
    await untilLive(opened.page)
    await opened.page.getByTestId('ticket-submit').filter({ hasText: '@' }).waitFor({ state: 'attached' })
    return opened
  }
  const submitOf = (page: Page) => page.getByTestId('ticket-submit')
  const halt = (halted: boolean) =>
    fetch(`${server.url}/v1/market`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${readFileSync(join(server.dataFolder, 'operator-token'), 'utf8').trim()}`,
      },
      body: JSON.stringify({ halt: { symbol, halted } }),
    })

  it('starts with a complete order; its button does not move in any state', async () => {
    const { page } = await open({ width: 1280, height: 720 })
    assert.match((await submitOf(page).textContent())!, /^Buy 100 @ [\d,.]+ · [\d,.]+$/)
    assert.ok(Number(await page.getByTestId('ticket-price').inputValue()) > 0)
    const place = async () => JSON.stringify(await submitOf(page).boundingBox())
    const first = await place()
    const reasons = page.getByTestId('ticket-reasons')
    const disarmedBy = async (says: RegExp) => {
      await reasons.filter({ hasText: says }).waitFor()
      assert.equal(await submitOf(page).isDisabled(), true)
      assert.equal(await place(), first)
    }
    for (const size of ['', '6,85', '1.000', '1e3', '１００', '0']) {
      await page.getByTestId('ticket-size').fill(size)
      await disarmedBy(/\w{4}/)
    }
    await page.getByTestId('ticket-size').fill('100000')
    assert.equal(await place(), first, 'with a caution')
    await submitOf(page).click()
    const result = page.getByTestId('ticket-result')
    await result.and(page.locator('[data-state=refused]')).waitFor()
    assert.match((await result.textContent())!, /\d,\d{3},\d{3}/)
    assert.doesNotMatch((await result.textContent())!, /\d{7}/)
    assert.equal(await place(), first, 'with a refusal')
    await page.getByTestId('ticket-size').fill('100')
    await page.keyboard.press('Escape')
    await page.keyboard.press('f')
    await disarmedBy(/frozen/)
    await page.keyboard.press('f')
    await halt(true)
    await disarmedBy(new RegExp(`${symbol} is halted`))
    await halt(false)
    await page.locator('[data-testid=ticket-submit]:enabled').waitFor()
    await page.getByTestId('ticket-type').selectOption('market')
    assert.equal(await place(), first, 'as a market order')
    await page.context().close()
  })

  it('sends one order for a double click, and for a key that is held down', async () => {
    const { page } = await open()
    await page.getByTestId('ticket-price').fill('100')
    await submitOf(page).dblclick()
    const orders = page.getByTestId('order-cancel')
    await orders.first().waitFor()
    await page.waitForTimeout(400)
    await page.getByTestId('ticket-price').focus()
    await page.keyboard.down('Enter')
    for (let repeat = 0; repeat < 20; repeat++) {
      await page.keyboard.down('Enter')
      await page.waitForTimeout(30)
    }
    await page.keyboard.up('Enter')
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=order-cancel]').length >= 2)
    await page.waitForTimeout(500)
    assert.equal(await orders.count(), 2)
    await page.context().close()
  })

  it('edits an order in its row: shows why a value is refused, sends a valid one, shifts no column, also at 360 px', async () => {
    for (const [width, height] of [
      [1440, 900],
      [360, 740],
    ] as const) {
      const { page } = await open({ width, height })
      const view = (name: string) =>
        width === 360 ? page.getByRole('button', { name, exact: true }).click() : undefined
      await view('Trade')
      await page.getByTestId('ticket-price').fill('100')
      await submitOf(page).click()
      await view('Account')
      const edges = () =>
        page
          .locator('[data-testid=open-orders] th:visible')
          .evaluateAll(cells => cells.map(cell => cell.getBoundingClientRect().left))
      await page.getByTestId('order-edit').waitFor()
      const columns = await edges()
      const sent: string[] = []
      page.on('websocket', socket => socket.on('framesent', ({ payload }) => sent.push(String(payload))))
      await page.getByTestId('order-edit').click()
      assert.deepEqual(await edges(), columns)
      const problems = page.getByTestId('edit-problems')
      for (const [field, text, says] of [
        ['edit-price', '184.817', /184\.81 or 184\.82/],
        ['edit-price', 'abc', /not clear/],
        ['edit-price', '0', /above 0/],
        ['edit-price', '100,5', /use a point/],
      ] as const) {
        await page.getByTestId(field).fill(text)
        await page.getByTestId(field).press('Enter')
        await problems.filter({ hasText: says }).waitFor()
        assert.equal(await page.getByTestId(field).getAttribute('aria-invalid'), 'true')
        assert.deepEqual(await edges(), columns)
      }
      for (const id of ['edit-save', 'edit-keep']) {
        const { x, width: wide } = (await page.getByTestId(id).boundingBox())!
        assert.ok(x >= 0 && x + wide <= width, `${id} is outside`)
      }
      await page.getByTestId('edit-price').press('Escape')
      await page.getByTestId('order-edit').filter({ visible: true }).waitFor()
      await page.getByTestId('order-edit').click()
      await page.getByTestId('edit-price').fill('101.50')
      await page.getByTestId('edit-price').press('Enter')
      await page.locator('[data-testid^=order-web]').filter({ hasText: '101.50' }).waitFor()
      await page.getByTestId('cancel-all').click()
      await page.getByTestId('cancel-all').filter({ hasText: 'Press again' }).click()
      const result = page.getByTestId(width === 360 ? 'account-result' : 'ticket-result')
      await result
        .filter({ hasText: 'Cancel all open orders', visible: true })
        .filter({ hasText: 'Canceled' })
        .waitFor()
      await page.context().close()
    }
  })

  it('has one account over tabs and visits, and keeps no token that a script can read', async () => {
    const first = await openPage(browser, server.url)
    const context = first.page.context()
    const second = await openPage(browser, server.url, { context })
    for (const { page } of [first, second]) await untilLive(page)
    const account = await first.page.getByTestId('account-id').textContent()
    assert.equal(await second.page.getByTestId('account-id').textContent(), account, 'the second tab')
    await first.page.reload()
    await untilLive(first.page)
    assert.equal(await first.page.getByTestId('account-id').textContent(), account, 'after a reload')
    const made = [...first.responses, ...second.responses].filter(({ url }) => url.endsWith('/v1/accounts'))
    assert.equal(made.length, 1)
    const kept = await first.page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie)
    const cookies = await context.cookies()
    assert.ok(cookies.length >= 1 && cookies.every(({ httpOnly }) => httpOnly))
    for (const { value } of cookies) assert.ok(!kept.includes(value))
    assert.doesNotMatch(kept, /token|papertape\.account/)
    await context.close()
  })

  const broken: Record<string, () => void> = {
    'throws on reading': () => {
      Storage.prototype.getItem = () => {
        throw new DOMException('no', 'SecurityError')
      }
    },
    'throws on writing': () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    },
    'throws when it is touched': () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('no', 'SecurityError')
        },
      })
    },
    'is null': () => Object.defineProperty(window, 'localStorage', { value: null }),
    'is cleared': () => localStorage.clear(),
    'holds half an entry': () => {
      localStorage.setItem('papertape.settings', '{"theme":')
      localStorage.setItem('papertape.account', 'null')
    },
    'holds something else': () => {
      localStorage.setItem('papertape.settings', '[1, {"theme": 7}]')
      localStorage.setItem('papertape.account', '{"accountId":7}')
    },
  }
  for (const [what, before] of Object.entries(broken)) {
    it(`trades with a storage that ${what}, in one account`, async () => {
      const { page, responses } = await open({ before })
      await page.getByTestId('theme-switch').click()
      await page.getByTestId('ticket-price').fill('100')
      await submitOf(page).click()
      await page.getByTestId('order-cancel').waitFor()
      const account = await page.getByTestId('account-id').textContent()
      await page.reload()
      await untilLive(page)
      assert.equal(await page.getByTestId('account-id').textContent(), account)
      assert.equal(responses.filter(({ url }) => url.endsWith('/v1/accounts')).length, 1)
      await page.context().close()
    })
  }

  it('removes the operator token from the address at once, and reports the result', async () => {
    const token = readFileSync(join(server.dataFolder, 'operator-token'), 'utf8').trim()
    const own = server.url.replace('127.0.0.1', 'localhost')
    for (const [link, says] of [
      [token, /You are the operator/],
      ['op_guess', /not the operator/],
    ] as const) {
      const { page, requests } = await openPage(browser, `${own}/#operator=${link}`)
      await page.getByTestId('notice').filter({ hasText: says }).waitFor()
      assert.equal(new URL(page.url()).hash, '')
      assert.ok(requests.every(url => !url.includes(link)))
      await page.getByRole('button', { name: 'Dismiss' }).click()
      assert.equal(await page.getByTestId('notice').textContent(), '')
      await page.context().close()
    }
  })

  it('sends few requests before it is live', async () => {
    const { page, requests } = await openPage(browser, server.url)
    await untilLive(page)
    await page.waitForTimeout(500)
    const candles = requests.filter(url => url.includes('/candles'))
    assert.ok(candles.length <= 4, candles.join('\n'))
    await page.context().close()
  })
})
