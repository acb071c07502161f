// The exchange in the words of those who trade on it: what an order goes through, what desks and the clock do.
// What it refuses and what is promised about sending twice are in the files beside it, the sums in the property test.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { kinds, Pit, refused } from './testing/test-exchange.ts'

describe('an order that rests', () => {
  test('is new, keeps its cash back, and shows in book and quote', () => {
    const pit = new Pit()
    pit.bid(9_900, 7)
    pit.hear()
    const answer = pit.place({ size: 10, price: 99 })
    assert.equal(answer.execType, 'new')
    assert.equal(answer.aheadSize, 7)
    assert.equal(answer.leavesSize, 10)
    const told = pit.told()
    assert.equal(told[0], answer, 'the answer is the object of the private stream')
    assert.deepEqual(kinds(told), ['new', 'balance'])
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 100_000, buyingPower: 99_010 })
    const events = pit.exchange.takeEvents()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['book', 'quote'],
    )
    assert.deepEqual(events[0]?.event === 'book' && events[0].data.changes, [['bid', 99, 17]])
    assert.equal(pit.orders('ann')[0]?.orderStatus, 'new')
  })

  test('fills in parts as a maker, then whole, at its own price', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a', size: 10, price: 99 })
    pit.told()
    pit.offer(9_800, 4)
    const first = pit.told()
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
    pit.offer(9_900, 8)
    assert.deepEqual(kinds(pit.told()), ['fill', 'position', 'balance'])
    assert.deepEqual(pit.exchange.account('ann')?.orders, [])
    assert.equal(pit.orders('ann')[0]?.orderStatus, 'filled')
    assert.equal(pit.exchange.levelLots(0, 9_900), 2)
  })

  test('is cancelled and gives its cash back', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a' })
    pit.told()
    const answer = pit.cancel('a')
    assert.partialDeepStrictEqual(answer, { execType: 'canceled', orderStatus: 'canceled', leavesSize: 0 })
    assert.deepEqual(kinds(pit.told()), ['canceled', 'balance'])
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 100_000, buyingPower: 100_000 })
    refused(pit.cancel('a'), 'already-done', /canceled/)
    refused(pit.cancel('z'), 'unknown-order', /no order z/)
    assert.deepEqual(pit.told(), [], 'a refused cancel is not in the stream')
  })

  test('cancelAll takes those of a symbol and a side, one book event a symbol', () => {
    const pit = new Pit()
    pit.stock(5)
    for (const price of [97, 98, 98]) pit.place({ price })
    pit.place({ side: 'sell', size: 5, price: 120 })
    pit.place({ symbol: 'BOLT', price: 99 })
    pit.hear()
    const one = pit.do({ type: 'order.cancelAll', accountId: 'ann', symbol: 'ACME', side: 'buy' })
    assert.deepEqual(one, { type: 'canceled', count: 3 })
    assert.deepEqual(kinds(pit.told()), ['canceled', 'canceled', 'canceled', 'balance'])
    const [book, quote, ...rest] = pit.exchange.takeEvents()
    assert.deepEqual(book?.event === 'book' && book.data.changes, [
      ['bid', 97, 0],
      ['bid', 98, 0],
    ])
    assert.equal(quote?.event, 'quote')
    assert.deepEqual(rest, [])
    assert.deepEqual(pit.do({ type: 'order.cancelAll', accountId: 'ann' }), { type: 'canceled', count: 2 })
    assert.deepEqual(
      pit.hear().map(event => event.event),
      ['book', 'quote', 'book', 'quote'],
    )
  })
})

describe('an order that trades at once', () => {
  test('takes the better price and frees the difference', () => {
    const pit = new Pit()
    pit.offer(9_950, 4)
    pit.offer(9_980, 4)
    pit.hear()
    const answer = pit.place({ size: 10, price: 100 })
    assert.equal(answer.execType, 'new')
    assert.equal(answer.leavesSize, 10)
    const told = pit.told()
    assert.deepEqual(kinds(told), ['new', 'partialFill', 'partialFill', 'position', 'balance'])
    assert.partialDeepStrictEqual(told[2], { liquidity: 'taker', lastPrice: 99.8, cumSize: 8, avgPrice: 99.65 })
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 99_202.8, buyingPower: 99_002.8 })
    const events = pit.exchange.takeEvents()
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

  test('a market order, or IOC, or a market order said to be GTC: the rest is cancelled', () => {
    for (const order of [
      { orderType: 'market', timeInForce: 'IOC' },
      { orderType: 'market', timeInForce: 'GTC' },
      { orderType: 'limit', timeInForce: 'IOC', price: 100 },
    ] as const) {
      const pit = new Pit()
      pit.offer(10_000, 4)
      pit.hear()
      assert.equal(pit.place({ size: 10, ...order }).aheadSize, null)
      const told = pit.told()
      assert.deepEqual(kinds(told), ['new', 'partialFill', 'canceled', 'position', 'balance'])
      assert.partialDeepStrictEqual(told[2], { orderStatus: 'canceled', cumSize: 4, leavesSize: 0, avgPrice: 100 })
      assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 99_600, buyingPower: 99_600 })
      assert.equal(pit.exchange.bestBid(0), 0)
    }
  })

  test('a fill-or-kill that fits fills whole', () => {
    const pit = new Pit()
    pit.offer(10_000, 10)
    pit.place({ timeInForce: 'FOK', price: 100 })
    assert.deepEqual(kinds(pit.told().slice(1)), ['new', 'fill', 'position', 'balance'])
  })

  test('two accounts trade: both are told, cash and shares change hands', () => {
    const pit = new Pit()
    pit.open('bob')
    pit.stock(10)
    pit.place({ side: 'sell', size: 10, price: 105 })
    pit.told()
    pit.place({ accountId: 'bob', size: 6, price: 106 })
    const envelopes = pit.envelopes()
    assert.deepEqual(
      envelopes.map(({ accountId, event }) => `${accountId} ${kinds([event])}`),
      ['bob new', 'ann partialFill', 'bob fill', 'bob position', 'bob balance', 'ann position', 'ann balance'],
    )
    const ann = pit.exchange.account('ann')
    assert.deepEqual(ann?.positions, [{ symbol: 'ACME', size: 4, avgCost: 100, realised: 30, unrealised: 20 }])
    assert.equal(ann?.balance.cash, 99_630)
    assert.equal(pit.exchange.account('bob')?.balance.cash, 99_370)
    assert.equal(pit.exchange.account('bob')?.balance.buyingPower, 99_370)
  })
})

describe('a replace', () => {
  test('to less at the same price keeps its place, to more loses it', () => {
    const pit = new Pit()
    pit.bid(9_900, 7)
    pit.place({ clientOrderId: 'a', size: 10 })
    pit.bid(9_900, 5)
    pit.hear()
    const smaller = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 6 })
    assert.partialDeepStrictEqual(smaller, {
      execType: 'replaced',
      clientOrderId: 'b',
      origClientOrderId: 'a',
      size: 6,
      leavesSize: 6,
      aheadSize: 7,
    })
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 6 * 99)
    const larger = pit.replace({ clientOrderId: 'c', origClientOrderId: 'b', size: 8 })
    assert.partialDeepStrictEqual(larger, { execType: 'replaced', clientOrderId: 'c', aheadSize: 12 })
    assert.equal((larger as Execution).orderId, (smaller as Execution).orderId)
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 8 * 99)
  })

  test('counts what is filled, and moves its cash with the price', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a', size: 10 })
    pit.offer(9_900, 4)
    refused(pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 4 }), 'below-filled', /more than 4/)
    const answer = pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', size: 9, price: 98 })
    assert.partialDeepStrictEqual(answer, { orderStatus: 'partiallyFilled', cumSize: 4, leavesSize: 5 })
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 99_604, buyingPower: 99_604 - 5 * 98 })
  })

  test('that crosses fills at once', () => {
    const pit = new Pit()
    pit.offer(10_000, 20)
    pit.place({ clientOrderId: 'a', size: 10 })
    pit.hear()
    pit.replace({ clientOrderId: 'b', origClientOrderId: 'a', price: 101 })
    assert.deepEqual(kinds(pit.told()), ['replaced', 'fill', 'position', 'balance'])
    const events = pit.exchange.takeEvents()
    assert.deepEqual(events[1]?.event === 'book' && events[1].data.changes, [
      ['bid', 99, 0],
      ['ask', 100, 10],
    ])
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 99_000, buyingPower: 99_000 })
  })

  test('that is refused leaves the order as it was', () => {
    const pit = new Pit()
    pit.offer(10_000, 20)
    pit.place({ clientOrderId: 'a', size: 10, postOnly: true })
    pit.hear()
    const hash = pit.exchange.account('ann')
    const orig = { clientOrderId: 'b', origClientOrderId: 'a' }
    refused(pit.replace({ ...orig }), 'no-change', /size 10 and price 99/)
    refused(pit.replace({ ...orig, size: 10, price: 99 }), 'no-change', /another/)
    refused(pit.replace({ ...orig, price: 99.005 }), 'off-tick', /99, 99.01/)
    refused(pit.replace({ ...orig, price: 100 }), 'post-only-would-trade', /best price 100/)
    refused(pit.replace({ ...orig, size: 2_000 }), 'insufficient-cash', /198000.*100000/)
    refused(pit.replace({ ...orig, size: 1.5 }), 'bad-size', /whole number/)
    refused(pit.replace({ ...orig, origClientOrderId: 'z' }), 'unknown-order', /no order z/)
    assert.deepEqual(pit.exchange.account('ann'), hash)
    assert.deepEqual(pit.told(), [])
    assert.deepEqual(pit.exchange.takeEvents(), [])
    assert.equal(
      (pit.replace({ ...orig, size: 1_010 }) as Execution).execType,
      'replaced',
      'its own cash counts as free',
    )
  })
})

describe('desks', () => {
  test('need no cash, are told lots, and may use a ref again once it is gone', () => {
    const pit = new Pit()
    const order = {
      type: 'desk.place',
      desk: 3,
      ref: 8,
      symbol: 'BOLT',
      side: 'sell',
      priceTicks: 50,
      sizeLots: 6,
    } as const
    assert.deepEqual(pit.do({ ...order, instruction: 'rest' }), {
      type: 'desk',
      accepted: true,
      filledLots: 0,
      openLots: 6,
    })
    assert.partialDeepStrictEqual(pit.do({ ...order, instruction: 'rest' }), { accepted: false })
    assert.equal(pit.exchange.openLots(3, 8), 6)
    assert.deepEqual(
      pit.do({ ...order, ref: 9, side: 'buy', priceTicks: 0, sizeLots: 9, instruction: 'immediateOrCancel' }),
      {
        type: 'desk',
        accepted: true,
        filledLots: 6,
        openLots: 0,
      },
    )
    assert.equal(pit.exchange.openLots(3, 8), 0)
    assert.partialDeepStrictEqual(pit.do({ ...order, instruction: 'postOnly' }), { accepted: true, openLots: 6 })
    assert.partialDeepStrictEqual(pit.do({ type: 'desk.cancel', desk: 3, ref: 7 }), { accepted: false })
    assert.partialDeepStrictEqual(pit.do({ ...order, ref: 7, priceTicks: 0, instruction: 'rest' }), { accepted: false })
    assert.partialDeepStrictEqual(pit.do({ ...order, ref: 7, symbol: 'NOPE', instruction: 'rest' }), {
      accepted: false,
    })
  })

  test('a reduced order keeps its place; the head is the first that is no account order', () => {
    const pit = new Pit()
    pit.place({ clientOrderId: 'a', size: 3, price: 99 })
    const first = pit.bid(9_900, 10)
    const second = pit.bid(9_900, 10)
    pit.bid(9_800, 10)
    const reduced = pit.do({ type: 'desk.reduce', desk: 1, ref: first, byLots: 4 })
    assert.deepEqual(reduced, { type: 'desk', accepted: true, filledLots: 0, openLots: 6 })
    assert.deepEqual(
      [first, second, second + 1].map(ref => pit.exchange.isHead(1, ref)),
      [true, false, false],
    )
    pit.hear()
    assert.partialDeepStrictEqual(pit.do({ type: 'desk.reduce', desk: 1, ref: first, byLots: 99 }), { openLots: 0 })
    assert.equal(pit.exchange.openLots(1, first), 0)
    assert.equal(pit.exchange.isHead(1, second), true)
    const [book] = pit.hear()
    assert.deepEqual(book?.event === 'book' && book.data.changes, [['bid', 99, 13]])
  })

  test('a printed trade is hidden, moves no level, and its price may be off the grid', () => {
    const pit = new Pit()
    pit.hear()
    const print = { type: 'trade.print', symbol: 'ACME', size: 40, aggressor: 'sell', hidden: true } as const
    pit.do({ ...print, price: 99.995 })
    assert.equal(pit.exchange.lastTicks(0), 10_000)
    pit.do({ ...print, price: 98.5 })
    assert.equal(pit.exchange.lastTicks(0), 9_850)
    const [off, on, ...rest] = pit.hear()
    assert.partialDeepStrictEqual(off, {
      event: 'trade',
      data: { seq: 1, tradeId: 1, price: 99.995, size: 40, hidden: true },
    })
    assert.partialDeepStrictEqual(on, { event: 'trade', data: { seq: 2, tradeId: 2, price: 98.5 } })
    assert.deepEqual(rest, [])
  })
})

describe('the clock', () => {
  test('closes a minute once it has passed, before what moved it, for each symbol that traded', () => {
    const pit = new Pit()
    pit.offer(10_000, 30)
    pit.place({ size: 4, price: 100 })
    pit.time += 10_000
    pit.offer(10_100, 30, 'BOLT')
    pit.place({ size: 26, price: 100 })
    pit.hear()
    pit.time += 49_999
    pit.do({ type: 'clock.advance' })
    assert.deepEqual(pit.hear(), [])
    pit.time += 1
    pit.bid(9_000, 1)
    const events = pit.hear()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['candle', 'book', 'quote'],
    )
    const { seq } = events[0]!.data
    assert.deepEqual(events[0]?.data, {
      seq,
      ts: pit.ts,
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
    pit.time += 600_000
    pit.do({ type: 'clock.advance' })
    assert.deepEqual(pit.hear(), [], 'a minute without trades has no candle')
  })

  test('never runs backwards', () => {
    const pit = new Pit()
    pit.time -= 1
    assert.throws(() => pit.do({ type: 'clock.advance' }), /never runs backwards/)
  })
})
