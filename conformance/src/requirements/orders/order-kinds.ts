// Kinds of orders beyond limit and market: that each does what its name says.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import type { Json } from '../../target/answer.ts'
import type { Probe } from '../../target/probe.ts'
import { placeResting, restingOrder, type TradingAccount, tradingAccount } from './trading-account.ts'

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
])
