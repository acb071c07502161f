// The truth behind the trades, books and quotes of a simulated run, for its lines in NDJSON: see truth-observer.ts.
// Takes events in their order.

import type { Exchange } from '@papertape/engine'
import type { FeedEvent, InstrumentSpec } from '@papertape/protocol'
import type { RunObserver } from './run-observer.ts'
import { observeTruth, type RowTruth, truePrice } from './truth-observer.ts'

/** `value` is the fundamental value in currency, `metaorder` the number of a parent order. */
export type EventTruth =
  | {
      /** Whose the resting order and the one that arrived are; null in an auction. */
      readonly maker: string | null
      readonly taker: string | null
      readonly metaorder: number | null
      readonly value: number
    }
  /** Who changed the book or the quote; null: the operator, or the clock. */
  | { readonly agent: string | null; readonly value: number }

export interface EventTruths {
  readonly observer: RunObserver
  /** Of the next event; undefined when it is no trade, book or quote. */
  of(event: FeedEvent): EventTruth | undefined
}

export function createEventTruths(instruments: readonly InstrumentSpec[]): EventTruths {
  const indexes = new Map(instruments.map(({ symbol }, index) => [symbol, index]))
  /** Executions whose trade has not been asked for. */
  const executions = instruments.map((): RowTruth[] => [])
  /** Who sent the commands since the last event, and the number of the event before each. */
  const commands: { seq: number; agent: string | null }[] = []
  let exchange: Exchange
  const truth = observeTruth(instruments, (symbol, row) => {
    if (row.aggressor !== null) executions[symbol]!.push(row)
  })

  function agentOf(seq: number): string | null {
    while (commands.length > 1 && commands[1]!.seq < seq) commands.shift()
    return commands[0]!.agent
  }

  return {
    observer: {
      ...truth,
      watch(watched) {
        exchange = watched
      },
      onCommand(time, command) {
        truth.onCommand(time, command)
        const { seq } = exchange
        // A command without events.
        if (commands.at(-1)?.seq === seq) commands.pop()
        commands.push({ seq, agent: truth.agent })
      },
    },
    of({ event, data }) {
      if (event !== 'trade' && event !== 'book' && event !== 'quote') return undefined
      const symbol = indexes.get(data.symbol)!
      const value = truePrice(instruments[symbol]!, truth.valueTicks(symbol))
      if (event !== 'trade') return { agent: agentOf(data.seq), value }
      if (data.auction === true) return { maker: null, taker: null, metaorder: null, value }
      const { agent, aggressor, metaorder } = executions[symbol]!.shift()!
      return { maker: agent, taker: aggressor, metaorder, value }
    },
  }
}
