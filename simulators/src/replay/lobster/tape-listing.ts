// The instrument of a LOBSTER tape and the orders that it does not add, worked out from its messages.
// Pure; the replay asks once, when it is made.

import type { InstrumentSpec, Side } from '@papertape/protocol'
import { IdSet } from '../id-set.ts'
import { type LobsterMessages, MESSAGE } from './messages.ts'

const CENT_UNITS = 100
/** The widest ladder that the exchange takes. */
const TICKS_MOST = 2 ** 20

export interface UnseenOrder {
  readonly orderId: number
  readonly side: Side
  /** Ten-thousandths of the currency. */
  readonly price: number
  readonly lots: number
}

export function sideOf(direction: number): Side {
  return direction === 1 ? 'buy' : 'sell'
}

/** Does the message act on an order that the book shows? */
function isVisible(type: number): boolean {
  return type >= MESSAGE.add && type <= MESSAGE.execute
}

/**
 * Cents, unless visible orders are priced between them. The close of the day before is unknown: the first execution's
 * price stands in for it, or the first order's.
 */
export function tapeInstrument(symbol: string, name: string, messages: LobsterMessages): InstrumentSpec {
  let tickUnits = CENT_UNITS
  let reference = 0
  for (let i = 0; i < messages.count; i++) {
    if (!isVisible(messages.types[i]!)) continue
    const price = messages.prices[i]!
    if (price % CENT_UNITS !== 0) tickUnits = 1
    if (reference === 0 && messages.types[i] === MESSAGE.execute) reference = price
  }
  if (reference === 0) reference = Math.max(tickUnits, messages.prices[0]!)
  const previousCloseTicks = Math.max(1, Math.round(reference / tickUnits))
  let priceTicksMax = 1
  while (priceTicksMax < 4 * previousCloseTicks && priceTicksMax < TICKS_MOST) priceTicksMax *= 2
  return { symbol, name, tickUnits, lotSize: 1, priceTicksMax, previousCloseTicks }
}

/**
 * Orders that are reduced, deleted or executed but never added, each with all that is taken from it: they rested before
 * the first message, or came in outside the levels that the file shows. In order of their ids, which the exchange gives
 * out as orders arrive: an id above that of an add belongs to an order that came after it.
 */
export function unseenOrders(messages: LobsterMessages): readonly UnseenOrder[] {
  const added = new IdSet()
  const found = new Map<number, { orderId: number; side: Side; price: number; lots: number }>()
  for (let i = 0; i < messages.count; i++) {
    const type = messages.types[i]!
    const orderId = messages.orderIds[i]!
    if (!isVisible(type)) continue
    if (type === MESSAGE.add) {
      added.add(orderId)
      continue
    }
    if (added.has(orderId)) continue
    const lots = messages.sizes[i]!
    const order = found.get(orderId)
    if (order !== undefined) order.lots += lots
    else found.set(orderId, { orderId, side: sideOf(messages.directions[i]!), price: messages.prices[i]!, lots })
  }
  return [...found.values()].sort((a, b) => a.orderId - b.orderId)
}
