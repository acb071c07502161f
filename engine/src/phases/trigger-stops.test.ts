// Stop orders: when they trigger, in which order, what they cost at most, and that a cascade ends.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { assertRejected, kinds, TestExchange } from '../testing/test-exchange.ts'

const stop = { orderType: 'stop', timeInForce: 'GTC' } as const

describe('a stop', () => {
  test('waits, reserves cash up to its collar, and is triggered by a trade at its price', () => {
    const market = new TestExchange()
    const placed = market.place({ ...stop, stopPrice: 101, size: 10 })
    assert.partialDeepStrictEqual(placed, { execType: 'new', aheadSize: null, stopPrice: 101, leavesSize: 10 })
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 10 * 106.05)
    market.trade(10_099)
    market.offer(10_102, 6)
    market.privateEvents()
    market.trade(10_100)
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['triggered', 'partialFill', 'canceled', 'position', 'balance'])
    assert.partialDeepStrictEqual(sent[1], { lastPrice: 101.02, lastSize: 6, liquidity: 'taker' })
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 100_000 - 606.12, buyingPower: 100_000 - 606.12 })
  })

  test('to sell triggers from above; a stop-limit rests at its limit and its owner is sent its position', () => {
    const market = new TestExchange()
    market.stock(10)
    market.offer(9_950, 3)
    market.place({ orderType: 'stopLimit', side: 'sell', price: 99.5, stopPrice: 99, clientOrderId: 's' })
    market.trade(9_901)
    market.privateEvents()
    market.trade(9_899)
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['triggered', 'queue'])
    assert.partialDeepStrictEqual(sent[1], { clientOrderId: 's', aheadSize: 3 })
    assert.equal(market.exchange.account('ann')?.orders[0]?.triggered, true)
  })

  test('that the market has already passed triggers at once', () => {
    const market = new TestExchange()
    market.trade(10_200)
    market.offer(10_210, 10)
    market.privateEvents()
    const placed = market.place({ ...stop, stopPrice: 102, size: 10 })
    assert.equal(placed.execType, 'new')
    assert.deepEqual(kinds(market.privateEvents()), ['new', 'triggered', 'fill', 'position', 'balance'])
  })

  test('without liquidity is canceled with that reason', () => {
    const market = new TestExchange()
    market.place({ ...stop, stopPrice: 101 })
    market.privateEvents()
    market.trade(10_100)
    assert.partialDeepStrictEqual(market.privateEvents()[1], { execType: 'canceled', reason: { code: 'no-liquidity' } })
  })

  test('trades no farther than its reserved cash', () => {
    const market = new TestExchange()
    market.place({ ...stop, stopPrice: 101, size: 10 })
    market.offer(10_605, 4)
    market.offer(10_606, 6)
    market.privateEvents()
    market.trade(10_100)
    // The best offer was 101.00, whose collar ends at 106.05.
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['triggered', 'partialFill', 'canceled', 'position', 'balance'])
    assert.partialDeepStrictEqual(sent[2], { reason: { code: 'beyond-collar' }, cumSize: 4 })
  })

  test('can be replaced and canceled while it waits, and keeps its turn unless its stop price changes', () => {
    const market = new TestExchange()
    market.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'a' })
    market.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'b' })
    market.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'c' })
    assert.partialDeepStrictEqual(market.replace({ origClientOrderId: 'a', clientOrderId: 'a2', size: 2 }), { size: 2 })
    assertRejected(
      market.replace({ origClientOrderId: 'a2', clientOrderId: 'a3', price: 5 }),
      'price-not-allowed',
      /stop order/,
    )
    market.replace({ origClientOrderId: 'b', clientOrderId: 'b2', stopPrice: 100.5 })
    market.replace({ origClientOrderId: 'b2', clientOrderId: 'b3', stopPrice: 101 })
    assert.partialDeepStrictEqual(market.cancel('c'), { execType: 'canceled' })
    market.restart()
    market.trade(10_100)
    const triggered = market
      .privateEvents()
      .filter(event => event.type === 'execution' && event.execType === 'triggered')
    assert.deepEqual(
      triggered.map(event => (event as Execution).clientOrderId),
      ['a2', 'b3'],
    )
  })

  test('counts as an open order and waits through a halt', () => {
    const market = new TestExchange({ openOrdersMax: 1 })
    market.place({ ...stop, stopPrice: 101, size: 1 })
    assertRejected(market.place({ size: 1 }), 'too-many-orders', /1 open orders/)
    market.phase('halted')
    market.privateEvents()
    market.phase('continuous')
    assert.deepEqual(market.privateEvents(), [])
  })
})

describe('several stops', () => {
  test('enter nearest to the market first, then oldest, after the command that triggered them', () => {
    const market = new TestExchange()
    market.place({ ...stop, stopPrice: 102, size: 1, clientOrderId: 'far' })
    market.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'near' })
    market.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'younger' })
    market.offer(10_150, 1)
    market.offer(10_200, 9)
    market.privateEvents()
    market.place({ clientOrderId: 'taker', size: 3, price: 102 })
    const sent = market.privateEvents() as Execution[]
    assert.deepEqual(
      sent.filter(event => event.type === 'execution').map(event => `${event.clientOrderId} ${event.execType}`),
      [
        'taker new',
        'taker partialFill',
        'taker fill',
        'near triggered',
        'younger triggered',
        'far triggered',
        'near fill',
        'younger fill',
        'far fill',
      ],
    )
  })

  test('a cascade of 10,000 ends, and each triggers once', t => {
    const market = new TestExchange()
    for (let account = 0; account < 50; account++) market.open(`a${account}`, 10_000_000)
    // Each stop's own trade is at the stop price of the next.
    for (let i = 0; i < 10_000; i++) {
      const accountId = `a${i % 50}`
      market.place({ ...stop, accountId, clientOrderId: `s${i}`, stopPrice: (10_001 + i) / 100, size: 1 })
      market.offer(10_002 + i, 1)
    }
    market.publicEvents()
    const start = process.hrtime.bigint()
    market.trade(10_001)
    t.diagnostic(`${Number(process.hrtime.bigint() - start) / 1e6} ms`)
    const sent = market.envelopes().map(({ event }) => event)
    assert.equal(kinds(sent).filter(kind => kind === 'triggered').length, 10_000)
    assert.equal(kinds(sent).filter(kind => kind === 'fill').length, 10_000)
    assert.equal(market.exchange.lastTicks(0), 20_001)
    const books = market.exchange.takeEvents().filter(({ event }) => event === 'book')
    assert.equal(books.length, 2, 'one book event of the offer, one of the cascade')
  })
})
