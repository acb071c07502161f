// The instrument of a LOBSTER tape, and the orders that the file never adds, derived from its messages.

import type { InstrumentSpec, Side } from '@papertape/protocol'
import { IdSet } from '../id-set.ts'
import { LADDER_TICKS_MOST } from '../ladder-ticks.ts'
import { sideOf } from '../sides.ts'
import { LobsterError } from './lobster-error.ts'
import { type LobsterMessages, MESSAGE } from './messages.ts'

const CENT_UNITS = 100

export interface PriorOrder {
  readonly orderId: number
  readonly side: Side
  /** Ten-thousandths of the currency. */
  readonly price: number
  readonly lots: number
}

/** Whether the message is about a visible order. */
function isVisible(type: number): boolean {
  return type >= MESSAGE.add && type <= MESSAGE.execute
}

/**
 * The tick is a cent unless visible orders have prices between cents. The previous close is unknown: the price of the
 * first execution is used, or that of the first order. The ladder reaches four times that price, or the highest price
 * of a visible order.
 * @throws {LobsterError} at the first visible order with a price beyond the longest ladder.
 */
export function tapeInstrument(symbol: string, name: string, messages: LobsterMessages): InstrumentSpec {
  let tickUnits = CENT_UNITS
  let reference = 0
  let highest = 0
  for (let i = 0; i < messages.count; i++) {
    if (!isVisible(messages.types[i]!)) continue
    const price = messages.prices[i]!
    if (price % CENT_UNITS !== 0) tickUnits = 1
    if (price > highest) highest = price
    if (reference === 0 && messages.types[i] === MESSAGE.execute) reference = price
  }
  checkHighest(highest, tickUnits, messages)
  if (reference === 0) reference = Math.max(tickUnits, messages.prices[0]!)
  const previousCloseTicks = Math.max(1, Math.round(reference / tickUnits))
  const wanted = Math.min(LADDER_TICKS_MOST, Math.max(4 * previousCloseTicks, highest / tickUnits))
  let priceTicksMax = 1
  while (priceTicksMax < wanted) priceTicksMax *= 2
  return { symbol, name, tickUnits, lotSize: 1, priceTicksMax, previousCloseTicks }
}

function checkHighest(highest: number, tickUnits: number, { types, prices }: LobsterMessages): void {
  const most = LADDER_TICKS_MOST * tickUnits
  if (highest <= most) return
  // Blank lines are only at the end of a file: the lines of messages are their numbers.
  const row = prices.findIndex((price, i) => price > most && isVisible(types[i]!))
  const end = `${most / 10_000} with a tick of ${tickUnits / 10_000}`
  throw new LobsterError(
    'price',
    `a price of ${prices[row]! / 10_000} is beyond the exchange's prices, which end at ${end}: delete the order's lines`,
    row + 1,
  )
}

/**
 * Orders that are reduced, deleted or executed but never added, with the sum of these sizes: they rested before the
 * first message, or arrived outside the levels that the file shows. In order of id, which the exchange assigns on
 * arrival: an order with a higher id than an add arrived after it.
 */
export function priorOrders(messages: LobsterMessages): readonly PriorOrder[] {
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
