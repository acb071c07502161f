// Phases and call auctions as traders meet them: what each phase takes, what an auction prints and fills, what ends with it,
// and a day by the clock.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution, FeedEvent } from '@papertape/protocol'
import { kinds, Pit, refused } from '../testing/test-exchange.ts'

const statuses = (events: readonly FeedEvent[]) =>
  events.flatMap(({ event, data }) => (event === 'status' ? [data] : []))
const trades = (events: readonly FeedEvent[]) => events.flatMap(({ event, data }) => (event === 'trade' ? [data] : []))

describe('a call', () => {
  test('collects orders that cross, shows no firm quote, and tells what they come to once a second', () => {
    const pit = new Pit()
    pit.bid(9_900, 5)
    pit.phase('preOpen')
    assert.deepEqual(
      pit
        .hear()
        .flatMap(({ event, data }) => (event === 'quote' ? [[data.bid, data.ask]] : []))
        .at(-1),
      [null, null],
    )
    pit.offer(9_800, 8)
    pit.bid(10_000, 6)
    const [indication] = statuses(pit.hear())
    assert.deepEqual(indication?.auction, { price: 99, pairedSize: 5, imbalanceSize: 3, side: 'sell' })
    pit.pass(999)
    assert.deepEqual(statuses(pit.hear()), [], 'not before a second has passed')
    pit.pass(1)
    const [second] = statuses(pit.hear())
    assert.deepEqual(second?.auction, { price: 99, pairedSize: 8, imbalanceSize: 3, side: 'buy' })
    pit.pass(5_000)
    assert.deepEqual(statuses(pit.hear()), [], 'nor when nothing has changed')
    assert.equal(pit.exchange.indication('ACME')?.price, 99)
  })

  test('refuses what must trade at once, and takes market orders at any price', () => {
    const pit = new Pit()
    pit.phase('preOpen')
    refused(pit.place({ price: 99, timeInForce: 'IOC' }), 'not-trading', /collected and nothing trades at once/)
    refused(pit.place({ price: 99, timeInForce: 'FOK' }), 'not-trading', /preOpen/)
    const market = pit.place({ orderType: 'market', timeInForce: 'IOC', size: 5 })
    assert.equal(market.execType, 'new')
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 5 * 1_000, 'held at the end of the ladder')
    pit.place({ price: 98, size: 3, clientOrderId: 'limit' })
    pit.offer(9_700, 7)
    pit.told()
    pit.phase('continuous')
    const told = pit.told() as Execution[]
    assert.deepEqual(kinds(told), ['fill', 'partialFill', 'position', 'balance'])
    assert.deepEqual(
      told
        .slice(0, 2)
        .map(({ lastPrice, lastSize, liquidity, leavesSize }) => [lastPrice, lastSize, liquidity, leavesSize]),
      [
        [98, 5, null, 0],
        [98, 2, null, 1],
      ],
    )
  })

  test('ends in one trade on the tape, by the side that is left over, and a book that does not cross', () => {
    const pit = new Pit()
    pit.phase('preOpen')
    pit.bid(10_100, 4)
    pit.bid(10_000, 4)
    pit.offer(9_900, 3)
    pit.offer(9_950, 3)
    pit.hear()
    pit.phase('continuous')
    const events = pit.hear()
    assert.deepEqual(
      events.map(({ event }) => event),
      ['status', 'trade', 'book', 'quote'],
    )
    assert.partialDeepStrictEqual(trades(events)[0], { price: 100, size: 6, aggressor: 'buy', auction: true })
    assert.equal(pit.exchange.bestBid(0), 10_000)
    assert.equal(pit.exchange.levelLots(0, 10_000), 2)
    assert.equal(pit.exchange.bestAsk(0), 0)
  })

  test('survives a restart with both sides at one price', () => {
    const pit = new Pit()
    pit.phase('preOpen')
    pit.bid(10_000, 4)
    pit.offer(10_000, 3)
    const hash = pit.exchange.stateHash()
    pit.restart()
    assert.equal(pit.exchange.stateHash(), hash)
    assert.deepEqual([pit.exchange.levelLots(0, 10_000, 0), pit.exchange.levelLots(0, 10_000, 1)], [4, 3])
    pit.phase('continuous')
    assert.equal(trades(pit.hear())[0]?.size, 3)
  })
})

describe('orders for an auction', () => {
  test('OPG takes part in the opening and expires with it', () => {
    const pit = new Pit()
    refused(pit.place({ timeInForce: 'OPG' }), 'not-trading', /too late/)
    pit.phase('openingAuction')
    pit.place({ timeInForce: 'OPG', price: 101, size: 5, clientOrderId: 'o' })
    pit.offer(10_000, 2)
    pit.told()
    pit.phase('continuous')
    const told = pit.told()
    assert.deepEqual(kinds(told), ['partialFill', 'expired', 'position', 'balance'])
    assert.partialDeepStrictEqual(told[1], { orderStatus: 'expired', reason: { code: 'auction-over' }, cumSize: 2 })
    assert.deepEqual(pit.exchange.account('ann')?.balance.buyingPower, pit.exchange.account('ann')?.balance.cash)
  })

  test('CLS waits through the day beside the book, and closes with it; DAY orders and stops end', () => {
    const pit = new Pit()
    pit.place({ timeInForce: 'CLS', price: 101, size: 5, clientOrderId: 'c' })
    pit.place({ timeInForce: 'DAY', price: 90, size: 1, clientOrderId: 'd' })
    pit.place({ timeInForce: 'DAY', orderType: 'stop', stopPrice: 200, size: 1, clientOrderId: 's' })
    pit.place({ timeInForce: 'GTC', price: 90, size: 1, clientOrderId: 'g' })
    assert.equal(pit.exchange.bestBid(0), 9_000, 'the order for the close is not in the book')
    pit.offer(10_000, 3)
    pit.phase('closingAuction')
    assert.equal(pit.exchange.bestBid(0), 10_100)
    pit.told()
    pit.phase('closed')
    const told = pit.told() as Execution[]
    assert.deepEqual(
      told
        .filter(({ type }) => type === 'execution')
        .map(({ clientOrderId, execType }) => `${clientOrderId} ${execType}`),
      ['c partialFill', 'c expired', 'd expired', 's expired'],
    )
    assert.deepEqual(
      pit.exchange.account('ann')?.orders.map(({ clientOrderId }) => clientOrderId),
      ['g'],
    )
    refused(pit.place({}), 'not-trading', /phase closed/)
    assert.partialDeepStrictEqual(pit.cancel('g'), { execType: 'canceled' })
  })

  test('a stop that the closing auction traded through sleeps until the market opens again', () => {
    const pit = new Pit()
    pit.place({ orderType: 'stop', stopPrice: 101, size: 1 })
    pit.phase('closingAuction')
    pit.bid(10_200, 2)
    pit.offer(10_200, 2)
    pit.offer(10_210, 1)
    pit.told()
    pit.phase('closed')
    assert.equal(pit.exchange.lastTicks(0), 10_200)
    assert.deepEqual(pit.told(), [])
    pit.phase('continuous')
    assert.deepEqual(kinds(pit.told()), ['triggered', 'fill', 'position', 'balance'])
  })

  test('stops look again when a call ends: the auction traded through them', () => {
    const pit = new Pit()
    pit.place({ orderType: 'stop', stopPrice: 101, size: 1 })
    pit.phase('preOpen')
    pit.bid(10_200, 2)
    pit.offer(10_200, 2)
    pit.offer(10_210, 1)
    pit.told()
    pit.phase('continuous')
    assert.deepEqual(kinds(pit.told()), ['triggered', 'fill', 'position', 'balance'])
  })
})

describe('a schedule', () => {
  const HOUR_MS = 3_600_000
  // The pit's clock starts at 22:14.
  const schedule = {
    preOpenMs: 22.3 * HOUR_MS,
    openingAuctionMs: 22.4 * HOUR_MS,
    continuousMs: 22.5 * HOUR_MS,
    closingAuctionMs: 23 * HOUR_MS,
    closedMs: 23.1 * HOUR_MS,
  }

  test('drives the phases by the clock; several that are due come in order', () => {
    const pit = new Pit({ schedule })
    assert.equal(pit.exchange.phase('ACME'), 'closed')
    pit.hear()
    pit.pass(0.1 * HOUR_MS)
    assert.equal(pit.exchange.phase('ACME'), 'preOpen')
    pit.bid(10_000, 2)
    pit.offer(10_000, 2)
    pit.restart()
    pit.pass(HOUR_MS)
    const told = statuses(pit.hear()).filter(({ symbol }) => symbol === null)
    assert.deepEqual(
      told.map(({ phase }) => phase),
      ['openingAuction', 'continuous', 'closingAuction', 'closed'],
    )
    assert.equal(told[3]!.until! - pit.time < 24 * HOUR_MS, true)
  })

  test('does not end a halt', () => {
    const pit = new Pit({ schedule })
    pit.phase('halted')
    pit.pass(0.6 * HOUR_MS)
    assert.deepEqual([pit.exchange.phase('ACME'), pit.exchange.phase('BOLT')], ['halted', 'continuous'])
  })
})

test('news goes out as it came, and about listed symbols only', () => {
  const pit = new Pit()
  pit.hear()
  const news = { type: 'news.publish', headline: 'Storm', symbols: ['BOLT'], severity: 'warning' } as const
  assert.deepEqual(pit.do(news), { type: 'done' })
  const [event] = pit.hear()
  assert.partialDeepStrictEqual(event, {
    event: 'news',
    data: { headline: 'Storm', symbols: ['BOLT'], severity: 'warning' },
  })
  assert.throws(() => pit.do({ ...news, symbols: ['NOPE'] }), /listed/)
})
