// Pictures of the Trade screen: its layouts, or the views of a phone, and each of its states.

import { setTimeout } from 'node:timers/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { readOperatorToken, untilTrading } from '../support/market.ts'
import { untilLive } from '../support/page.ts'
import type { RunningServer } from '../support/server.ts'
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import type { Camera } from './looks.ts'
import { TRADE_STATES, type TradeScreen, type TradeState, type TradeStateName, view } from './trade-states.ts'

export interface Markets {
  readonly market: RunningServer
  /** In an auction. */
  readonly auction: RunningServer
  /** Of `market`, the first one. */
  readonly symbol: string
}

const LAYOUTS = ['Watch', 'Learn', 'Trade'] as const
const VIEWS = ['Markets', 'Chart', 'Book', 'Order', 'Account'] as const
/** So far below the best bid, an order waits for the minutes that the pictures take, where the chart shows it. */
const BELOW_BID = 0.8
/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300

/** States that look like one of the others. */
const NOT_PICTURED: readonly TradeStateName[] = ['working', 'filled', 'fills', 'history']

export async function pictureTrade(
  context: BrowserContext,
  { market, auction, symbol }: Markets,
  camera: Camera,
  isPhone: boolean,
): Promise<void> {
  const proxy = await openTcpProxy(market.port)
  const url = `http://127.0.0.1:${proxy.port}`
  const { bid } = await untilTrading(market.url, symbol)
  const page = await context.newPage()
  const screen: TradeScreen = { page, server: market, symbol, isPhone, restingPrice: (bid - BELOW_BID).toFixed(2) }
  await loading(page, url, camera)
  await untilLive(page)
  await page.getByTestId('tape').locator('tbody tr').first().waitFor({ state: 'attached' })
  await camera.take(page, 'trade')
  await states(screen, camera)
  await arrangements(screen, camera)
  await chartOrder(screen, camera)
  await losses(screen, camera)
  await anotherMarket(screen, proxy, auction, camera)
  await page.goto(`${market.url}/#operator=${readOperatorToken(market)}`)
  await untilLive(page)
  await page.getByTestId('operator-bar').waitFor()
  await camera.take(page, 'trade-operator')
  await context.close()
  proxy.close()
}

/** Ends with the page loaded. */
async function loading(page: Page, url: string, camera: Camera): Promise<void> {
  await page.route('**/v1/**', () => {
    // Never answered.
  })
  await page.goto(url)
  await page.getByTestId('feed-state').waitFor({ state: 'attached' })
  await camera.take(page, 'trade-loading')
  await page.unrouteAll()
  await page.goto(url)
}

async function states(screen: TradeScreen, camera: Camera): Promise<void> {
  for (const [state, { enter, leave }] of Object.entries(TRADE_STATES) as [TradeStateName, TradeState][]) {
    await setTimeout(DOUBLE_PRESS_MS)
    await enter(screen)
    const name = state.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
    if (!NOT_PICTURED.includes(state)) await camera.take(screen.page, `trade-${name}`)
    await leave?.(screen)
  }
}

async function arrangements(screen: TradeScreen, camera: Camera): Promise<void> {
  const { page, isPhone } = screen
  for (const name of isPhone ? VIEWS : LAYOUTS) {
    if (isPhone) await view(screen, name)
    else await page.getByTestId('layouts').getByText(name, { exact: true }).click()
    await camera.take(page, `${isPhone ? 'view' : 'layout'}-${name.toLowerCase()}`)
  }
}

async function chartOrder(screen: TradeScreen, camera: Camera): Promise<void> {
  const { page } = screen
  await view(screen, 'Chart')
  const order = page.getByTestId('chart-orders').getByRole('slider').first()
  await order.focus()
  for (let rows = 0; rows < 4; rows++) await page.keyboard.press('PageDown')
  await camera.take(page, 'trade-chart-order')
  await page.keyboard.press('Escape')
}

/** The server stands still: prices are stale, an order has no answer; then it goes on. */
async function losses(screen: TradeScreen, camera: Camera): Promise<void> {
  const { page, server, restingPrice } = screen
  await view(screen, 'Order')
  await page.getByTestId('ticket-type').selectOption('limit')
  await page.getByTestId('ticket-price').fill(restingPrice)
  server.suspend()
  await page.getByTestId('ticket-submit').click()
  await page.locator('[data-testid=ticket-result][data-state=unknown]').waitFor()
  await camera.take(page, 'trade-unknown')
  await view(screen, 'Chart')
  await page.getByTestId('banner').filter({ hasText: 'Prices may be old' }).waitFor()
  await camera.take(page, 'trade-stale')
  server.resume()
  await page.getByTestId('outage').waitFor({ timeout: 60_000 })
  await camera.take(page, 'trade-reconnected')
}

async function anotherMarket({ page }: TradeScreen, proxy: TcpProxy, to: RunningServer, camera: Camera): Promise<void> {
  proxy.target = to.port
  proxy.cut()
  await page.getByTestId('notice').getByRole('button').waitFor()
  await untilLive(page)
  await camera.take(page, 'trade-another-market')
  await page.getByTestId('notice').getByRole('button').click()
  await camera.take(page, 'trade-auction')
}
