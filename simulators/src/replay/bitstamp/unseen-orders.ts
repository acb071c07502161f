// What a Bitstamp log does not tell at once: the orders that it changes or deletes and never creates, and what becomes
// of each created order next. Pure; the replay asks once, when it is made.

import type { Side } from '@papertape/protocol'
import { IdSet } from '../id-set.ts'
import { BITSTAMP, type BitstampLog, MARKET_TICKS } from './log.ts'

export interface UnseenOrder {
  readonly id: number
  readonly side: Side
  readonly ticks: number
  readonly lots: number
}

export function sideOf(direction: number): Side {
  return direction === 1 ? 'buy' : 'sell'
}

/**
 * Orders that were created before the log or whose creation it missed, in order of their ids, which are given out as
 * orders arrive. Of one that was filled the size is unknown, and it is left out.
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

/** Between two trades of an arriving order the feed takes some 30 ms. */
const ARRIVAL_GAP_MS = 500

/**
 * By the row that creates an order: what rests of it once it has arrived. An order that trades at once is told of trade by
 * trade, in the lines that follow, a later one before an earlier one now and then.
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

/** A deleted order has nothing left when it was filled. */
function isFill(kind: number, lots: number): boolean {
  return kind === BITSTAMP.changed || (kind === BITSTAMP.deleted && lots === 0)
}
