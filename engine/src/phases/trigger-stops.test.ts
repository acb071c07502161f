// Stop orders as their owners know them: when they wake, in which order, what they cost at most, and that a cascade ends.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { kinds, Pit, refused } from '../testing/test-exchange.ts'

const stop = { orderType: 'stop', timeInForce: 'GTC' } as const

describe('a stop', () => {
  test('waits, holds its cash at its collar, and triggers by a trade at its price', () => {
    const pit = new Pit()
    const placed = pit.place({ ...stop, stopPrice: 101, size: 10 })
    assert.partialDeepStrictEqual(placed, { execType: 'new', aheadSize: null, stopPrice: 101, leavesSize: 10 })
    assert.equal(pit.exchange.account('ann')?.balance.buyingPower, 100_000 - 10 * 106.05)
    pit.trade(10_099)
    pit.offer(10_102, 6)
    pit.told()
    pit.trade(10_100)
    const told = pit.told()
    assert.deepEqual(kinds(told), ['triggered', 'partialFill', 'canceled', 'position', 'balance'])
    assert.partialDeepStrictEqual(told[1], { lastPrice: 101.02, lastSize: 6, liquidity: 'taker' })
    assert.deepEqual(pit.exchange.account('ann')?.balance, { cash: 100_000 - 606.12, buyingPower: 100_000 - 606.12 })
  })

  test('to sell triggers from above; a stop-limit rests at its limit and is told its place', () => {
    const pit = new Pit()
    pit.stock(10)
    pit.offer(9_950, 3)
    pit.place({ orderType: 'stopLimit', side: 'sell', price: 99.5, stopPrice: 99, clientOrderId: 's' })
    pit.trade(9_901)
    pit.told()
    pit.trade(9_899)
    const told = pit.told()
    assert.deepEqual(kinds(told), ['triggered', 'queue'])
    assert.partialDeepStrictEqual(told[1], { clientOrderId: 's', aheadSize: 3 })
    assert.equal(pit.exchange.account('ann')?.orders[0]?.triggered, true)
  })

  test('that the market has passed already triggers at once', () => {
    const pit = new Pit()
    pit.trade(10_200)
    pit.offer(10_210, 10)
    pit.told()
    const placed = pit.place({ ...stop, stopPrice: 102, size: 10 })
    assert.equal(placed.execType, 'new')
    assert.deepEqual(kinds(pit.told()), ['new', 'triggered', 'fill', 'position', 'balance'])
  })

  test('without anybody to trade with ends, and says so', () => {
    const pit = new Pit()
    pit.place({ ...stop, stopPrice: 101 })
    pit.told()
    pit.trade(10_100)
    assert.partialDeepStrictEqual(pit.told()[1], { execType: 'canceled', reason: { code: 'no-liquidity' } })
  })

  test('goes no farther than what it holds back', () => {
    const pit = new Pit()
    pit.place({ ...stop, stopPrice: 101, size: 10 })
    pit.offer(10_605, 4)
    pit.offer(10_606, 6)
    pit.told()
    pit.trade(10_100)
    // The taker of the trade swept nothing: 101.00 was the best offer. The collar of 101.00 ends at 106.05.
    const told = pit.told()
    assert.deepEqual(kinds(told), ['triggered', 'partialFill', 'canceled', 'position', 'balance'])
    assert.partialDeepStrictEqual(told[2], { reason: { code: 'beyond-collar' }, cumSize: 4 })
  })

  test('can be replaced and cancelled while it waits, and keeps its turn unless its stop price changes', () => {
    const pit = new Pit()
    pit.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'a' })
    pit.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'b' })
    pit.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'c' })
    assert.partialDeepStrictEqual(pit.replace({ origClientOrderId: 'a', clientOrderId: 'a2', size: 2 }), { size: 2 })
    refused(pit.replace({ origClientOrderId: 'a2', clientOrderId: 'a3', price: 5 }), 'price-not-allowed', /stop order/)
    pit.replace({ origClientOrderId: 'b', clientOrderId: 'b2', stopPrice: 100.5 })
    pit.replace({ origClientOrderId: 'b2', clientOrderId: 'b3', stopPrice: 101 })
    assert.partialDeepStrictEqual(pit.cancel('c'), { execType: 'canceled' })
    pit.restart()
    pit.trade(10_100)
    const triggered = pit.told().filter(event => event.type === 'execution' && event.execType === 'triggered')
    assert.deepEqual(
      triggered.map(event => (event as Execution).clientOrderId),
      ['a2', 'b3'],
    )
  })

  test('counts among the open orders, and waits through a halt', () => {
    const pit = new Pit({ openOrdersMax: 1 })
    pit.place({ ...stop, stopPrice: 101, size: 1 })
    refused(pit.place({ size: 1 }), 'too-many-orders', /1 open orders/)
    pit.phase('halted')
    pit.told()
    pit.phase('continuous')
    assert.deepEqual(pit.told(), [])
  })
})

describe('several stops', () => {
  test('enter nearest to the market first, then oldest, after the command that triggered them', () => {
    const pit = new Pit()
    pit.place({ ...stop, stopPrice: 102, size: 1, clientOrderId: 'far' })
    pit.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'near' })
    pit.place({ ...stop, stopPrice: 101, size: 1, clientOrderId: 'younger' })
    pit.offer(10_150, 1)
    pit.offer(10_200, 9)
    pit.told()
    pit.place({ clientOrderId: 'taker', size: 3, price: 102 })
    const told = pit.told() as Execution[]
    assert.deepEqual(
      told.filter(event => event.type === 'execution').map(event => `${event.clientOrderId} ${event.execType}`),
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

  test('a cascade of 10,000 ends, each triggered once', t => {
    const pit = new Pit()
    for (let account = 0; account < 50; account++) pit.open(`a${account}`, 10_000_000)
    // Each stop's own trade is at the stop price of the next.
    for (let i = 0; i < 10_000; i++) {
      const accountId = `a${i % 50}`
      pit.place({ ...stop, accountId, clientOrderId: `s${i}`, stopPrice: (10_001 + i) / 100, size: 1 })
      pit.offer(10_002 + i, 1)
    }
    pit.hear()
    const start = process.hrtime.bigint()
    pit.trade(10_001)
    t.diagnostic(`${Number(process.hrtime.bigint() - start) / 1e6} ms`)
    const told = pit.envelopes().map(({ event }) => event)
    assert.equal(kinds(told).filter(kind => kind === 'triggered').length, 10_000)
    assert.equal(kinds(told).filter(kind => kind === 'fill').length, 10_000)
    assert.equal(pit.exchange.lastTicks(0), 20_001)
    const books = pit.exchange.takeEvents().filter(({ event }) => event === 'book')
    assert.equal(books.length, 2, 'one book event of the offer, one of the cascade')
  })
})
