// The truth behind the trades, books and quotes of a simulated run, for its lines in NDJSON: see truth-observer.ts.
// Takes the events of each step, which is of one agent or user, in their order.

import type { FeedEvent, InstrumentSpec } from '@papertape/protocol'
import type { RunObserver } from './run-observer.ts'
import { observeTruth, type RowTruth, truePrice } from './truth-observer.ts'

/** `value` is the fundamental value in currency, `metaorder` the number of a parent order. */
export type EventTruth =
  | {
      /** Whose the resting order and the one that arrived are; null in an auction or of a hidden trade. */
      readonly maker: string | null
      readonly taker: string | null
      readonly metaorder: number | null
      readonly value: number
    }
  /** Who changed the book or the quote; null: the operator. */
  | { readonly agent: string | null; readonly value: number }

export interface EventTruths {
  readonly observer: RunObserver
  /** Of the next event, asked for before the next step; undefined when it is no trade, book or quote. */
  of(event: FeedEvent): EventTruth | undefined
}

export function createEventTruths(instruments: readonly InstrumentSpec[]): EventTruths {
  const indexes = new Map(instruments.map(({ symbol }, index) => [symbol, index]))
  /** Executions whose trade has not been asked for. */
  const executions = instruments.map((): RowTruth[] => [])
  const observer = observeTruth(instruments, (symbol, row) => {
    if (row.aggressor !== null) executions[symbol]!.push(row)
  })
  return {
    observer,
    of({ event, data }) {
      if (event !== 'trade' && event !== 'book' && event !== 'quote') return undefined
      const symbol = indexes.get(data.symbol)!
      const value = truePrice(instruments[symbol]!, observer.valueTicks(symbol))
      if (event !== 'trade') return { agent: observer.agent, value }
      // Neither comes from one order that arrives.
      if (data.auction === true || data.hidden === true) return { maker: null, taker: null, metaorder: null, value }
      const { agent, aggressor, metaorder } = executions[symbol]!.shift()!
      return { maker: agent, taker: aggressor, metaorder, value }
    },
  }
}
