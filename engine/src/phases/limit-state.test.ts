// Price bands in the manner of Limit Up-Limit Down: where they lie, that nothing trades outside, the limit state, the pause
// and the auction that ends it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEvent } from '@papertape/protocol'
import { LULD_BANDS } from '../model/rules.ts'
import { kinds, Pit } from '../testing/test-exchange.ts'

const banded = () => new Pit({ bands: LULD_BANDS })
const statuses = (events: readonly FeedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [data] : []))

describe('an order beyond the band', () => {
  test('rests at the band, and its owner is told which', () => {
    const pit = banded()
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 95, high: 105 })
    pit.bid(9_000, 1)
    const placed = pit.place({ price: 106, size: 10 })
    assert.partialDeepStrictEqual(placed, { price: 105, reason: { code: 'price-out-of-band' } })
    assert.deepEqual(placed.reason?.limit, { name: 'bandHigh', value: 105 })
    assert.equal(pit.exchange.bestBid(0), 10_500)
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 1_050)
  })

  test('trades up to the band; what may not rest ends there with the reason', () => {
    const pit = banded()
    pit.offer(10_400, 3)
    pit.offer(10_501, 3)
    pit.told()
    pit.place({ price: 110, size: 6, timeInForce: 'IOC' })
    const told = pit.told()
    assert.deepEqual(
      kinds(told),
      ['new', 'fill', 'canceled', 'position', 'balance'].map(kind => (kind === 'fill' ? 'partialFill' : kind)),
    )
    assert.partialDeepStrictEqual(told[2], { cumSize: 3, reason: { code: 'price-out-of-band' } })
  })

  test('that waits on its own side of the market is left alone', () => {
    const pit = banded()
    assert.equal(pit.place({ price: 50, size: 1 }).price, 50)
  })
})

describe('the reference', () => {
  test('follows the mean of the trades in steps of a per cent, at most every 30 seconds', () => {
    const pit = banded()
    pit.pass(60_000)
    pit.trade(10_050)
    assert.deepEqual(statuses(pit.hear()), [], 'half a per cent is no step')
    pit.trade(10_400)
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 97.14, high: 107.36 }, 'the mean of 100.50 and 104.00')
    assert.deepEqual(statuses(pit.hear()).at(-1)?.bands, { low: 97.14, high: 107.36 })
    pit.pass(29_999)
    pit.trade(10_700)
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 97.14, high: 107.36 }, 'too soon')
    pit.pass(1)
    pit.trade(10_700)
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 99.4, high: 109.86 })
  })

  test('takes orders along that a moved band has passed', () => {
    const pit = banded()
    pit.place({ price: 104, size: 1, clientOrderId: 'high' })
    pit.pass(60_000)
    const seller = { type: 'trade.print', symbol: 'ACME', size: 1, aggressor: 'sell', hidden: true } as const
    for (let i = 0; i < 3; i++) pit.do({ ...seller, price: 96 })
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 91.2, high: 100.8 })
    const [slid] = pit.told().filter(event => event.type === 'execution' && event.execType === 'replaced')
    assert.partialDeepStrictEqual(slid, { price: 100.8, reason: { code: 'price-out-of-band' }, aheadSize: 0 })
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 100.8)
  })
})

describe('a limit state', () => {
  test('ends when the quote leaves the band', () => {
    const pit = banded()
    const ref = pit.bid(10_500, 5)
    assert.equal(pit.exchange.phase('ACME'), 'limitState')
    assert.partialDeepStrictEqual(statuses(pit.hear()).at(-1), {
      phase: 'limitState',
      reason: 'limit up',
      until: pit.time + 15_000,
    })
    pit.do({ type: 'desk.cancel', desk: 1, ref })
    assert.equal(pit.exchange.phase('ACME'), 'continuous')
    pit.pass(60_000)
    assert.equal(pit.exchange.phase('ACME'), 'continuous')
  })

  test('keeps the reference where it is', () => {
    const pit = banded()
    pit.pass(60_000)
    pit.bid(10_500, 5)
    const seller = { type: 'desk.place', desk: 2, ref: 1, symbol: 'ACME', side: 'sell', priceTicks: 10_500 } as const
    pit.do({ ...seller, sizeLots: 2, instruction: 'immediateOrCancel' })
    assert.equal(pit.exchange.phase('ACME'), 'limitState')
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 95, high: 105 })
  })

  test('of 15 seconds pauses trading for 5 minutes; then an auction reopens it', () => {
    const pit = banded()
    pit.bid(10_500, 5)
    pit.pass(14_999)
    assert.equal(pit.exchange.phase('ACME'), 'limitState')
    pit.pass(1)
    assert.equal(pit.exchange.phase('ACME'), 'paused')
    pit.restart()
    pit.bid(10_800, 5)
    pit.offer(10_700, 8)
    pit.pass(299_999)
    assert.equal(pit.exchange.phase('ACME'), 'paused')
    pit.hear()
    pit.pass(1)
    const events = pit.hear()
    const [trade] = events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))
    assert.partialDeepStrictEqual(trade, { price: 107, size: 5, auction: true, aggressor: 'sell' })
    assert.equal(pit.exchange.phase('ACME'), 'continuous')
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 101.65, high: 112.35 }, 'around the price of the auction')
  })

  test('extends the pause while the auction would price too far away', () => {
    const pit = banded()
    pit.bid(10_500, 5)
    pit.pass(15_000)
    // Within 5 % of 105.00 is up to 110.25, after one extension up to 115.50.
    pit.bid(11_400, 5)
    pit.offer(11_300, 5)
    pit.hear()
    pit.pass(300_000)
    assert.partialDeepStrictEqual(statuses(pit.hear()).at(-1), {
      phase: 'paused',
      reason: 'reopening extended',
      until: pit.time + 300_000,
    })
    pit.pass(300_000)
    assert.equal(pit.exchange.phase('ACME'), 'continuous')
    assert.equal(pit.exchange.lastTicks(0), 11_300)
  })

  test('all of it, missed while the clock stood, comes in order at once', () => {
    const pit = banded()
    pit.offer(9_500, 5)
    pit.hear()
    pit.pass(3_600_000)
    const told = statuses(pit.hear()).filter(({ auction, bands }) => auction === undefined && bands === undefined)
    const phases = told.map(({ phase, reason }) => `${phase} ${reason}`)
    assert.deepEqual(phases, ['paused limit down', 'continuous null'])
    assert.deepEqual(pit.exchange.bands('ACME'), { low: 90.25, high: 99.75 }, 'around the band that was reached')
  })
})
