// Encodes a symbol's order flow as the rows of LOBSTER's message and orderbook files. Writes no files.

import { SIDE } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import { FLOW, type OrderFlow } from '../order-flow/order-flow.ts'
import { microseconds } from '../time-units.ts'
import { LevelBook } from './level-book.ts'

/** LOBSTER's price and size of a missing level. */
const NO_ASK = '9999999999,0'
const NO_BID = '-9999999999,0'

export interface LobsterRows {
  /** Encodes a flow that continues the one before. */
  take(flow: OrderFlow): { readonly messages: string; readonly orderbook: string }
}

export function createLobsterRows({ tickUnits, lotSize, priceTicksMax }: InstrumentSpec, levels: number): LobsterRows {
  const book = new LevelBook(priceTicksMax)

  function level(side: number, ticks: number | undefined, none: string): string {
    return ticks === undefined ? none : `${ticks * tickUnits},${book.lotsAt(side, ticks) * lotSize}`
  }

  function bookRow(): string {
    const fields: string[] = []
    for (let i = 0; i < levels; i++) {
      fields.push(level(SIDE.sell, book.asksTicks[i], NO_ASK), level(SIDE.buy, book.bidsTicks[i], NO_BID))
    }
    return `${fields.join(',')}\n`
  }

  function take({ count, timesMs, kinds, orderIds, lots, pricesTicks, sides }: OrderFlow) {
    let messages = ''
    let orderbook = ''
    for (let row = 0; row < count; row++) {
      const [kind, side, ticks, size] = [kinds[row]!, sides[row]!, pricesTicks[row]!, lots[row]!]
      if (kind !== FLOW.executeHidden) book.apply(kind, side, ticks, size)
      const direction = side === SIDE.buy ? 1 : -1
      const seconds = secondsOf(timesMs[row]!)
      messages += `${seconds},${kind},${orderIds[row]},${size * lotSize},${Math.round(ticks * tickUnits)},${direction}\n`
      orderbook += bookRow()
    }
    return { messages, orderbook }
  }

  return { take }
}

/** Seconds after midnight, to the microsecond. */
function secondsOf(timeMs: number): string {
  const us = microseconds(timeMs)
  return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`
}
