// Phases and call auctions: which orders each phase accepts, what an auction publishes and fills, which orders end
// with it, and the schedule of a day.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, FeedEvent } from '@papertape/protocol'
import { assertRejected, kinds, TestExchange } from '../testing/test-exchange.ts'

const statuses = (events: readonly FeedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [data] : []))
const trades = (events: readonly FeedEvent[]) => events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))

describe('a call phase', () => {
  test('collects orders that cross, has no firm quote, and publishes the indicative price once a second', () => {
    const market = new TestExchange()
    market.bid(9_900, 5)
    market.phase('preOpen')
    assert.deepEqual(
      market
        .publicEvents()
        .flatMap(({ event, data }) => (event === 'quote' ? [[data.bid, data.ask]] : []))
        .at(-1),
      [null, null],
    )
    market.offer(9_800, 8)
    market.bid(10_000, 6)
    const [indication] = statuses(market.publicEvents())
    assert.deepEqual(indication?.auction, { price: 99, pairedSize: 5, imbalanceSize: 3, side: 'sell' })
    market.pass(999)
    assert.deepEqual(statuses(market.publicEvents()), [], 'not before a second has passed')
    market.pass(1)
    const [second] = statuses(market.publicEvents())
    assert.deepEqual(second?.auction, { price: 99, pairedSize: 8, imbalanceSize: 3, side: 'buy' })
    market.pass(5_000)
    assert.deepEqual(statuses(market.publicEvents()), [], 'nor when nothing has changed')
    assert.equal(market.exchange.indication('ACME')?.price, 99)
  })

  test('rejects orders that must trade at once, and collects market orders at any price', () => {
    const market = new TestExchange()
    market.phase('preOpen')
    assertRejected(
      market.place({ price: 99, timeInForce: 'IOC' }),
      'not-trading',
      /collected and nothing trades at once/,
    )
    assertRejected(market.place({ price: 99, timeInForce: 'FOK' }), 'not-trading', /preOpen/)
    const answer = market.place({ orderType: 'market', timeInForce: 'IOC', size: 5 })
    assert.equal(answer.execType, 'new')
    assert.equal(
      market.exchange.account('ann')?.balance.buyingPower,
      100_000 - 5 * 1_000,
      'reserved at the end of the ladder',
    )
    market.place({ price: 98, size: 3, clientOrderId: 'limit' })
    market.offer(9_700, 7)
    market.privateEvents()
    market.phase('continuous')
    const sent = market.privateEvents() as Execution[]
    assert.deepEqual(kinds(sent), ['fill', 'partialFill', 'position', 'balance'])
    assert.deepEqual(
      sent
        .slice(0, 2)
        .map(({ lastPrice, lastSize, liquidity, leavesSize }) => [lastPrice, lastSize, liquidity, leavesSize]),
      [
        [98, 5, null, 0],
        [98, 2, null, 1],
      ],
    )
  })

  test('ends in one published trade, by the side with the surplus, and a book that does not cross', () => {
    const market = new TestExchange()
    market.phase('preOpen')
    market.bid(10_100, 4)
    market.bid(10_000, 4)
    market.offer(9_900, 3)
    market.offer(9_950, 3)
    market.publicEvents()
    market.phase('continuous')
    const events = market.publicEvents()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['status', 'trade', 'book', 'quote'],
    )
    assert.partialDeepStrictEqual(trades(events)[0], { price: 100, size: 6, aggressor: 'buy', auction: true })
    assert.equal(market.exchange.bestBid(0), 10_000)
    assert.equal(market.exchange.levelLots(0, 10_000), 2)
    assert.equal(market.exchange.bestAsk(0), 0)
  })

  test('survives a restart with both sides at one price', () => {
    const market = new TestExchange()
    market.phase('preOpen')
    market.bid(10_000, 4)
    market.offer(10_000, 3)
    const hash = market.exchange.stateHash()
    market.restart()
    assert.equal(market.exchange.stateHash(), hash)
    assert.deepEqual([market.exchange.levelLots(0, 10_000, 0), market.exchange.levelLots(0, 10_000, 1)], [4, 3])
    market.phase('continuous')
    assert.equal(trades(market.publicEvents())[0]?.size, 3)
  })
})

describe('orders for an auction', () => {
  test('OPG trades in the opening auction and expires with it', () => {
    const market = new TestExchange()
    assertRejected(market.place({ timeInForce: 'OPG' }), 'not-trading', /too late/)
    market.phase('openingAuction')
    market.place({ timeInForce: 'OPG', price: 101, size: 5, clientOrderId: 'o' })
    market.offer(10_000, 2)
    market.privateEvents()
    market.phase('continuous')
    const sent = market.privateEvents()
    assert.deepEqual(kinds(sent), ['partialFill', 'expired', 'position', 'balance'])
    assert.partialDeepStrictEqual(sent[1], { orderStatus: 'expired', reason: { code: 'auction-over' }, cumSize: 2 })
    assert.deepEqual(market.exchange.account('ann')?.balance.buyingPower, market.exchange.account('ann')?.balance.cash)
  })

  test('CLS waits outside of the book until the closing auction and ends with it; DAY orders and stops end', () => {
    const market = new TestExchange()
    market.place({ timeInForce: 'CLS', price: 101, size: 5, clientOrderId: 'c' })
    market.place({ timeInForce: 'DAY', price: 90, size: 1, clientOrderId: 'd' })
    market.place({ timeInForce: 'DAY', orderType: 'stop', stopPrice: 200, size: 1, clientOrderId: 's' })
    market.place({ timeInForce: 'GTC', price: 90, size: 1, clientOrderId: 'g' })
    assert.equal(market.exchange.bestBid(0), 9_000, 'the order for the close is not in the book')
    market.offer(10_000, 3)
    market.phase('closingAuction')
    assert.equal(market.exchange.bestBid(0), 10_100)
    market.privateEvents()
    market.phase('closed')
    const sent = market.privateEvents() as Execution[]
    assert.deepEqual(
      sent
        .filter(({ type }) => type === 'execution')
        .map(({ clientOrderId, execType }) => `${clientOrderId} ${execType}`),
      ['c partialFill', 'c expired', 'd expired', 's expired'],
    )
    assert.deepEqual(
      market.exchange.account('ann')?.orders.map(({ clientOrderId }) => clientOrderId),
      ['g'],
    )
    assertRejected(market.place({}), 'not-trading', /phase closed/)
    assert.partialDeepStrictEqual(market.cancel('g'), { execType: 'canceled' })
  })

  test('a stop that the closing auction traded through triggers when the market opens again', () => {
    const market = new TestExchange()
    market.place({ orderType: 'stop', stopPrice: 101, size: 1 })
    market.phase('closingAuction')
    market.bid(10_200, 2)
    market.offer(10_200, 2)
    market.offer(10_210, 1)
    market.privateEvents()
    market.phase('closed')
    assert.equal(market.exchange.lastTicks(0), 10_200)
    assert.deepEqual(market.privateEvents(), [])
    market.phase('continuous')
    assert.deepEqual(kinds(market.privateEvents()), ['triggered', 'fill', 'position', 'balance'])
  })

  test('stops that an auction traded through trigger when the call phase ends', () => {
    const market = new TestExchange()
    market.place({ orderType: 'stop', stopPrice: 101, size: 1 })
    market.phase('preOpen')
    market.bid(10_200, 2)
    market.offer(10_200, 2)
    market.offer(10_210, 1)
    market.privateEvents()
    market.phase('continuous')
    assert.deepEqual(kinds(market.privateEvents()), ['triggered', 'fill', 'position', 'balance'])
  })
})

describe('a schedule', () => {
  const HOUR_MS = 3_600_000
  // The test exchange's clock starts at 22:14.
  const schedule = {
    preOpenMs: 22.3 * HOUR_MS,
    openingAuctionMs: 22.4 * HOUR_MS,
    continuousMs: 22.5 * HOUR_MS,
    closingAuctionMs: 23 * HOUR_MS,
    closedMs: 23.1 * HOUR_MS,
  }

  test('changes the phases by the clock; several that are due are applied in order', () => {
    const market = new TestExchange({ schedule })
    assert.equal(market.exchange.phase('ACME'), 'closed')
    market.publicEvents()
    market.pass(0.1 * HOUR_MS)
    assert.equal(market.exchange.phase('ACME'), 'preOpen')
    market.bid(10_000, 2)
    market.offer(10_000, 2)
    market.restart()
    market.pass(HOUR_MS)
    const sent = statuses(market.publicEvents()).filter(({ symbol }) => symbol === null)
    assert.deepEqual(
      sent.map(({ phase }) => phase),
      ['openingAuction', 'continuous', 'closingAuction', 'closed'],
    )
    assert.equal(sent[3]!.until! - market.time < 24 * HOUR_MS, true)
  })

  test('does not end a halt', () => {
    const market = new TestExchange({ schedule })
    market.phase('halted')
    market.pass(0.6 * HOUR_MS)
    assert.deepEqual([market.exchange.phase('ACME'), market.exchange.phase('BOLT')], ['halted', 'continuous'])
  })
})

test('news is published unchanged, for listed symbols only', () => {
  const market = new TestExchange()
  market.publicEvents()
  const news = { type: 'news.publish', headline: 'Storm', symbols: ['BOLT'], severity: 'warning' } as const
  assert.deepEqual(market.do(news), { type: 'done' })
  const [event] = market.publicEvents()
  assert.partialDeepStrictEqual(event, {
    event: 'news',
    data: { headline: 'Storm', symbols: ['BOLT'], severity: 'warning' },
  })
  assert.throws(() => market.do({ ...news, symbols: ['NOPE'] }), /listed/)
})
