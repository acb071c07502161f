// A list of orders as one command names it: its legs as orders of their own, and whether they fit each other. Pure;
// called by risk.ts and account-commands.ts.

import type { ListRole, PlaceOrder, Reject, Side } from '@papertape/protocol'
import { outlivesDay } from './order-checks.ts'
import { reject } from './rejects.ts'

interface Leg {
  readonly role: ListRole
  readonly order: PlaceOrder
}

/** What the order itself is in its list. */
export function roleOf({ orderClass }: PlaceOrder): ListRole | undefined {
  if (orderClass === undefined) return undefined
  return orderClass === 'bracket' ? 'entry' : 'takeProfit'
}

/** The other orders of its list. */
export function legsOf(order: PlaceOrder): readonly Leg[] {
  const { takeProfit, stopLoss } = order
  const common = commonOf(order)
  const legs: Leg[] = []
  if (takeProfit !== undefined)
    legs.push({ role: 'takeProfit', order: { ...common, ...takeProfit, orderType: 'limit' } })
  if (stopLoss !== undefined) {
    const orderType = stopLoss.price === undefined ? 'stop' : 'stopLimit'
    legs.push({ role: 'stopLoss', order: { ...common, ...stopLoss, orderType } })
  }
  return legs
}

/** Legs are for as long as the order, where that is for more than one auction or trade. */
function commonOf(order: PlaceOrder): Omit<PlaceOrder, 'clientOrderId' | 'orderType'> {
  const { accountId, symbol, size, timeInForce, expireTime, selfTradePrevention, sessionId } = order
  const stands = timeInForce === 'DAY' || outlivesDay(timeInForce)
  return {
    type: 'order.place',
    accountId,
    symbol,
    side: legSide(order),
    size,
    timeInForce: stands ? timeInForce : 'GTC',
    postOnly: false,
    ...(expireTime === undefined ? {} : { expireTime }),
    ...(selfTradePrevention === undefined ? {} : { selfTradePrevention }),
    ...(sessionId === undefined ? {} : { sessionId }),
  }
}

function legSide({ orderClass, side }: PlaceOrder): Side {
  if (orderClass === 'oco') return side
  return side === 'buy' ? 'sell' : 'buy'
}

/** Whether the legs are those of its class, with ids of their own and prices on both sides of the market. */
export function checkList(order: PlaceOrder): Reject | undefined {
  const { orderClass, takeProfit, stopLoss, clientOrderId, known } = order
  if (orderClass === undefined) {
    return takeProfit === undefined && stopLoss === undefined ? undefined : reject.orderClassRequired()
  }
  if (stopLoss === undefined) return reject.legRequired('stopLoss')
  if (orderClass === 'bracket' && takeProfit === undefined) return reject.legRequired('takeProfit')
  if (orderClass === 'oco' && (takeProfit !== undefined || !mayBeTakeProfit(order))) return reject.badOco()
  if (order.orderType === 'trailingStop') return reject.trailingInList()
  const ids = [clientOrderId, stopLoss.clientOrderId, ...(takeProfit === undefined ? [] : [takeProfit.clientOrderId])]
  if (new Set(ids).size < ids.length) return reject.sameIdsInList()
  if (known?.taken !== undefined) return reject.idTakenInList(known.taken)
  return checkLegPrices(legSide(order), takeProfit?.price ?? order.price!, stopLoss.stopPrice, stopLoss.price)
}

function mayBeTakeProfit({ orderType, timeInForce, price }: PlaceOrder): boolean {
  return orderType === 'limit' && price !== undefined && (timeInForce === 'DAY' || outlivesDay(timeInForce))
}

/** A take-profit is better than its stop-loss, so that what the stop-loss of a buy reserves is enough for both. */
export function checkLegPrices(
  side: Side,
  profitPrice: number,
  stopPrice: number,
  limitPrice: number | null = null,
): Reject | undefined {
  const sign = side === 'sell' ? 1 : -1
  const isBetter = sign * (profitPrice - stopPrice) > 0 && sign * (profitPrice - (limitPrice ?? stopPrice)) >= 0
  return isBetter ? undefined : reject.legPrices(side)
}
