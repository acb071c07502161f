// Brings the Trade screen of a server from state to state, as a person with a mouse or a finger would. Checks nothing:
// used where each state is looked at, by axe (tests/accessibility) and for the pictures (tests/screens).

import type { Page } from 'playwright-core'
import { operate } from '../support/market.ts'
import type { RunningServer } from '../support/server.ts'

export interface TradeScreen {
  readonly page: Page
  readonly server: RunningServer
  readonly symbol: string
  /** It shows one group of panels at a time. */
  readonly isPhone: boolean
  /** Of a buy order that waits in the book. */
  readonly restingPrice: string
}

export interface TradeState {
  enter(screen: TradeScreen): Promise<void>
  /** Where the next state does not begin from it. */
  leave?(screen: TradeScreen): Promise<void>
}

/** Selects what a phone shows; everything else shows all of it. */
export async function view({ page, isPhone }: TradeScreen, name: string): Promise<void> {
  if (isPhone) await page.getByRole('button', { name, exact: true }).click()
}

async function submit({ page }: TradeScreen, result: string): Promise<void> {
  await page.getByTestId('ticket-submit').click()
  await page.locator(`[data-testid=ticket-result][data-state=${result}]`).waitFor()
}

/** Of the panels of one place; a phone has a view for the rooms. */
async function upperPanel(screen: TradeScreen, name: 'Ladder' | 'News' | 'Rooms'): Promise<void> {
  if (screen.isPhone) await view(screen, { Ladder: 'Book', News: 'Chart', Rooms: 'Rooms' }[name])
  else await screen.page.getByTestId('upper-panels').getByRole('button', { name }).click()
}

const tab = (name: string): TradeState => ({ enter: ({ page }) => page.getByTestId(`tab-${name}`).click() })

/** In this order; each begins from the one before. */
export const TRADE_STATES = {
  wrongSize: {
    async enter(screen) {
      await view(screen, 'Order')
      await screen.page.getByTestId('ticket-size').fill('1,5')
    },
  },
  refused: {
    async enter(screen) {
      await screen.page.getByTestId('ticket-size').fill('100000')
      await screen.page.getByTestId('ticket-price').fill(screen.restingPrice)
      await submit(screen, 'refused')
    },
  },
  working: {
    async enter(screen) {
      await screen.page.getByTestId('ticket-size').fill('100')
      await submit(screen, 'working')
    },
  },
  filled: {
    async enter(screen) {
      await screen.page.getByTestId('ticket-type').selectOption('market')
      await submit(screen, 'filled')
    },
    leave: screen => view(screen, 'Account'),
  },
  openOrders: tab('open-orders'),
  editing: {
    async enter({ page }) {
      await page.getByTestId('order-edit').click()
      await page.getByTestId('edit-price').fill('abc')
      await page.getByTestId('edit-problems').waitFor()
    },
    leave: ({ page }) => page.getByTestId('edit-price').press('Escape'),
  },
  fills: tab('fills'),
  positions: tab('positions'),
  history: tab('history'),
  orderLife: { enter: ({ page }) => page.getByTestId('order-life').first().click() },
  ledger: {
    async enter({ page }) {
      await page.getByTestId('tab-ledger').click()
      await page.getByTestId('ledger-entry').first().waitFor()
    },
  },
  deposit: {
    async enter({ page }) {
      await page.getByTestId('deposit').click()
      await page.getByTestId('deposit-amount').fill('1,5')
      await page.getByTestId('deposit-amount').press('Enter')
      await page.getByTestId('deposit-problem').filter({ hasText: 'point' }).waitFor()
    },
    leave: ({ page }) => page.getByTestId('deposit-amount').press('Escape'),
  },
  alerts: {
    async enter({ page, restingPrice }) {
      await page.getByTestId('tab-alerts').click()
      await page.getByLabel('Price of the alert').fill((Number(restingPrice) + 0.4).toFixed(2))
      await page.getByRole('button', { name: 'Set alert', exact: true }).click()
      await page.locator('[data-testid^=alert-][data-status=active]').waitFor()
    },
  },
  accounts: {
    async enter({ page }) {
      await page.getByTestId('account-menu').click()
      await page.getByTestId('account-name').waitFor()
    },
    leave: ({ page }) => page.keyboard.press('Escape'),
  },
  news: {
    async enter(screen) {
      await upperPanel(screen, 'News')
      // On a phone it is beneath the tape.
      await screen.page.getByTestId('news').scrollIntoViewIfNeeded()
    },
  },
  roomList: {
    async enter(screen) {
      await upperPanel(screen, 'Rooms')
      await screen.page.getByTestId(`room-of-${screen.symbol}`).waitFor()
    },
  },
  room: {
    async enter({ page, symbol }) {
      await page.getByTestId(`room-of-${symbol}`).click()
      await page.getByTestId('room-field').fill('Who sold that?')
      await page.getByTestId('room-field').press('Enter')
      await page.getByTestId('room-message').last().waitFor()
      await page.getByTestId('room-count').click()
    },
    leave: screen => upperPanel(screen, 'Ladder'),
  },
  frozen: {
    async enter(screen) {
      await view(screen, 'Order')
      await screen.page.getByRole('button', { name: 'Freeze' }).click()
      await screen.page.getByTestId('banner').waitFor()
    },
    leave: ({ page }) => page.getByRole('button', { name: /^Frozen/ }).click(),
  },
  halted: {
    async enter({ page, server, symbol }) {
      await operate(server, { halt: { symbol, halted: true } })
      await page.getByTestId('ticket-reasons').filter({ hasText: 'halted' }).waitFor()
    },
    async leave({ page, server, symbol }) {
      await operate(server, { halt: { symbol, halted: false } })
      await page.getByTestId('ticket-reasons').filter({ hasNotText: 'halted' }).waitFor({ state: 'attached' })
    },
  },
  frames: {
    async enter(screen) {
      await view(screen, 'Book')
      await screen.page.getByTestId('transport-badge-depth').first().click()
      await screen.page.getByTestId('frames-list').locator('tr').first().click()
      await screen.page.getByTestId('frame-text').waitFor()
    },
    leave: ({ page }) => page.keyboard.press('Escape'),
  },
  keys: {
    async enter({ page }) {
      await page.getByRole('button', { name: 'Keys and settings' }).click()
      await page.getByTestId('keys').waitFor()
    },
    leave: ({ page }) => page.keyboard.press('Escape'),
  },
} as const satisfies Record<string, TradeState>
export type TradeStateName = keyof typeof TRADE_STATES
