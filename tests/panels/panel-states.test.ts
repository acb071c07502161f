// Every panel of the Trade screen in every state: loading, empty, live, stale, refused, unknown, halted. The states are
// made by the market of the demo, in Chromium; expected-panels.ts says what a reader sees in each.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { RemoteMarket } from '@papertape/mocks'
import type { Browser, Locator, Page } from 'playwright-core'
import { type ServedDemo, serveDemo } from '../demo/served-demo.ts'
import { axeFindings } from '../support/axe.ts'
import { launchBrowser, openPage, untilLive, type WatchedPage } from '../support/page.ts'
import { type ExpectedPanel, type ExpectedPanels, PANEL_STATES, PANELS, type PanelKey } from './expected-panels.ts'

const SEEN_WITHIN_MS = 15_000
/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300
/** What a browser writes about requests that fail. */
const NETWORK_ERROR = /Failed to load resource: net::ERR_FAILED/

declare global {
  interface Window {
    /** As web/demo/start-demo.ts has it. */
    papertape?: RemoteMarket
    /** Of this test: sockets open again. */
    letSocketsIn?: () => void
  }
}

interface SeenPanel {
  /** Its text, and the texts of its charts. */
  readonly text: string
  readonly isStale: boolean | undefined
}

async function readPanel(page: Page, key: PanelKey): Promise<SeenPanel> {
  const panel: { region?: string; button?: string; tab?: string; testId?: string } = PANELS[key]
  if (panel.button !== undefined)
    await page.getByTestId('upper-panels').getByRole('button', { name: panel.button }).click()
  if (panel.tab !== undefined) await page.getByTestId(`tab-${panel.tab}`).click()
  const found: Locator =
    panel.testId === undefined
      ? page.getByRole('region', { name: panel.region!, exact: true })
      : page.getByTestId(panel.testId)
  // At once: a banner may go at any time.
  const [seen] = await found.evaluateAll(elements =>
    (elements as HTMLElement[]).map(element => {
      const charts = [...element.querySelectorAll('canvas')].map(canvas => canvas.getAttribute('aria-label'))
      const { stale } = element.dataset
      return {
        text: [element.innerText, ...charts].join(' ').replaceAll(/\s+/g, ' ').trim(),
        isStale: stale === undefined ? undefined : stale === 'true',
      }
    }),
  )
  return seen ?? { text: '', isStale: undefined }
}

function fits({ text, isStale }: SeenPanel, expected: ExpectedPanel): boolean {
  return expected.shows.test(text) && expected.hides?.test(text) !== true && isStale === expected.isStale
}

/** High enough for the ladder's rows and its depth chart. */
const SCREEN = { height: 1_200 }

/** @param expected each is seen within the limit. */
async function checkPanels(page: Page, state: string, expected: ExpectedPanels): Promise<void> {
  for (const [key, one] of Object.entries(expected) as [PanelKey, ExpectedPanel | string][]) {
    if (typeof one === 'string') continue
    const limitMs = Date.now() + SEEN_WITHIN_MS
    let seen = await readPanel(page, key)
    while (!fits(seen, one) && Date.now() < limitMs) {
      await page.waitForTimeout(50)
      seen = await readPanel(page, key)
    }
    assert.ok(fits(seen, one), `${state}, ${key}: ${JSON.stringify(seen)} is not ${one.shows}, without ${one.hides}`)
  }
}

describe('the panels', () => {
  let demo: ServedDemo
  let browser: Browser
  let watched: WatchedPage
  let page: Page
  before(async () => {
    demo = await serveDemo('/panels')
    browser = await launchBrowser()
    watched = await openPage(browser, demo.url, SCREEN)
    page = watched.page
    await untilLive(page)
  })
  after(async () => {
    await browser?.close()
    demo?.dispose()
  })

  const checkState = async (
    state: keyof typeof PANEL_STATES,
    { page: shown, complaints } = watched,
    about?: RegExp,
  ) => {
    await checkPanels(shown, state, PANEL_STATES[state])
    assert.deepEqual(await axeFindings(shown), [], state)
    assert.deepEqual(
      complaints().filter(text => about?.test(text) !== true),
      [],
    )
  }
  const send = async (size: string, price: string) => {
    await page.getByTestId('ticket-size').fill(size)
    await page.getByTestId('ticket-price').fill(price)
    await page.getByTestId('ticket-submit').click()
  }
  const sayInRoom = async (text: string) => {
    await page.getByTestId('upper-panels').getByRole('button', { name: 'Rooms' }).click()
    await page.getByTestId('room-field').fill(text)
    await page.getByTestId('room-field').press('Enter')
  }
  /** Nothing to press: the page tries at this moment, or has already succeeded. */
  const retryNow = () =>
    page.evaluate(() => document.querySelector<HTMLButtonElement>('[data-testid=banner] button')?.click())
  const untilResult = (state: string) => page.locator(`[data-testid=ticket-result][data-state=${state}]`).waitFor()

  it('say that they load while nothing has come', async () => {
    const second = await openPage(browser, demo.url, { context: page.context() })
    await second.page.getByTestId('notice').getByText('open in another tab').waitFor()
    await checkState('loading', second)
    await second.page.close()
  })

  it('say that they are empty for a new account', async () => {
    await page.locator('#filter').fill('zzz')
    await page.getByTestId('ticket-size').fill('')
    await page.getByTestId('upper-panels').getByRole('button', { name: 'Rooms' }).click()
    await page.getByTestId('room-of-VELTR').click()
    await checkState('empty')
    await page.locator('#filter').fill('')
  })

  it('show a market that is live, and an account with an order, a fill and a position', async () => {
    await page.getByTestId('ticket-type').selectOption('market')
    await page.getByTestId('ticket-size').fill('10')
    await page.getByTestId('ticket-submit').click()
    await untilResult('filled')
    await page.getByTestId('ticket-type').selectOption('limit')
    await page.waitForTimeout(DOUBLE_PRESS_MS)
    await send('10', '100')
    await untilResult('working')
    await page.evaluate(
      () => void window.papertape!.news('Veltrane is for sale', { symbols: ['VELTR'], severity: 'alert' }),
    )
    await sayInRoom('hello')
    await page.getByTestId('room-message').waitFor()
    await checkState('live')
  })

  it('say why an order and a change of one are refused', async () => {
    await page.evaluate(() => void window.papertape!.next({ symbol: 'VELTR' }).reject('insufficient-cash'))
    await page.getByTestId('ticket-submit').click()
    await untilResult('refused')
    // More than a room takes at once.
    for (let number = 0; number < 8; number++) await sayInRoom(`hello ${number}`)
    await checkState('refused')
    // More than the account can pay.
    await page.getByTestId('tab-open-orders').click()
    await page.getByTestId('order-edit').click()
    await page.getByTestId('edit-size').fill('50000')
    await page.getByTestId('edit-save').click()
    await checkState('changeRefused')
  })

  it('say that an order has no answer, and find out by themselves', async () => {
    await page.evaluate(() => {
      const market = window.papertape!
      const { accept } = market
      market.next({ price: 101 }).loseAck()
      // Otherwise it finds out before one can look.
      market.accept = socket => {
        socket.refuse()
        return { receive: () => {}, closed: () => {} }
      }
      window.letSocketsIn = () => {
        market.accept = accept
      }
    })
    await send('20', '101')
    await untilResult('unknown')
    await checkState('unknown')
    await page.evaluate(() => window.letSocketsIn!())
    await retryNow()
    await checkState('known')
  })

  it('say that an instrument is halted, and the whole market, until it trades again', async () => {
    await page.evaluate(() => window.papertape!.halt('VELTR', 'news pending'))
    await checkState('halted')
    await page.evaluate(() => window.papertape!.halt())
    await checkState('marketHalted')
    await page.evaluate(() => window.papertape!.resume())
    await checkState('resumed')
  })

  it('say at which time the screen was frozen', async () => {
    await page.keyboard.press('f')
    await checkState('frozen')
    await page.keyboard.press('f')
    await checkState('resumed')
  })

  it('are marked as not live while the network is gone, and live when it is back', async () => {
    await page.evaluate(() => window.papertape!.goOffline())
    await checkState('stale', watched, NETWORK_ERROR)
    await page.evaluate(() => window.papertape!.goOnline())
    await retryNow()
    await untilLive(page)
    await checkState('resumed', watched, NETWORK_ERROR)
  })
})
