// Positions are closed whole: what open orders offer is canceled first, what waits for an auction is not sent again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order, PositionState } from '@papertape/protocol'
import { closingOf, closingsText } from './closing.ts'

const positionOf = (symbol: string, size: number) =>
  ({ symbol, size, avgCost: 10, realised: 0, unrealised: 0 }) as PositionState
const orderOf = (change: Partial<Order>) =>
  ({ symbol: 'AAA', side: 'sell', orderType: 'limit', leavesSize: 100, ...change }) as Order

test('a position is closed at the market by an order of the other side, for all of it', () => {
  const { order, cancels, text } = closingOf(positionOf('AAA', 1_300), [], 'continuous')
  const sale = { symbol: 'AAA', side: 'sell', size: 1_300, orderType: 'market', timeInForce: 'IOC' }
  assert.deepEqual(order, sale)
  assert.deepEqual(cancels, [])
  assert.equal(text, 'Sell 1,300 AAA at market.')
  const short = closingOf(positionOf('AAA', -50), [], 'continuous')
  assert.deepEqual(short.order, { ...sale, side: 'buy', size: 50 })
  assert.equal(
    closingsText([closingOf(positionOf('BBB', 7), [], 'continuous'), short]),
    ['Sell 7 BBB at market.', 'Buy 50 AAA at market.'].join(' '),
  )
})

test('open orders that offer the position are canceled first, others stay', () => {
  const limit = orderOf({})
  const stop = orderOf({ orderType: 'stop' })
  const others = [orderOf({ side: 'buy' }), orderOf({ symbol: 'BBB' })]
  const { order, cancels, text } = closingOf(positionOf('AAA', 300), [limit, ...others, stop], 'continuous')
  assert.deepEqual(cancels, [limit, stop])
  assert.equal(order?.size, 300)
  assert.equal(text, 'Cancel 2 orders, sell 300 AAA at market.')
  const [takeProfit, stopLoss] = [orderOf({ listRole: 'takeProfit' }), orderOf({ listRole: 'stopLoss' })]
  const held = orderOf({ listRole: 'stopLoss', held: true })
  assert.deepEqual(closingOf(positionOf('AAA', 300), [takeProfit, stopLoss, held], 'continuous').cancels, [stopLoss])
  assert.equal(closingOf(positionOf('AAA', 300), [limit], 'continuous').text, 'Cancel 1 order, sell 300 AAA at market.')
})

test('in a call phase it waits for the auction, once; in a halt nothing is sent or canceled', () => {
  const waiting = orderOf({ orderType: 'market', leavesSize: 200 })
  assert.equal(closingOf(positionOf('AAA', 300), [], 'paused').text, 'Sell 300 AAA at market in the auction.')
  assert.equal(closingOf(positionOf('AAA', 300), [waiting], 'paused').order?.size, 100)
  const again = closingOf(positionOf('AAA', 200), [waiting, orderOf({})], 'paused')
  assert.deepEqual([again.order, again.cancels], [undefined, []])
  assert.match(again.text, /closes AAA already waits for the auction/)
  const halted = closingOf(positionOf('AAA', 300), [orderOf({})], 'halted')
  assert.deepEqual([halted.order, halted.cancels], [undefined, []])
  assert.match(halted.text, /AAA is halted/)
})
