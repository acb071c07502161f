// A person who trades with the keyboard alone: what is pressed for each thing that a trader does. Looks at the page to
// see where the focus is and what it says; presses no mouse button and sets no field.

import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { type TicketResult, untilResult, untilSendable } from './trading-day.ts'

/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300
/** More presses than there are stops or rows between two things. */
const PRESSES_MAX = 60

const TYPE_KEYS = { limit: 'l', market: 'm', stop: 't', stopLimit: 'y' } as const

export interface TypedOrder {
  readonly side: 'buy' | 'sell'
  readonly type: keyof typeof TYPE_KEYS
  readonly size: number
  readonly price?: number
  readonly stopPrice?: number
}

export interface KeyboardTrader {
  readonly page: Page
  press(...keys: readonly string[]): Promise<void>
  type(text: string): Promise<void>
  /** Replaces what is in the field that has the focus. */
  retype(text: string): Promise<void>
  /** Waits until an element with this text is there. */
  sees(testId: string, text: string | RegExp): Promise<void>
  /** The keys that send: two presses, and one that must not be the first of a double press. */
  arm(): Promise<void>
  /** Fills in the ticket; nothing is sent. */
  fillIn(order: TypedOrder): Promise<void>
  /**
   * Sends what is in the ticket, and waits for its result.
   * @param justBefore what happens to the network; a ticket that has noticed it would send nothing.
   */
  send(result: TicketResult, justBefore?: () => void): Promise<void>
  /** Sets how much of the order in the ticket the book shows, among its further instructions; empty shows all. */
  showAtMost(size: string): Promise<void>
  /** By F6. */
  goToPanel(title: string): Promise<void>
  /** By Tab, from where the focus is. */
  tabTo(testId: string): Promise<void>
  tabBackTo(testId: string): Promise<void>
  /** In the list that has the focus. By arrows: a letter chooses nothing in some versions of Chromium. */
  choose(value: string): Promise<void>
  openTab(name: 'open-orders' | 'history' | 'fills' | 'positions'): Promise<void>
  /** To the cell of a price in the ladder. */
  goToPrice(price: number): Promise<void>
}

export function createKeyboardTrader(page: Page): KeyboardTrader {
  const { keyboard } = page
  const focused = () =>
    page.evaluate(() => {
      const { textContent, dataset, tagName } = document.activeElement as HTMLElement
      return { text: textContent ?? '', testId: dataset.testid ?? '', tag: tagName }
    })
  const until = async (key: string, isThere: () => Promise<boolean>, what: string) => {
    for (let presses = 0; presses < PRESSES_MAX; presses++) {
      if (await isThere()) return
      await keyboard.press(key)
    }
    assert.fail(`${key} never came to ${what}`)
  }
  const trader: KeyboardTrader = {
    page,
    async press(...keys) {
      for (const key of keys) await keyboard.press(key)
    },
    type: text => trader.press(...text),
    async retype(text) {
      await keyboard.press('Control+a')
      await trader.type(text)
    },
    sees: (testId, text) => page.getByTestId(testId).filter({ hasText: text }).first().waitFor({ state: 'attached' }),
    async arm() {
      await keyboard.press('a')
      await page.getByRole('alert').filter({ hasText: 'Press A again' }).waitFor()
      await keyboard.press('a')
      await page.getByTestId('armed').and(page.locator('[aria-checked=true]')).waitFor()
    },
    async fillIn({ side, type, size, price, stopPrice }) {
      await trader.press('Escape', side === 'buy' ? 'b' : 's', TYPE_KEYS[type], 'q')
      await trader.retype(String(size))
      if (stopPrice !== undefined) {
        // The key goes to the price, where there is one; the stop price is the next field.
        await trader.press('Escape', 'p')
        if (price !== undefined) await keyboard.press('Tab')
        await trader.retype(stopPrice.toFixed(2))
      }
      await keyboard.press('Escape')
      if (price === undefined) return
      await keyboard.press('p')
      await trader.retype(price.toFixed(2))
      await keyboard.press('Escape')
    },
    async send(result, justBefore) {
      await page.waitForTimeout(DOUBLE_PRESS_MS)
      await untilSendable(page)
      justBefore?.()
      await trader.press('Escape', '.')
      await untilResult(page, result)
    },
    async showAtMost(size) {
      await trader.press('Escape', 'p')
      await until('Tab', async () => (await focused()).tag === 'SUMMARY', 'More')
      if ((await page.getByTestId('ticket-more').getAttribute('open')) === null) await keyboard.press('Enter')
      // Its fields are loaded when it is opened first.
      await page.getByTestId('ticket-display-size').waitFor()
      await trader.tabTo('ticket-display-size')
      await trader.press('Control+a', 'Delete')
      await trader.type(size)
    },
    choose: value =>
      until(
        'ArrowDown',
        () => page.evaluate(of => (document.activeElement as HTMLSelectElement).value === of, value),
        value,
      ),
    goToPanel: title => until('F6', async () => (await focused()).text === title, title),
    tabTo: testId => until('Tab', async () => (await focused()).testId === testId, testId),
    tabBackTo: testId => until('Shift+Tab', async () => (await focused()).testId === testId, testId),
    async openTab(name) {
      await trader.goToPanel('Account')
      await until('Tab', async () => (await focused()).testId.startsWith('tab-'), 'the tabs')
      await until('ArrowRight', async () => (await focused()).testId === `tab-${name}`, name)
    },
    async goToPrice(price) {
      const row = '[data-testid=ladder] [data-price]'
      const at = () => page.evaluate(of => Number(document.activeElement?.closest<HTMLElement>(of)?.dataset.price), row)
      await trader.goToPanel('Ladder')
      await until('Tab', async () => !Number.isNaN(await at()), 'the ladder')
      await until('PageDown', async () => (await at()) <= price, `${price}`)
      await until('ArrowUp', async () => (await at()) >= price, `${price}`)
      assert.equal((await at()).toFixed(2), price.toFixed(2))
    },
  }
  return trader
}
