// The ticket and the account in a real Chromium: one press sends one order, the button does not move, unclear numbers
// are refused, each order type is sent as it was meant, orders are shown with their true status, and a browser without
// storage works.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { operate, readOperatorToken, untilTrading } from '../support/market.ts'
import { launchBrowser, openPage, type PageSettings, untilLive } from '../support/page.ts'
import { type RunningServer, startServer } from '../support/server.ts'

/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300

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
  const halt = (halted: boolean) => operate(server, { halt: { symbol, halted } })

  it('starts with a complete order; its button does not move in any state', async () => {
    const { page } = await open({ width: 1280, height: 720 })
    assert.match((await submitOf(page).textContent())!, /^Buy 100 @ [\d,.]+ · [\d,.]+$/)
    assert.ok(Number(await page.getByTestId('ticket-price').inputValue()) > 0)
    const place = async () => JSON.stringify(await submitOf(page).boundingBox())
    const first = await place()
    const reasons = page.getByTestId('ticket-reasons')
    const said = page.locator('[data-testid=ticket-problems], [data-testid=ticket-reasons]')
    const disarmedBy = async (says: RegExp) => {
      await said.filter({ hasText: says }).waitFor()
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
    await reasons.filter({ hasNotText: /\w/ }).waitFor({ state: 'attached' })
    assert.equal(await submitOf(page).isEnabled(), true)
    for (const type of ['market', 'stop', 'trailingStop', 'stopLimit', 'limit']) {
      await page.getByTestId('ticket-type').selectOption(type)
      assert.equal(await place(), first, `as a ${type} order`)
    }
    await page.getByTestId('ticket-tif').selectOption('GTD')
    await page.getByTestId('ticket-expires-in').waitFor()
    assert.equal(await place(), first, 'with further instructions')
    await page.context().close()
  })

  it('sends each order type and instruction as it was meant', async () => {
    const { page } = await open()
    const field = (id: string) => page.getByTestId(`ticket-${id}`)
    await page.getByTestId('ticket-more').locator('summary').click()
    interface Case {
      readonly type: string
      readonly timeInForce?: string
      readonly fill?: Readonly<Record<string, string>>
      readonly more?: () => Promise<void>
      readonly sent: object
    }
    const far = { price: '100' }
    const cases: Case[] = [
      { type: 'market', sent: { orderType: 'market', timeInForce: 'IOC', price: null } },
      { type: 'market', timeInForce: 'FOK', sent: { timeInForce: 'FOK', orderStatus: 'filled' } },
      { type: 'limit', fill: far, sent: { orderType: 'limit', timeInForce: 'GTC', price: 100, postOnly: false } },
      { type: 'limit', timeInForce: 'DAY', fill: far, sent: { timeInForce: 'DAY', orderStatus: 'new' } },
      { type: 'limit', timeInForce: 'IOC', fill: far, sent: { timeInForce: 'IOC', orderStatus: 'canceled' } },
      { type: 'limit', timeInForce: 'CLS', fill: far, sent: { timeInForce: 'CLS', orderStatus: 'new' } },
      {
        type: 'limit',
        timeInForce: 'GTC',
        fill: { ...far, 'display-size': '10' },
        more: async () => {
          await field('post-only').check()
          await field('stp').selectOption('cancelTaker')
        },
        sent: { displaySize: 10, postOnly: true, selfTradePrevention: 'cancelTaker', orderStatus: 'new' },
      },
      { type: 'stop', fill: { 'stop-price': '900' }, sent: { orderType: 'stop', stopPrice: 900, price: null } },
      {
        type: 'stopLimit',
        fill: { 'stop-price': '900', price: '901' },
        sent: { orderType: 'stopLimit', stopPrice: 900, price: 901, timeInForce: 'GTC' },
      },
    ]
    for (const [at, { type, timeInForce, fill = {}, more, sent }] of cases.entries()) {
      await field('type').selectOption(type)
      if (timeInForce !== undefined) await field('tif').selectOption(timeInForce)
      // Its size is that of no other order.
      for (const [id, text] of Object.entries({ size: String(11 + at), ...fill })) await field(id).fill(text)
      await more?.()
      await page.waitForTimeout(DOUBLE_PRESS_MS)
      await submitOf(page).click()
      await page.waitForFunction(
        async ({ size, expected }) => {
          const { orders } = (await (await fetch('/v1/orders')).json()) as { orders: Record<string, unknown>[] }
          const order = orders.find(one => one.size === size)
          return order !== undefined && Object.entries(expected).every(([name, value]) => order[name] === value)
        },
        { size: 11 + at, expected: sent as Record<string, unknown> },
        { polling: 100 },
      )
    }
    await field('type').selectOption('limit')
    await field('post-only').uncheck()
    await field('price').fill('200')
    await field('share-50').click()
    const half = Number(await field('size').inputValue())
    const buyingPower = Number((await page.getByTestId('buying-power').textContent())!.replaceAll(',', ''))
    assert.equal(half, Math.floor(buyingPower / 2 / 200))
    await field('side-sell').check()
    await field('share-100').click()
    assert.equal(await field('size').inputValue(), '23', 'what the two market orders bought')
    await page.context().close()
  })

  it('sends one order for a double click, and for a key that is held down', async () => {
    const { page } = await open()
    await page.getByTestId('ticket-price').fill('100')
    await submitOf(page).dblclick()
    const orders = page.getByTestId('order-cancel')
    await orders.first().waitFor()
    const hold = async (key: string, sent: number) => {
      await page.waitForTimeout(DOUBLE_PRESS_MS)
      await page.keyboard.down(key)
      for (let repeat = 0; repeat < 20; repeat++) {
        await page.keyboard.down(key)
        await page.waitForTimeout(30)
      }
      await page.keyboard.up(key)
      await page.waitForFunction(count => document.querySelectorAll('[data-testid=order-cancel]').length >= count, sent)
      assert.equal(await orders.count(), sent, key)
    }
    await submitOf(page).focus()
    await hold('Enter', 2)
    await page.getByTestId('armed').click()
    await page.getByTestId('ticket-price').focus()
    await hold('Enter', 3)
    await submitOf(page).focus()
    await hold('.', 4)
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
      await view('Order')
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
      await page.getByTestId('edit-save').click()
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
      await page.getByTestId('account-id').filter({ hasText: account! }).waitFor()
      assert.equal(responses.filter(({ url }) => url.endsWith('/v1/accounts')).length, 1)
      await page.context().close()
    })
  }

  it('removes the operator token from the address at once, and reports the result', async () => {
    const token = readOperatorToken(server)
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

/** A day that is one long call: it ends shortly before midnight. */
const LONG_CALL = '00:00,00:01,23:57,23:58,23:59'
const isAlmostMidnight = new Date().toISOString().slice(11, 16) >= '23:54'

describe('the ticket in an auction', { skip: isAlmostMidnight && 'the auction is about to end' }, () => {
  let server: RunningServer
  let browser: Browser
  before(async () => {
    server = await startServer({ flags: ['--symbols', '1', '--schedule', LONG_CALL] })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await server?.dispose()
  })

  it('says what becomes of an order, until when, at which price, and which orders are refused', async () => {
    const { page } = await openPage(browser, server.url)
    await untilLive(page)
    const reasons = page.getByTestId('ticket-reasons')
    await page.getByTestId('ticket-price').fill('190')
    await reasons.filter({ hasText: /Waits for the opening auction\. The phase ends at \d\d:\d\d:00 UTC\./ }).waitFor()
    await page.getByTestId('ticket-submit').click()
    await page.locator('[data-testid=ticket-result][data-state=working]').waitFor()
    await reasons.filter({ hasText: /Indicative price \d+\.\d\d for \d/ }).waitFor()
    await page.getByTestId('ticket-type').selectOption('stop')
    await page.getByTestId('ticket-stop-price').fill('190')
    await reasons.filter({ hasText: /nothing triggers before trading goes on/ }).waitFor()
    await page.getByTestId('ticket-type').selectOption('market')
    await page.getByTestId('ticket-share-100').and(page.locator('[aria-disabled=true]')).waitFor()
    await page
      .getByTestId('ticket')
      .filter({ hasText: /In an auction a market order may cost any price/ })
      .waitFor()
    await page.getByTestId('ticket-tif').selectOption('FOK')
    await reasons.filter({ hasText: /orders wait for the auction\. Choose IOC/ }).waitFor()
    assert.equal(await page.getByTestId('ticket-submit').isDisabled(), true)
    await page.context().close()
  })
})
