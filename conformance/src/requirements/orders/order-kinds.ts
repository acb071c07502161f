// Kinds of orders beyond limit and market: that each does what its name says.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { expectStatus, type Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { getOrder, placeResting, restingOrder, type TradingAccount, tradingAccount } from './trading-account.ts'

/** The answer to an order of these terms that would rest. */
function place(probe: Probe, { socket, instrument }: TradingAccount, terms: object): Promise<Json> {
  return socket.ask({ type: 'order.place', ...restingOrder(probe, instrument, terms) })
}

export const ORDER_KINDS = chapter('Kinds of orders', [
  requirement('order-gtd', 'A GTD order expires at its expireTime, by the market’s clock.', async probe => {
    const account = await tradingAccount(probe)
    const late = await place(probe, account, { timeInForce: 'GTD', expireTime: 1 })
    expectEqual('the answer to an expireTime that is over', late.reason?.code, 'bad-expire-time')
    const { name, value } = late.reason.limit
    expectEqual('the limit that it names', name, 'expireTimeMin')
    const expireTime = value + 2_000
    const { orderId } = await placeResting(probe, account, { timeInForce: 'GTD', expireTime })
    const end = await account.socket.until('execution', one => one.orderId === orderId && one.leavesSize === 0)
    expectSchema('its end', OUTBOUND.execution, end)
    expectEqual('its end', [end.execType, end.reason?.code], ['expired', 'expire-time-reached'])
    expectTrue(end.expireTime === expireTime, 'the expireTime in its executions', end)
  }),

  requirement('order-min-size', 'An order that cannot trade its minSize on entry is refused.', async probe => {
    const account = await tradingAccount(probe)
    const { lotSize } = account.instrument
    const refused = await place(probe, account, { size: 2 * lotSize, minSize: lotSize })
    expectEqual('the answer to an order that does not trade', refused.reason?.code, 'cannot-fill')
    expectEqual('the limit that it names', refused.reason.limit, { name: 'fillableSize', value: 0 })
    const unfit = await place(probe, account, { minSize: 2 * lotSize })
    expectEqual('the answer to a minSize above the size', unfit.reason?.code, 'bad-min-size')
  }),

  requirement(
    'order-trailing-stop',
    'A trailing stop waits with the stop price that follows from its trail.',
    async probe => {
      const account = await tradingAccount(probe)
      const { symbol, lotSize, tickSize } = account.instrument
      const clientOrderId = probe.newName()
      const order = { type: 'order.place', symbol, side: 'buy', orderType: 'trailingStop', size: lotSize }
      const placed = await account.socket.ask({ ...order, clientOrderId, trailAmount: 50 * tickSize })
      expectSchema('the answer', OUTBOUND.execution, placed)
      expectEqual('the answer', [placed.execType, placed.aheadSize], ['new', null])
      expectTrue(placed.stopPrice > placed.trailAmount, 'a stop price above the market by the trail', placed)
      const both = { trailAmount: tickSize, trailPercent: 1 }
      const refused = await account.socket.ask({ ...order, clientOrderId: probe.newName(), ...both })
      expectEqual('the answer to two trails', refused.reason?.code, 'bad-trail')
    },
  ),

  requirement('order-list', 'A list of orders is accepted once, whole, and ends together.', async probe => {
    const account = await tradingAccount(probe)
    const { token, instrument, socket } = account
    const { restingPrice, tickSize } = instrument
    const [takeProfit, stopLoss] = [
      { clientOrderId: probe.newName(), price: restingPrice + tickSize },
      { clientOrderId: probe.newName(), stopPrice: restingPrice - tickSize },
    ]
    const body = restingOrder(probe, instrument, { orderClass: 'bracket', takeProfit, stopLoss })
    const placed = expectStatus(await probe.call('POST /v1/orders', { token, body }), 201).body
    const again = expectStatus(await probe.call('POST /v1/orders', { token, body }), 200).body
    expectEqual('the same list again', [again.duplicate, again.listId], [true, placed.listId])
    const { orders } = expectStatus(await probe.call('GET /v1/orders?status=open', { token }), 200).body
    const roles = orders.map(({ listId, listRole, held }: Json) => [listId === placed.listId, listRole, held === true])
    const legs = [
      [true, 'stopLoss', true],
      [true, 'takeProfit', true],
    ]
    expectEqual('the orders of the list, newest first', roles, [...legs, [true, 'entry', false]])
    await socket.ask({ type: 'order.cancel', origClientOrderId: takeProfit.clientOrderId })
    for (const { orderId } of orders) {
      expectEqual('an order of it', (await getOrder(probe, token, orderId)).orderStatus, 'canceled')
    }
    const alone = await place(probe, account, { orderClass: 'bracket', stopLoss: { ...stopLoss, clientOrderId: 'x' } })
    expectEqual('the answer to a list without its take-profit', alone.reason?.code, 'bad-order-list')
  }),
])
