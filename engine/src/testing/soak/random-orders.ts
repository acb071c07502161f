// Random orders of accounts as fast-check arbitraries, of all kinds, some of which are refused. random-commands.ts has
// all other commands.

import { SELF_TRADE_PREVENTIONS, toPrice } from '@papertape/protocol'
import fc from 'fast-check'
import { ACCOUNTS, TEST_INSTRUMENTS } from '../audit/exchange-auditor.ts'

export const accountId = fc.constantFrom(...ACCOUNTS)
export const spec = fc.constantFrom(...TEST_INSTRUMENTS)
export const side = fc.constantFrom('buy', 'sell')
export const clientOrderId = fc.integer({ min: 0, max: 40 }).map(id => `c${id}`)
export const ticks = fc.integer({ min: -1, max: 42 })
export const lots = fc.integer({ min: 0, max: 30 })

const timeInForce = fc.constantFrom('GTC', 'GTC', 'GTC', 'GTC', 'GTC', 'DAY', 'GTD', 'IOC', 'FOK', 'OPG', 'CLS')

/** After the command, milliseconds; seldom without GTD, or missing. */
const expireTime = (timeInForce: string) =>
  fc.constantFrom(
    ...(timeInForce === 'GTD' ? [undefined, 0, 1, ...Array(5).fill(3_000), 60_000, 86_400_000] : [undefined]),
  )

export const placing = fc
  .record({
    accountId,
    clientOrderId,
    spec,
    side,
    orderType: fc.constantFrom('limit', 'limit', 'limit', 'limit', 'market', 'stop', 'stopLimit'),
    lots,
    offLot: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.5),
    ticks,
    offTick: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0.0001),
    timing: timeInForce.chain(timeInForce =>
      fc.record({ timeInForce: fc.constant(timeInForce), expireTime: expireTime(timeInForce) }),
    ),
    postOnly: fc.constantFrom(false, false, false, true),
    stopTicks: ticks,
    minLots: fc.constantFrom(...Array(12).fill(undefined), 0, 1, 2, 5, 12),
    displayLots: fc.constantFrom(...Array(9).fill(undefined), 1, 2, 5),
    sessionId: fc.constantFrom(undefined, undefined, undefined, 's1', 's2'),
    selfTradePrevention: fc.constantFrom(undefined, ...SELF_TRADE_PREVENTIONS),
  })
  .map(({ spec, lots, offLot, ticks, offTick, timing, stopTicks, minLots, displayLots, ...order }) => ({
    type: 'order.place',
    symbol: spec.symbol,
    size: (lots + offLot) * spec.lotSize,
    ...(/limit/i.test(order.orderType) ? { price: toPrice(spec, ticks) + offTick } : {}),
    ...(/stop/.test(order.orderType) ? { stopPrice: toPrice(spec, stopTicks) } : {}),
    ...(displayLots === undefined ? {} : { displaySize: displayLots * spec.lotSize }),
    ...(minLots === undefined ? {} : { minSize: minLots * spec.lotSize }),
    ...withoutAbsent({ ...order, ...timing }),
  }))

function withoutAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
