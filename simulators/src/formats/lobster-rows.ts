// Encodes a symbol's order flow as the rows of LOBSTER's message and orderbook files, and the truth behind them as a
// third file, row by row. Writes no files.

import { SIDE } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import { FLOW, type OrderFlow } from '../order-flow/order-flow.ts'
import type { RowTruth } from '../recording/truth-observer.ts'
import { microseconds } from '../time-units.ts'
import { LevelBook } from './level-book.ts'

/** LOBSTER's price and size of a missing level. */
const NO_ASK = '9999999999,0'
const NO_BID = '-9999999999,0'

/** The first row of a truth file, which is not one of LOBSTER's. */
export const TRUTH_COLUMNS = 'agent,aggressor,metaorder,value\n'

/**
 * Which messages are listed: `levels`, as LOBSTER does, those that change one of the listed levels, and executions of
 * hidden orders; or all, also of orders behind these levels.
 */
export const MESSAGE_CHOICES = ['levels', 'all'] as const
export type MessageChoice = (typeof MESSAGE_CHOICES)[number]

export interface LobsterRows {
  /** Encodes a flow that continues the one before. @param truths of its rows; empty: no rows of truth. */
  take(flow: OrderFlow, truths?: readonly RowTruth[]): LobsterText
}

/** Row i of each file belongs to the same message. */
export interface LobsterText {
  readonly messages: string
  readonly orderbook: string
  /** The value is in ten-thousandths of the currency, as LOBSTER's prices are. */
  readonly truth: string
}

export function createLobsterRows(
  { tickUnits, lotSize, priceTicksMax }: InstrumentSpec,
  levels: number,
  choice: MessageChoice,
): LobsterRows {
  const book = new LevelBook(priceTicksMax)
  let lastBookRow = bookRow()

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

  function truthRow({ agent, aggressor, metaorder, valueTicks }: RowTruth): string {
    return `${agent},${aggressor ?? ''},${metaorder ?? ''},${Math.round(valueTicks * tickUnits)}\n`
  }

  function take(flow: OrderFlow, truths: readonly RowTruth[] = []): LobsterText {
    const { count, timesMs, kinds, orderIds, lots, pricesTicks, sides } = flow
    let messages = ''
    let orderbook = ''
    let truth = ''
    for (let row = 0; row < count; row++) {
      const [kind, side, ticks, size] = [kinds[row]!, sides[row]!, pricesTicks[row]!, lots[row]!]
      if (kind < FLOW.executeHidden) book.apply(kind, side, orderIds[row]!, ticks, size)
      const after = bookRow()
      const isListed = choice === 'all' || after !== lastBookRow || kind >= FLOW.executeHidden
      lastBookRow = after
      if (!isListed) continue
      const direction = side === SIDE.buy ? 1 : -1
      const seconds = secondsOf(timesMs[row]!)
      messages += `${seconds},${kind},${orderIds[row]},${size * lotSize},${Math.round(ticks * tickUnits)},${direction}\n`
      orderbook += after
      if (truths.length > 0) truth += truthRow(truths[row]!)
    }
    return { messages, orderbook, truth }
  }

  return { take }
}

/** Seconds after midnight, to the microsecond. */
function secondsOf(timeMs: number): string {
  const us = microseconds(timeMs)
  return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`
}
