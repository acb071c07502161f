// Reads books and phases from the exchange, in the units of the wire: for a gateway that starts, and for the book by
// REST.

import { type Exchange, SIDE } from '@papertape/engine'
import { type BookAnswer, bookChecksum, CHECKSUM_LEVELS, type InstrumentSpec, toPrice } from '@papertape/protocol'
import type { InstrumentState } from '../messages.ts'

type LevelInTicks = [ticks: number, size: number]

export function readInstrument(exchange: Exchange, spec: InstrumentSpec, index: number): InstrumentState {
  const { bids, asks } = readSides(exchange, index, Number.POSITIVE_INFINITY)
  const inWireUnits = (levels: readonly LevelInTicks[]) =>
    levels.map(([ticks, size]): [number, number] => [toPrice(spec, ticks), size])
  const auction = exchange.indication(spec.symbol)
  const bands = exchange.bands(spec.symbol)
  const { reason, until } = exchange.phaseNote(spec.symbol)
  return {
    symbol: spec.symbol,
    phase: exchange.phase(spec.symbol),
    ...(reason === null ? {} : { reason }),
    ...(until === null ? {} : { until }),
    ...(auction === undefined ? {} : { auction }),
    ...(bands === undefined ? {} : { bands }),
    book: {
      seq: exchange.bookSeq(spec.symbol),
      bids: inWireUnits(bids),
      asks: inWireUnits(asks),
      checksum: bookChecksum(bids, asks),
    },
  }
}

/** @param levels of each side, at most. */
export function readDepth(
  exchange: Exchange,
  spec: InstrumentSpec,
  index: number,
  levels: number,
): Omit<BookAnswer, 'id'> {
  // The checksum covers ten levels, however few are shown.
  const { bids, asks } = readSides(exchange, index, Math.max(levels, CHECKSUM_LEVELS))
  const shown = (side: readonly LevelInTicks[], code: number) =>
    side
      .slice(0, levels)
      .map(([ticks, size]): [number, number, number] => [
        toPrice(spec, ticks),
        size,
        exchange.levelOrders(index, ticks, code),
      ])
  return {
    symbol: spec.symbol,
    bids: shown(bids, SIDE.buy),
    asks: shown(asks, SIDE.sell),
    checksum: bookChecksum(bids, asks),
  }
}

function readSides(exchange: Exchange, symbol: number, max: number): { bids: LevelInTicks[]; asks: LevelInTicks[] } {
  const read = (side: number, best: number, next: (ticks: number) => number) => {
    const levels: LevelInTicks[] = []
    for (let ticks = best; ticks !== 0 && levels.length < max; ticks = next(ticks)) {
      levels.push([ticks, exchange.levelLots(symbol, ticks, side)])
    }
    return levels
  }
  return {
    bids: read(SIDE.buy, exchange.bestBid(symbol), ticks => exchange.nextBidBelow(symbol, ticks)),
    asks: read(SIDE.sell, exchange.bestAsk(symbol), ticks => exchange.nextAskAbove(symbol, ticks)),
  }
}
