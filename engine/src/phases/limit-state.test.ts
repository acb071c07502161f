// Price bands: their prices, that nothing trades outside of them, the limit state, the pause and the auction that ends
// it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEvent } from '@papertape/protocol'
import { LULD_BANDS } from '../model/rules.ts'
import { kinds, TestExchange } from '../testing/test-exchange.ts'

const banded = () => new TestExchange({ bands: LULD_BANDS })
const statuses = (events: readonly FeedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [data] : []))

describe('an order beyond the band', () => {
  test('rests at the band, and its owner is sent the reason', () => {
    const market = banded()
    assert.deepEqual(market.exchange.bands('ACME'), { low: 95, high: 105 })
    market.bid(9_000, 1)
    const placed = market.place({ price: 106, size: 10 })
    assert.partialDeepStrictEqual(placed, { price: 105, reason: { code: 'price-out-of-band' } })
    assert.deepEqual(placed.reason?.limit, { name: 'bandHigh', value: 105 })
    assert.equal(market.exchange.bestBid(0), 10_500)
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 1_050)
  })

  test('trades up to the band; the rest of an order that may not rest is canceled with the reason', () => {
    const market = banded()
    market.offer(10_400, 3)
    market.offer(10_501, 3)
    market.privateEvents()
    market.place({ price: 110, size: 6, timeInForce: 'IOC' })
    const sent = market.privateEvents()
    assert.deepEqual(
      kinds(sent),
      ['new', 'fill', 'canceled', 'position', 'balance'].map(kind => (kind === 'fill' ? 'partialFill' : kind)),
    )
    assert.partialDeepStrictEqual(sent[2], { cumSize: 3, reason: { code: 'price-out-of-band' } })
  })

  test('on its own side of the market keeps its price', () => {
    const market = banded()
    assert.equal(market.place({ price: 50, size: 1 }).price, 50)
  })
})

describe('the reference', () => {
  test('follows the mean of the trades in steps of one per cent, at most every 30 seconds', () => {
    const market = banded()
    market.pass(60_000)
    market.trade(10_050)
    assert.deepEqual(statuses(market.publicEvents()), [], 'half a per cent is less than a step')
    market.trade(10_400)
    assert.deepEqual(market.exchange.bands('ACME'), { low: 97.14, high: 107.36 }, 'the mean of 100.50 and 104.00')
    assert.deepEqual(statuses(market.publicEvents()).at(-1)?.bands, { low: 97.14, high: 107.36 })
    market.pass(29_999)
    market.trade(10_700)
    assert.deepEqual(market.exchange.bands('ACME'), { low: 97.14, high: 107.36 }, 'too soon')
    market.pass(1)
    market.trade(10_700)
    assert.deepEqual(market.exchange.bands('ACME'), { low: 99.4, high: 109.86 })
  })

  test('reprices orders that a moved band has passed', () => {
    const market = banded()
    market.place({ price: 104, size: 1, clientOrderId: 'high' })
    market.pass(60_000)
    const seller = { type: 'trade.print', symbol: 'ACME', size: 1, aggressor: 'sell', hidden: true } as const
    for (let i = 0; i < 3; i++) market.do({ ...seller, price: 96 })
    assert.deepEqual(market.exchange.bands('ACME'), { low: 91.2, high: 100.8 })
    const [slid] = market.privateEvents().filter(event => event.type === 'execution' && event.execType === 'replaced')
    assert.partialDeepStrictEqual(slid, { price: 100.8, reason: { code: 'price-out-of-band' }, aheadSize: 0 })
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 100.8)
  })
})

describe('a limit state', () => {
  test('ends when the quote leaves the band', () => {
    const market = banded()
    const ref = market.bid(10_500, 5)
    assert.equal(market.exchange.phase('ACME'), 'limitState')
    assert.partialDeepStrictEqual(statuses(market.publicEvents()).at(-1), {
      phase: 'limitState',
      reason: 'limit up',
      until: market.time + 15_000,
    })
    market.do({ type: 'desk.cancel', desk: 1, ref })
    assert.equal(market.exchange.phase('ACME'), 'continuous')
    market.pass(60_000)
    assert.equal(market.exchange.phase('ACME'), 'continuous')
  })

  test('keeps the reference', () => {
    const market = banded()
    market.pass(60_000)
    market.bid(10_500, 5)
    const seller = { type: 'desk.place', desk: 2, ref: 1, symbol: 'ACME', side: 'sell', priceTicks: 10_500 } as const
    market.do({ ...seller, sizeLots: 2, instruction: 'immediateOrCancel' })
    assert.equal(market.exchange.phase('ACME'), 'limitState')
    assert.deepEqual(market.exchange.bands('ACME'), { low: 95, high: 105 })
  })

  test('of 15 seconds pauses trading for 5 minutes; then an auction reopens it', () => {
    const market = banded()
    market.bid(10_500, 5)
    market.pass(14_999)
    assert.equal(market.exchange.phase('ACME'), 'limitState')
    market.pass(1)
    assert.equal(market.exchange.phase('ACME'), 'paused')
    market.restart()
    market.bid(10_800, 5)
    market.offer(10_700, 8)
    market.pass(299_999)
    assert.equal(market.exchange.phase('ACME'), 'paused')
    market.publicEvents()
    market.pass(1)
    const events = market.publicEvents()
    const [trade] = events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))
    assert.partialDeepStrictEqual(trade, { price: 107, size: 5, auction: true, aggressor: 'sell' })
    assert.equal(market.exchange.phase('ACME'), 'continuous')
    assert.deepEqual(market.exchange.bands('ACME'), { low: 101.65, high: 112.35 }, 'around the price of the auction')
  })

  test('extends the pause while the auction price would be too far away', () => {
    const market = banded()
    market.bid(10_500, 5)
    market.pass(15_000)
    // Within 5 % of 105.00 is up to 110.25, after one extension up to 115.50.
    market.bid(11_400, 5)
    market.offer(11_300, 5)
    market.publicEvents()
    market.pass(300_000)
    assert.partialDeepStrictEqual(statuses(market.publicEvents()).at(-1), {
      phase: 'paused',
      reason: 'reopening extended',
      until: market.time + 300_000,
    })
    market.pass(300_000)
    assert.equal(market.exchange.phase('ACME'), 'continuous')
    assert.equal(market.exchange.lastTicks(0), 11_300)
  })

  test('all of it, due while the clock stood still, is applied in order at once', () => {
    const market = banded()
    market.offer(9_500, 5)
    market.publicEvents()
    market.pass(3_600_000)
    const sent = statuses(market.publicEvents()).filter(
      ({ auction, bands }) => auction === undefined && bands === undefined,
    )
    const phases = sent.map(({ phase, reason }) => `${phase} ${reason}`)
    assert.deepEqual(phases, ['paused limit down', 'continuous null'])
    assert.deepEqual(market.exchange.bands('ACME'), { low: 90.25, high: 99.75 }, 'around the band that was reached')
  })
})
