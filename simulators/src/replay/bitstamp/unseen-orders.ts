// What must be known of a Bitstamp log before its replay: the orders that it changes or deletes but never creates, and
// how much of each created order rests.

import type { Side } from '@papertape/protocol'
import { IdSet } from '../id-set.ts'
import { sideOf } from '../sides.ts'
import { BITSTAMP, type BitstampLog, MARKET_TICKS } from './log.ts'

export interface UnseenOrder {
  readonly id: number
  readonly side: Side
  readonly ticks: number
  readonly lots: number
}

/**
 * Orders created before the log or missing in it, in order of id, which is the order of arrival. Filled ones are left
 * out: their size is unknown.
 */
export function unseenOrders({ count, kinds, ids, lots, ticks, directions }: BitstampLog): readonly UnseenOrder[] {
  const known = new IdSet()
  const found: UnseenOrder[] = []
  for (let row = 0; row < count; row++) {
    const kind = kinds[row]!
    if (kind === BITSTAMP.trade || kind === BITSTAMP.book || !known.add(ids[row]!)) continue
    if (kind === BITSTAMP.created || lots[row] === 0 || ticks[row] === MARKET_TICKS) continue
    found.push({ id: ids[row]!, side: sideOf(directions[row]!), ticks: ticks[row]!, lots: lots[row]! })
  }
  return found.sort((a, b) => a.id - b.id)
}

/** Longest time between two trades of an arriving order; the feed takes about 30 ms. */
const ARRIVAL_GAP_MS = 500

/**
 * By the row that creates an order: the lots that rest after its entry. The trades of an order on entry are in the
 * lines that follow, sometimes out of order.
 */
export function lotsThatRest({ count, times, kinds, ids, lots }: BitstampLog): Int32Array {
  const rest = new Int32Array(count)
  const arriving = new Map<number, { created: number; time: number }>()
  for (let row = 0; row < count; row++) {
    const id = ids[row]!
    const time = times[row]!
    const order = arriving.get(id)
    if (kinds[row] === BITSTAMP.created) {
      arriving.set(id, { created: row, time })
      rest[row] = lots[row]!
    } else if (order !== undefined && time - order.time <= ARRIVAL_GAP_MS && isFill(kinds[row]!, lots[row]!)) {
      order.time = time
      rest[order.created] = Math.min(rest[order.created]!, lots[row]!)
    } else arriving.delete(id)
  }
  return rest
}

/** A filled order is deleted with size 0. */
function isFill(kind: number, lots: number): boolean {
  return kind === BITSTAMP.changed || (kind === BITSTAMP.deleted && lots === 0)
}
