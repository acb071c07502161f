// A person who trades with a finger: taps, drags, and the keys that a phone shows for a field. What is tapped is in
// view and large enough; nothing is clicked, focused or filled in past the finger.

import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { CDPSession, Locator, Page } from 'playwright-core'
import { type TicketResult, untilResult, untilSendable } from './trading-day.ts'

/** The least width and height of what a finger hits; half a pixel for a border between two. */
const TARGET_PX = 43.5
/** Steps of a drag: a finger that jumps is not dragged. */
const DRAG_STEPS = 8
/** A finger that rests before it is lifted throws nothing: the next tap would only stop what it threw. */
const REST_MS = 150
/** Drags of a screen before something must have come into view. */
const SCROLLS_MAX = 12
/** A second press within this time sends nothing, as web/orders/arming.ts has it. */
const DOUBLE_PRESS_MS = 300

interface TouchPoint {
  readonly x: number
  readonly y: number
}

export interface TouchTrader {
  readonly page: Page
  view(name: 'Markets' | 'Chart' | 'Book' | 'Order' | 'Account'): Promise<void>
  /** In its middle. */
  tap(target: Locator): Promise<void>
  drag(from: TouchPoint, to: TouchPoint): Promise<void>
  /** Taps a field, removes what is in it and types. */
  enter(testId: string, text: string): Promise<void>
  /** Taps a list; the choice itself is made in a window of the phone. */
  choose(testId: string, value: string): Promise<void>
  sees(testId: string, text: string | RegExp): Promise<void>
  /** Taps the button, and waits for the result. @param justBefore what happens to the network. */
  send(result: TicketResult, justBefore?: () => void): Promise<void>
  /** What a finger can hardly hit, of all that is shown. */
  smallTargets(): Promise<string[]>
}

export async function createTouchTrader(page: Page): Promise<TouchTrader> {
  const input = await page.context().newCDPSession(page)
  const byId = (testId: string) => page.getByTestId(testId)
  const trader: TouchTrader = {
    page,
    async view(name) {
      await trader.tap(page.getByRole('button', { name, exact: true }))
    },
    async tap(target) {
      const { x, y, width, height } = await inView(page, input, target)
      const text = `${await target.textContent()}: ${width} × ${height}`
      assert.ok(width >= TARGET_PX && height >= TARGET_PX, text)
      await page.touchscreen.tap(x + width / 2, y + height / 2)
    },
    drag: (from, to) => drag(input, from, to),
    async enter(testId, text) {
      const field = byId(testId)
      await trader.tap(field)
      await page.waitForFunction(id => (document.activeElement as HTMLElement).dataset.testid === id, testId)
      await page.keyboard.press('End')
      for (const _ of await field.inputValue()) await page.keyboard.press('Backspace')
      for (const key of text) await page.keyboard.press(key)
    },
    async choose(testId, value) {
      await inView(page, input, byId(testId))
      await byId(testId).selectOption(value)
    },
    sees: (testId, text) => byId(testId).filter({ hasText: text }).first().waitFor({ state: 'attached' }),
    async send(result, justBefore) {
      await page.waitForTimeout(DOUBLE_PRESS_MS)
      await untilSendable(page)
      justBefore?.()
      await trader.tap(byId('ticket-submit'))
      await untilResult(page, result)
    },
    smallTargets: () =>
      page.evaluate(least => {
        const targets = document.querySelectorAll<HTMLElement>(
          'button, a[href], select, summary, input:not([type=range])',
        )
        return (
          [...targets]
            .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden'))
            // The link that skips to the content is shown to the keyboard alone.
            .filter(one => one.getBoundingClientRect().bottom > 0)
            .map(one => {
              // A label and a row of the watchlist are hit in its whole.
              const { width, height } = (
                one.closest('label, tr[data-testid^=ticker-row]') ?? one
              ).getBoundingClientRect()
              return { text: `${one.textContent || one.id} ${width} × ${height}`, least: Math.min(width, height) }
            })
            .filter(one => one.least > 0 && one.least < least)
            .map(one => one.text)
        )
      }, TARGET_PX),
  }
  return trader
}

/** Scrolls by drags until it is in view and nothing lies over it. */
async function inView(page: Page, input: CDPSession, target: Locator) {
  await target.waitFor()
  const { width, height } = page.viewportSize()!
  for (let scrolls = 0; scrolls < SCROLLS_MAX; scrolls++) {
    const isOnTop = await target.evaluate(element => {
      const box = element.getBoundingClientRect()
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      return top !== null && (element.contains(top) || top.contains(element))
    })
    const box = (await target.boundingBox())!
    if (isOnTop) return box
    const up = box.y + box.height / 2 > height / 2
    const x = width - 40
    await drag(input, { x, y: height * (up ? 0.6 : 0.4) }, { x, y: height * (up ? 0.4 : 0.6) })
  }
  throw assert.fail(`never in view: ${await target.textContent()}`)
}

async function drag(input: CDPSession, from: TouchPoint, to: TouchPoint): Promise<void> {
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: TouchPoint[]) =>
    input.send('Input.dispatchTouchEvent', { type, touchPoints })
  await touch('touchStart', [from])
  for (let step = 1; step <= DRAG_STEPS; step++) {
    const along = (start: number, end: number) => start + ((end - start) * step) / DRAG_STEPS
    await touch('touchMove', [{ x: along(from.x, to.x), y: along(from.y, to.y) }])
  }
  await setTimeout(REST_MS)
  await touch('touchMove', [to])
  await touch('touchEnd', [])
}
