// When cancels are due, also in a market that stands still or waits for its gateway, and when the wall clock is set.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Command } from '@papertape/protocol'
import { buyAtMarket, openTestAccount, openTestVenue, type TestVenueSettings } from '../testing/test-venue.ts'

const TIMEOUT_MS = 3_000

function open(settings: TestVenueSettings = {}) {
  const market = openTestVenue(settings)
  market.runUntilReady()
  market.send(openTestAccount)
  market.send({ ...buyAtMarket('a'), orderType: 'limit', price: 1, timeInForce: 'GTC' } as Command)
  const after = (timeoutMs: number) => market.send({ type: 'order.cancelAllAfter', accountId: 'ann', timeoutMs })
  const isCanceled = () =>
    market.batches().some(({ privateEvents }) => privateEvents.some(({ data }) => /"cancel-all-after"/.test(data)))
  return { ...market, after, isCanceled }
}

describe('cancels that are due', () => {
  for (const [what, pace] of [
    ['runs', '1x'],
    ['stands still', '0x'],
  ] as const) {
    test(`are made within 100 ms in a market that ${what}`, () => {
      const market = open()
      market.setPace(pace)
      market.after(TIMEOUT_MS)
      market.pass(TIMEOUT_MS - 1)
      assert.ok(!market.isCanceled())
      market.pass(100)
      assert.ok(market.isCanceled())
    })
  }

  test('wait while cancelAllAfter is sent again', () => {
    const market = open()
    for (let n = 0; n < 5; n++) {
      market.after(TIMEOUT_MS)
      market.pass(TIMEOUT_MS - 100)
    }
    assert.ok(!market.isCanceled())
    market.after(0)
    market.pass(2 * TIMEOUT_MS)
    assert.ok(!market.isCanceled())
  })

  test('are made when the wall clock has jumped over their time, and not before it when it was set back', () => {
    const forward = open()
    forward.after(60_000)
    forward.clock.setWall(60_000)
    forward.pass(1_100)
    assert.ok(forward.isCanceled())
    const back = open()
    back.after(TIMEOUT_MS)
    back.clock.setWall(-60_000)
    back.pass(TIMEOUT_MS + 1_100)
    assert.ok(!back.isCanceled())
    back.pass(60_000)
    assert.ok(back.isCanceled())
  })
})
