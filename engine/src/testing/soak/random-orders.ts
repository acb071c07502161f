// Random orders of accounts as fast-check arbitraries, of all kinds, some of which are refused. random-commands.ts has
// all other commands.

import { type InstrumentSpec, type OrderClass, SELF_TRADE_PREVENTIONS, toPrice } from '@papertape/protocol'
import fc from 'fast-check'
import { ACCOUNTS, TEST_INSTRUMENTS } from '../audit/exchange-auditor.ts'

export const accountId = fc.constantFrom(...ACCOUNTS)
export const spec = fc.constantFrom(...TEST_INSTRUMENTS)
export const side = fc.constantFrom('buy', 'sell')
export const clientOrderId = fc.integer({ min: 0, max: 40 }).map(id => `c${id}`)
export const ticks = fc.integer({ min: -1, max: 42 })
export const lots = fc.integer({ min: 0, max: 30 })

/** The terms of a trail are in ticks; they are seldom of another kind of order. */
const trail = fc.record({
  trailAmount: fc.constantFrom(...Array(4).fill(undefined), 1, 2, 3),
  trailPercent: fc.constantFrom(...Array(4).fill(undefined), 5, 12.5),
  limitOffset: fc.constantFrom(undefined, undefined, 0, 1, 2),
})
const kind = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      orderType: fc.constantFrom('limit', 'limit', 'limit', 'limit', 'market', 'stop', 'stopLimit'),
      trail: fc.constant({ trailAmount: undefined, trailPercent: undefined, limitOffset: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ orderType: fc.constantFrom(...Array(9).fill('trailingStop'), 'limit'), trail }) },
)

interface List {
  readonly orderClass: OrderClass | undefined
  readonly profit: number | undefined
  readonly loss: number
  readonly limit: number | undefined
  readonly ids: readonly [string, string]
}

/** Prices of the legs in ticks from the price of the order, or from 20. */
const list: fc.Arbitrary<List | undefined> = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.record({
      orderClass: fc.constantFrom<OrderClass | undefined>('bracket', 'bracket', 'bracket', 'oco', 'oco', undefined),
      profit: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 5 }),
      loss: fc.integer({ min: 0, max: 6 }),
      limit: fc.constantFrom(undefined, 0, 1, 2),
      ids: fc.tuple(clientOrderId, clientOrderId),
    }),
  },
)

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
    kind,
    list,
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
  .map(
    ({
      kind: { orderType, trail },
      list,
      spec,
      lots,
      offLot,
      ticks,
      offTick,
      timing,
      stopTicks,
      minLots,
      displayLots,
      ...order
    }) => ({
      type: 'order.place',
      symbol: spec.symbol,
      orderType,
      size: (lots + offLot) * spec.lotSize,
      ...(/limit/i.test(orderType) ? { price: toPrice(spec, ticks) + offTick } : {}),
      ...(/^stop/.test(orderType) ? { stopPrice: toPrice(spec, stopTicks) } : {}),
      ...(displayLots === undefined ? {} : { displaySize: displayLots * spec.lotSize }),
      ...(minLots === undefined ? {} : { minSize: minLots * spec.lotSize }),
      ...(trail.trailAmount === undefined ? {} : { trailAmount: toPrice(spec, trail.trailAmount) }),
      ...(trail.limitOffset === undefined ? {} : { limitOffset: toPrice(spec, trail.limitOffset) }),
      ...(list === undefined ? {} : legsAround(list, order.side, spec, ticks)),
      ...withoutAbsent({ ...order, ...timing, trailPercent: trail.trailPercent }),
    }),
  )

/** Legs that mostly fit: above and below the price. */
function legsAround({ orderClass, profit, loss, limit, ids }: List, side: string, spec: InstrumentSpec, ticks: number) {
  const isSell = (orderClass === 'oco') === (side === 'sell')
  const at = (away: number) => toPrice(spec, ticks + (isSell ? away : -away))
  return {
    ...(orderClass === undefined ? {} : { orderClass }),
    ...(profit === undefined || orderClass === 'oco'
      ? {}
      : { takeProfit: { clientOrderId: ids[0], price: at(profit) } }),
    stopLoss: {
      clientOrderId: ids[1],
      stopPrice: at(-loss),
      ...(limit === undefined ? {} : { price: at(-loss - limit) }),
    },
  }
}

function withoutAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
