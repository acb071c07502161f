// What an agent sees of a market after a step: each book, its account and its open orders, as rows of numbers, since
// names in each answer would cost more than the step. Reads the exchange and changes nothing.

import { type Exchange, SIDE } from '@papertape/engine'
import { type AccountSnapshot, type InstrumentSpec, toPrice, UNITS_PER_CURRENCY } from '@papertape/protocol'

/** Price, or null where there is none; size; or another number. */
export type ObservedRow = readonly (number | null)[]

/** `orderId` to the size ahead of the order at its price. */
export type AheadSizes = ReadonlyMap<string, number>

/** Names of the values of a row of `books`: the levels of both sides, best first, then the rest. */
export function bookColumns(levels: number): string[] {
  const names = Array.from({ length: levels }, (_, i) => {
    const level = i === 0 ? '' : String(i + 1)
    return [`bid${level}`, `bidSize${level}`, `ask${level}`, `askSize${level}`]
  })
  return [...names.flat(), 'last', 'bought', 'sold', 'trading', 'position']
}

export const ACCOUNT_COLUMNS = ['cash', 'buyingPower', 'equity'] as const

export const ORDER_COLUMNS = ['clientOrderId', 'symbol', 'side', 'price', 'leavesSize', 'aheadSize'] as const

/** One row an instrument. `bought` and `sold` are what aggressors have traded; `trading` is 0 in halts and auctions. */
export function observeBooks(
  exchange: Exchange,
  specs: readonly InstrumentSpec[],
  levels: number,
  { positions }: AccountSnapshot,
): ObservedRow[] {
  return specs.map((spec, index) => {
    const { lotSize, symbol } = spec
    const row: (number | null)[] = []
    let bid = exchange.bestBid(index)
    let ask = exchange.bestAsk(index)
    for (let level = 0; level < levels; level++) {
      row.push(bid === 0 ? null : toPrice(spec, bid), exchange.levelLots(index, bid, SIDE.buy) * lotSize)
      row.push(ask === 0 ? null : toPrice(spec, ask), exchange.levelLots(index, ask, SIDE.sell) * lotSize)
      if (bid !== 0) bid = exchange.nextBidBelow(index, bid)
      if (ask !== 0) ask = exchange.nextAskAbove(index, ask)
    }
    row.push(toPrice(spec, exchange.lastTicks(index)))
    row.push(exchange.takenLots(index, SIDE.buy) * lotSize, exchange.takenLots(index, SIDE.sell) * lotSize)
    row.push(exchange.phase(symbol) === 'continuous' ? 1 : 0)
    row.push(positions.find(position => position.symbol === symbol)?.size ?? 0)
    return row
  })
}

/** Equity is cash, and positions at the last trade. */
export function observeAccount(
  exchange: Exchange,
  specs: readonly InstrumentSpec[],
  { balance, positions }: AccountSnapshot,
): ObservedRow {
  let equity = balance.cash
  for (const { symbol, size } of positions) {
    const index = specs.findIndex(spec => spec.symbol === symbol)
    equity += size * toPrice(specs[index]!, exchange.lastTicks(index))
  }
  return [balance.cash, balance.buyingPower, Math.round(equity * UNITS_PER_CURRENCY) / UNITS_PER_CURRENCY]
}

/** Open orders, newest first. A market order that waits has no price; one that does not rest has no size ahead. */
export function observeOrders({ orders }: AccountSnapshot, ahead: AheadSizes): readonly (string | number | null)[][] {
  return orders.map(({ orderId, clientOrderId, symbol, side, price, leavesSize }) => [
    clientOrderId,
    symbol,
    side,
    price,
    leavesSize,
    ahead.get(orderId) ?? null,
  ])
}
