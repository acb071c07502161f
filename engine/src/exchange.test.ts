// The exchange from outside: orders from placing to end, desks, the clock. Rejects, phases and repeated commands are
// in the tests beside those files; exchange.property.test.ts checks sums.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { assertRejected, kinds, TestExchange } from './testing/test-exchange.ts'

describe('an order that rests', () => {
  test('is new, reserves cash, and is in book and quote', () => {
    const market = new TestExchange()
    market.bid(9_900, 7)
    market.publicEvents()
    const answer = market.place({ size: 10, price: 99 })
    assert.equal(answer.execType, 'new')
    assert.equal(answer.aheadSize, 7)
    assert.equal(answer.leavesSize, 10)
    const sent = market.privateEvents()
    assert.equal(sent[0], answer, 'the answer is the object of the private stream')
    assert.deepEqual(kinds(sent), ['new', 'balance'])
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 100_000, buyingPower: 99_010 })
    const events = market.exchange.takeEvents()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['book', 'quote'],
    )
    assert.deepEqual(events[0]?.event === 'book' && events[0].data.changes, [['bid', 99, 17]])
    assert.equal(market.orders('ann')[0]?.orderStatus, 'new')
  })

  test('fills partly as a maker, then completely, at its own price', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a', size: 10, price: 99 })
    market.privateEvents()
    market.offer(9_800, 4)
    const first = market.privateEvents()
    assert.deepEqual(kinds(first), ['partialFill', 'position', 'balance'])
    assert.partialDeepStrictEqual(first[0], {
      orderStatus: 'partiallyFilled',
      liquidity: 'maker',
      lastSize: 4,
      lastPrice: 99,
      cumSize: 4,
      leavesSize: 6,
      avgPrice: 99,
      tradeId: 1,
    })
    assert.partialDeepStrictEqual(first[1], { symbol: 'ACME', size: 4, avgCost: 99, realised: 0, unrealised: 0 })
    assert.partialDeepStrictEqual(first[2], { cash: 99_604, buyingPower: 99_010 })
    market.offer(9_900, 8)
    assert.deepEqual(kinds(market.privateEvents()), ['fill', 'position', 'balance'])
    assert.deepEqual(market.exchange.account('ann')?.orders, [])
    assert.equal(market.orders('ann')[0]?.orderStatus, 'filled')
    assert.equal(market.exchange.levelLots(0, 9_900), 2)
  })

  test('is canceled and frees its cash', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a' })
    market.privateEvents()
    const answer = market.cancel('a')
    assert.partialDeepStrictEqual(answer, { execType: 'canceled', orderStatus: 'canceled', leavesSize: 0 })
    assert.deepEqual(kinds(market.privateEvents()), ['canceled', 'balance'])
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 100_000, buyingPower: 100_000 })
    assertRejected(market.cancel('a'), 'already-done', /canceled/)
    assertRejected(market.cancel('z'), 'unknown-order', /no order z/)
    assert.deepEqual(market.privateEvents(), [], 'a rejected cancel is not in the stream')
  })

  test('cancelAll cancels those of a symbol and a side, one book event a symbol', () => {
    const market = new TestExchange()
    market.stock(5)
    for (const price of [97, 98, 98]) market.place({ price })
    market.place({ side: 'sell', size: 5, price: 120 })
    market.place({ symbol: 'BOLT', price: 99 })
    market.publicEvents()
    const one = market.do({ type: 'order.cancelAll', accountId: 'ann', symbol: 'ACME', side: 'buy' })
    assert.deepEqual(one, { type: 'canceled', count: 3 })
    assert.deepEqual(kinds(market.privateEvents()), ['canceled', 'canceled', 'canceled', 'balance'])
    const [book, quote, ...rest] = market.exchange.takeEvents()
    assert.deepEqual(book?.event === 'book' && book.data.changes, [
      ['bid', 97, 0],
      ['bid', 98, 0],
    ])
    assert.equal(quote?.event, 'quote')
    assert.deepEqual(rest, [])
    assert.deepEqual(market.do({ type: 'order.cancelAll', accountId: 'ann' }), { type: 'canceled', count: 2 })
    assert.deepEqual(
      market.publicEvents().map(event => event.event),
      ['book', 'quote', 'book', 'quote'],
    )
  })
})

describe('an order that trades at once', () => {
  test('gets the better price and frees the difference', () => {
    const market = new TestExchange()
    market.offer(9_950, 4)
    market.offer(9_980, 4)
    market.publicEvents()
    const answer = market.place({ size: 10, price: 100 })
    assert.equal(answer.execType, 'new')
    assert.equal(answer.leavesSize, 10)
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['new', 'partialFill', 'partialFill', 'position', 'balance'])
    assert.partialDeepStrictEqual(sent[2], { liquidity: 'taker', lastPrice: 99.8, cumSize: 8, avgPrice: 99.65 })
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 99_202.8, buyingPower: 99_002.8 })
    const events = market.exchange.takeEvents()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['trade', 'trade', 'book', 'quote'],
    )
    assert.partialDeepStrictEqual(events[0]?.data, { tradeId: 1, price: 99.5, size: 4, aggressor: 'buy' })
    assert.deepEqual(events[2]?.event === 'book' && events[2].data.changes, [
      ['ask', 99.5, 0],
      ['ask', 99.8, 0],
      ['bid', 100, 2],
    ])
    assert.deepEqual(
      events.map(({ data }) => data.seq),
      [4, 5, 6, 7],
    )
  })

  test('a market order, IOC or with GTC: the rest is canceled', () => {
    for (const order of [
      { orderType: 'market', timeInForce: 'IOC' },
      { orderType: 'market', timeInForce: 'GTC' },
      { orderType: 'limit', timeInForce: 'IOC', price: 100 },
    ] as const) {
      const market = new TestExchange()
      market.offer(10_000, 4)
      market.publicEvents()
      assert.equal(market.place({ size: 10, ...order }).aheadSize, null)
      const sent = market.privateEvents()
      assert.deepEqual(kinds(sent), ['new', 'partialFill', 'canceled', 'position', 'balance'])
      assert.partialDeepStrictEqual(sent[2], { orderStatus: 'canceled', cumSize: 4, leavesSize: 0, avgPrice: 100 })
      assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 99_600, buyingPower: 99_600 })
      assert.equal(market.exchange.bestBid(0), 0)
    }
  })

  test('a fill-or-kill order fills completely', () => {
    const market = new TestExchange()
    market.offer(10_000, 10)
    market.place({ timeInForce: 'FOK', price: 100 })
    assert.deepEqual(kinds(market.privateEvents().slice(1)), ['new', 'fill', 'position', 'balance'])
  })

  test('two accounts trade: both get executions, cash and shares change hands', () => {
    const market = new TestExchange()
    market.open('bob')
    market.stock(10)
    market.place({ side: 'sell', size: 10, price: 105 })
    market.privateEvents()
    market.place({ accountId: 'bob', size: 6, price: 106 })
    const envelopes = market.envelopes()
    assert.deepEqual(
      envelopes.map(({ accountId, event }) => `${accountId} ${kinds([event])}`),
      ['bob new', 'ann partialFill', 'bob fill', 'bob position', 'bob balance', 'ann position', 'ann balance'],
    )
    const ann = market.exchange.account('ann')
    assert.deepEqual(ann?.positions, [{ symbol: 'ACME', size: 4, avgCost: 100, realised: 30, unrealised: 20 }])
    assert.equal(ann?.balance.cash, 99_630)
    assert.equal(market.exchange.account('bob')?.balance.cash, 99_370)
    assert.equal(market.exchange.account('bob')?.balance.buyingPower, 99_370)
  })
})

describe('a replace', () => {
  test('to a smaller size at the same price keeps its place, to a larger one loses it', () => {
    const market = new TestExchange()
    market.bid(9_900, 7)
    market.place({ clientOrderId: 'a', size: 10 })
    market.bid(9_900, 5)
    market.publicEvents()
    const smaller = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 6 })
    assert.partialDeepStrictEqual(smaller, {
      execType: 'replaced',
      clientOrderId: 'b',
      origClientOrderId: 'a',
      size: 6,
      leavesSize: 6,
      aheadSize: 7,
    })
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 6 * 99)
    const larger = market.replace({ clientOrderId: 'c', origClientOrderId: 'b', size: 8 })
    assert.partialDeepStrictEqual(larger, { execType: 'replaced', clientOrderId: 'c', aheadSize: 12 })
    assert.equal((larger as Execution).orderId, (smaller as Execution).orderId)
    assert.equal(market.exchange.account('ann')?.balance.buyingPower, 100_000 - 8 * 99)
  })

  test('counts what is filled and adjusts the reserved cash to the price', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a', size: 10 })
    market.offer(9_900, 4)
    assertRejected(
      market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 4 }),
      'below-filled',
      /more than 4/,
    )
    const answer = market.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 9, price: 98 })
    assert.partialDeepStrictEqual(answer, { orderStatus: 'partiallyFilled', cumSize: 4, leavesSize: 5 })
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 99_604, buyingPower: 99_604 - 5 * 98 })
  })

  test('to a price that crosses fills at once', () => {
    const market = new TestExchange()
    market.offer(10_000, 20)
    market.place({ clientOrderId: 'a', size: 10 })
    market.publicEvents()
    market.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: 101 })
    assert.deepEqual(kinds(market.privateEvents()), ['replaced', 'fill', 'position', 'balance'])
    const events = market.exchange.takeEvents()
    assert.deepEqual(events[1]?.event === 'book' && events[1].data.changes, [
      ['bid', 99, 0],
      ['ask', 100, 10],
    ])
    assert.deepEqual(market.exchange.account('ann')?.balance, { cash: 99_000, buyingPower: 99_000 })
  })

  test('that is rejected changes nothing', () => {
    const market = new TestExchange()
    market.offer(10_000, 20)
    market.place({ clientOrderId: 'a', size: 10, postOnly: true })
    market.publicEvents()
    const hash = market.exchange.account('ann')
    const orig = { clientOrderId: 'b', origClientOrderId: 'a' }
    assertRejected(market.replace({ ...orig }), 'no-change', /size 10 and price 99/)
    assertRejected(market.replace({ ...orig, size: 10, price: 99 }), 'no-change', /another/)
    assertRejected(market.replace({ ...orig, price: 99.005 }), 'off-tick', /99, 99.01/)
    assertRejected(market.replace({ ...orig, price: 100 }), 'post-only-would-trade', /best price 100/)
    assertRejected(market.replace({ ...orig, size: 2_000 }), 'insufficient-cash', /198000.*100000/)
    assertRejected(market.replace({ ...orig, size: 1.5 }), 'bad-size', /whole number/)
    assertRejected(market.replace({ ...orig, origClientOrderId: 'z' }), 'unknown-order', /no order z/)
    assert.deepEqual(market.exchange.account('ann'), hash)
    assert.deepEqual(market.privateEvents(), [])
    assert.deepEqual(market.exchange.takeEvents(), [])
    assert.equal(
      (market.replace({ ...orig, size: 1_010 }) as Execution).execType,
      'replaced',
      'its own cash counts as free',
    )
  })
})

describe('desks', () => {
  test('need no cash, get lots as answer, and may reuse a ref when its order is gone', () => {
    const market = new TestExchange()
    const order = {
      type: 'desk.place',
      desk: 3,
      ref: 8,
      symbol: 'BOLT',
      side: 'sell',
      priceTicks: 50,
      sizeLots: 6,
    } as const
    assert.deepEqual(market.do({ ...order, instruction: 'rest' }), {
      type: 'desk',
      accepted: true,
      filledLots: 0,
      openLots: 6,
    })
    assert.partialDeepStrictEqual(market.do({ ...order, instruction: 'rest' }), { accepted: false })
    assert.equal(market.exchange.openLots(3, 8), 6)
    assert.deepEqual(
      market.do({ ...order, ref: 9, side: 'buy', priceTicks: 0, sizeLots: 9, instruction: 'immediateOrCancel' }),
      {
        type: 'desk',
        accepted: true,
        filledLots: 6,
        openLots: 0,
      },
    )
    assert.equal(market.exchange.openLots(3, 8), 0)
    assert.partialDeepStrictEqual(market.do({ ...order, instruction: 'postOnly' }), { accepted: true, openLots: 6 })
    assert.partialDeepStrictEqual(market.do({ type: 'desk.cancel', desk: 3, ref: 7 }), { accepted: false })
    assert.partialDeepStrictEqual(market.do({ ...order, ref: 7, priceTicks: 0, instruction: 'rest' }), {
      accepted: false,
    })
    assert.partialDeepStrictEqual(market.do({ ...order, ref: 7, symbol: 'NOPE', instruction: 'rest' }), {
      accepted: false,
    })
  })

  test('a reduced order keeps its place; the head is the first desk order', () => {
    const market = new TestExchange()
    market.place({ clientOrderId: 'a', size: 3, price: 99 })
    const first = market.bid(9_900, 10)
    const second = market.bid(9_900, 10)
    market.bid(9_800, 10)
    const reduced = market.do({ type: 'desk.reduce', desk: 1, ref: first, byLots: 4 })
    assert.deepEqual(reduced, { type: 'desk', accepted: true, filledLots: 0, openLots: 6 })
    assert.deepEqual(
      [first, second, second + 1].map(ref => market.exchange.isHead(1, ref)),
      [true, false, false],
    )
    market.publicEvents()
    assert.partialDeepStrictEqual(market.do({ type: 'desk.reduce', desk: 1, ref: first, byLots: 99 }), { openLots: 0 })
    assert.equal(market.exchange.openLots(1, first), 0)
    assert.equal(market.exchange.isHead(1, second), true)
    const [book] = market.publicEvents()
    assert.deepEqual(book?.event === 'book' && book.data.changes, [['bid', 99, 13]])
  })

  test('a printed trade may be hidden and off the tick grid, and changes no level', () => {
    const market = new TestExchange()
    market.publicEvents()
    const print = { type: 'trade.print', symbol: 'ACME', size: 40, aggressor: 'sell', hidden: true } as const
    market.do({ ...print, price: 99.995 })
    assert.equal(market.exchange.lastTicks(0), 10_000)
    market.do({ ...print, price: 98.5 })
    assert.equal(market.exchange.lastTicks(0), 9_850)
    const [off, on, ...rest] = market.publicEvents()
    assert.partialDeepStrictEqual(off, {
      event: 'trade',
      data: { seq: 1, tradeId: 1, price: 99.995, size: 40, hidden: true },
    })
    assert.partialDeepStrictEqual(on, { event: 'trade', data: { seq: 2, tradeId: 2, price: 98.5 } })
    assert.deepEqual(rest, [])
  })
})

describe('the clock', () => {
  test('closes a minute before the first event after it, for each symbol that traded', () => {
    const market = new TestExchange()
    market.offer(10_000, 30)
    market.place({ size: 4, price: 100 })
    market.time += 10_000
    market.offer(10_100, 30, 'BOLT')
    market.place({ size: 26, price: 100 })
    market.publicEvents()
    market.time += 49_999
    market.do({ type: 'clock.advance' })
    assert.deepEqual(market.publicEvents(), [])
    market.time += 1
    market.bid(9_000, 1)
    const events = market.publicEvents()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['candle', 'book', 'quote'],
    )
    const { seq } = events[0]!.data
    assert.deepEqual(events[0]?.data, {
      seq,
      ts: market.ts,
      symbol: 'ACME',
      interval: '1m',
      time: 1_700_000_040_000,
      open: 100,
      high: 100,
      low: 100,
      close: 100,
      volume: 30,
      vwap: 100,
      trades: 2,
    })
    market.time += 600_000
    market.do({ type: 'clock.advance' })
    assert.deepEqual(market.publicEvents(), [], 'a minute without trades has no candle')
  })

  test('never runs backwards', () => {
    const market = new TestExchange()
    market.time -= 1
    assert.throws(() => market.do({ type: 'clock.advance' }), /never runs backwards/)
  })
})
