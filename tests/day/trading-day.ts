// A trading day for an end-to-end test: a server behind a proxy that can cut and stall, a browser, and what REST says
// of the account, to compare with the page. Does nothing that the trader does.

import assert from 'node:assert/strict'
import { it, type TestOptions } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { operate, untilTrading } from '../support/market.ts'
import { launchBrowser, untilLive } from '../support/page.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

/** A page that is disturbed needs its retries, and more on a busy machine. */
const WITHIN_MS = 60_000
const MINUTE_MS = 60_000

/** Minutes from now to the closing auction, and its length: enough for the day, and for what the operator skips. */
const CLOSING_AFTER_MIN = 15
const CLOSING_LASTS_MIN = 30
/** How fast the operator lets the market's time pass. */
const SKIPPING_PACE = '200x'

/** The times of a day whose closing auction is near; undefined where it would be past midnight. */
export function closingSoon(nowMs: number): string | undefined {
  const at = (minutes: number) => new Date(nowMs + minutes * MINUTE_MS).toISOString()
  const [now, closing, closed] = [at(0), at(CLOSING_AFTER_MIN), at(CLOSING_AFTER_MIN + CLOSING_LASTS_MIN)]
  if (closed.slice(0, 10) !== now.slice(0, 10) || now.slice(11, 16) <= '00:03') return undefined
  return `00:00,00:01,00:02,${closing.slice(11, 16)},${closed.slice(11, 16)}`
}

export type TicketResult = 'working' | 'filled' | 'unknown'

export interface OrderAtRest {
  readonly orderId: string
  readonly clientOrderId: string
  readonly side: 'buy' | 'sell'
  readonly orderType: string
  readonly timeInForce: string
  readonly size: number
  readonly price: number | null
  readonly stopPrice?: number
  readonly displaySize?: number
  readonly cumSize: number
  readonly orderStatus: string
}

export interface TradingDay {
  readonly server: RunningServer
  readonly proxy: TcpProxy
  readonly browser: Browser
  readonly symbols: readonly string[]
  /** Opens a page of a new browser profile, through the proxy, and waits until it is live. */
  open(options: BrowserContextOptions): Promise<Page>
  /** All orders of the page's account, newest first. */
  orders(page: Page): Promise<readonly OrderAtRest[]>
  /** Waits until the page shows the account as REST has it: orders, positions, cash, buying power. */
  untilAgreed(page: Page): Promise<void>
  /** The operator skips the market's time until a phase. */
  skipTo(phase: string): Promise<void>
  /** Cuts all connections, and waits until the page says that it is back. */
  cut(page: Page): Promise<void>
  end(): Promise<void>
}

export async function openTradingDay(flags: readonly string[]): Promise<TradingDay> {
  const server = await startServer({ flags })
  const browser = await launchBrowser()
  const proxy = await openTcpProxy(server.port)
  const list = (await call(server.url, 'GET /v1/instruments')).body as { symbol: string }[]
  const symbols = list.map(({ symbol }) => symbol)
  await untilTrading(server.url, symbols[0]!)
  // Cookies do not depend on the port: this asks past the proxy.
  const ask = async (page: Page, path: string) => (await page.context().request.get(`${server.url}/v1${path}`)).json()

  return {
    server,
    proxy,
    browser,
    symbols,
    async open(options) {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(WITHIN_MS)
      await page.goto(`http://127.0.0.1:${proxy.port}`)
      await untilLive(page)
      return page
    },
    orders: async page => (await ask(page, '/orders')).orders,
    async untilAgreed(page) {
      const ofRest = async () => {
        const { accountId, orders, positions, balance } = await ask(page, '/account')
        const held = positions.filter(({ size }: { size: number }) => size !== 0)
        const [cash, buyingPower] = [balance.cash, balance.buyingPower].map(cashText)
        return { accountId, orders: orders.length, positions: held.length, cash, buyingPower }
      }
      const limitMs = Date.now() + WITHIN_MS
      for (;;) {
        const [shown, known] = [await shownAccount(page), await ofRest()]
        if (JSON.stringify(shown) === JSON.stringify(known)) return
        if (Date.now() > limitMs) assert.deepEqual(shown, known, 'what the page shows is what REST says')
        await setTimeout(100)
      }
    },
    async skipTo(phase) {
      const limitMs = Date.now() + WITHIN_MS
      await operate(server, { pace: SKIPPING_PACE })
      while ((await call(server.url, `GET /v1/instruments/${symbols[0]}`)).body.phase !== phase) {
        assert.ok(Date.now() < limitMs, `the phase ${phase} never came`)
        await setTimeout(100)
      }
      await operate(server, { pace: '1x' })
    },
    async cut(page) {
      const outage = page.getByTestId('outage')
      // What it says of an earlier loss stands for a while, and would be taken for the end of this one.
      await outage.waitFor({ state: 'detached' })
      proxy.cut()
      await outage.filter({ hasText: /^Back after/ }).waitFor({ state: 'attached' })
    },
    async end() {
      server.resume()
      proxy.close()
      await browser.close()
      await server.dispose()
    },
  }
}

/** The steps of a day, as tests: each begins where the one before ended, and is skipped if that one failed. */
export function createSteps() {
  let hasFailed = false
  return (name: string, act: () => Promise<void>, options: TestOptions = {}) =>
    it(name, options, async step => {
      if (hasFailed) return step.skip('an earlier step failed')
      hasFailed = true
      await act()
      hasFailed = false
    })
}

const cashText = (cash: number) => cash.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

function shownAccount(page: Page) {
  return page.evaluate(() => {
    const text = (id: string) => document.querySelector(`[data-testid=${id}]`)?.textContent ?? ''
    const count = (id: string) => Number(/\d+$/.exec(text(id).trim())?.[0] ?? Number.NaN)
    const figures = [...document.querySelectorAll('[data-testid=balance] dd')].map(figure => figure.textContent)
    const accountId = text('account-id')
    const [cash, buyingPower] = figures
    return { accountId, orders: count('tab-open-orders'), positions: count('tab-positions'), cash, buyingPower }
  })
}

/** Waits until the ticket sends what is in it: after a cut, the feed may be back before the order channel is. */
export const untilSendable = (page: Page): Promise<void> =>
  page.getByTestId('ticket-submit').and(page.locator('[aria-disabled=false]')).waitFor()

/** Waits for the result of the order that was sent last; says what the ticket shows where it does not come. */
export async function untilResult(page: Page, result: TicketResult): Promise<void> {
  try {
    await page.locator(`[data-testid=ticket-result][data-state=${result}]`).waitFor()
  } catch (error) {
    const ids = ['ticket-submit', 'ticket-result', 'ticket-problems', 'ticket-reasons', 'banner']
    const shown = await page.evaluate(
      all => all.map(id => [id, document.querySelector(`[data-testid=${id}]`)?.textContent ?? null]),
      ids,
    )
    throw new Error(`the ticket never showed ${result}, but ${JSON.stringify(Object.fromEntries(shown))}`, {
      cause: error,
    })
  }
}

/** No order was placed a second time. */
export function assertNothingTwice(orders: readonly OrderAtRest[]): void {
  const ids = orders.map(({ clientOrderId }) => clientOrderId)
  assert.equal(new Set(ids).size, ids.length, `each order once: ${ids}`)
}
