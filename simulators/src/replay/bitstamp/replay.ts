// A Bitstamp log as a market source: created orders go through matching, as they did there, and what the feed says of an
// order later is held to be so. The log's own books are not replayed, but for the first: it shows what rested before.
// Reads no files; the server and the CLI hand the log in.

import type { InstrumentSpec, Side } from '@papertape/protocol'
import { DESK } from '../../market/desks.ts'
import type { MarketPort, MarketSource, SourceState } from '../../market-source.ts'
import { opposite } from '../sides.ts'
import { createTapeOrders } from '../tape-orders.ts'
import { BitstampError } from './bitstamp-error.ts'
import { BITSTAMP, type BitstampBook, type BitstampLog, MARKET_TICKS } from './log.ts'
import { lotsThatRest, sideOf, unseenOrders } from './unseen-orders.ts'

export interface BitstampFigures {
  /** Orders created, and those of them that traded at once. */
  readonly created: number
  readonly takers: number
  /** Deleted because an order that only rested would have crossed them: their end is not in the log. */
  readonly ghosts: number
  /** Trades that the log tells of an order and our matching did not make: the lots were taken off. */
  readonly reduced: number
  /** Market orders: what of one did not trade never rests. */
  readonly marketOrders: number
  /** Orders and levels priced beyond the end of the exchange's ladder: left out. */
  readonly outOfRange: number
  /** Orders of less than half a lot: left out. */
  readonly tooSmall: number
  /** Levels of the first book that would trade with what rests: left out. */
  readonly crossed: number
}

export interface BitstampReplay extends MarketSource {
  readonly figures: BitstampFigures & BitstampLog['skipped']
}

interface SavedReplay extends SourceState {
  readonly source: 'bitstamp'
  readonly startTime: number
  /** Lines done. */
  readonly done: number
  readonly nextUnseen: number
  readonly figures: BitstampFigures
}

const SYMBOL_INDEX = 0
export const BITSTAMP_INSTRUMENT: Omit<InstrumentSpec, 'previousCloseTicks'> = {
  symbol: 'BTCUSD',
  name: 'Bitcoin in US dollars, by the ten-thousandth',
  tickUnits: 100,
  lotSize: 1,
  priceTicksMax: 2 ** 17,
}
/** $167,772.16: a gigabyte of places, of which those are committed that prices touch. */
const LADDER_TICKS_MOST = 2 ** 24
/** A ladder reaches this many times the first price, where orders do. */
const LADDER_TIMES_REFERENCE = 4
const NO_FIGURES: BitstampFigures = {
  created: 0,
  takers: 0,
  ghosts: 0,
  reduced: 0,
  marketOrders: 0,
  outOfRange: 0,
  tooSmall: 0,
  crossed: 0,
}

export function createBitstampReplay(log: BitstampLog, state?: SourceState): BitstampReplay {
  const { count, times, kinds, ids, lots, ticks, directions, books } = log
  const spec = instrumentOf(log)
  const { symbol } = spec
  const unseen = unseenOrders(log)
  const restLots = lotsThatRest(log)
  const orders = createTapeOrders(SYMBOL_INDEX)
  const saved = state === undefined ? undefined : checkState(log, state)
  const figures = { ...NO_FIGURES, ...saved?.figures }
  let done = saved?.done ?? 0
  let nextUnseen = saved?.nextUnseen ?? 0
  const [firstBook = -1] = books.keys()
  // The lists of resting orders are not saved: they are read back from the log at the first step.
  let forgotten = done > 0

  function place(ref: number, side: Side, priceTicks: number, sizeLots: number, port: MarketPort): void {
    if (priceTicks > spec.priceTicksMax) {
      figures.outOfRange++
      return
    }
    const order = { desk: DESK.tape, ref, symbol, side, priceTicks, sizeLots } as const
    if (port.submit({ type: 'desk.place', ...order, instruction: 'rest' }).openLots > 0)
      orders.add(side, priceTicks, ref)
  }

  /** An order that the log shows to rest never crosses: what the tape has in its way has left the book unseen. */
  function rest(ref: number, side: Side, priceTicks: number, sizeLots: number, port: MarketPort): void {
    for (const ghost of orders.upTo(opposite(side), priceTicks, port.book)) {
      port.submit({ type: 'desk.cancel', desk: DESK.tape, ref: ghost })
      figures.ghosts++
    }
    place(ref, side, priceTicks, sizeLots, port)
  }

  function create(row: number, port: MarketPort): void {
    const [id, side, price, size] = [ids[row]!, sideOf(directions[row]!), ticks[row]!, lots[row]!]
    for (; nextUnseen < unseen.length && unseen[nextUnseen]!.id < id; nextUnseen++) {
      const older = unseen[nextUnseen]!
      rest(older.id, older.side, older.ticks, older.lots, port)
    }
    figures.created++
    if (size === 0) {
      figures.tooSmall++
      return
    }
    if (price === MARKET_TICKS) {
      figures.marketOrders++
      const tradedLots = size - restLots[row]!
      if (tradedLots > 0) take(id, side, side === 'buy' ? spec.priceTicksMax : 1, tradedLots, port)
      return
    }
    const takes = size - restLots[row]!
    const filled = takes === 0 ? 0 : take(id, side, price, takes, port)
    // One that our book cannot fill may have been filled where it rested: it does until the log says so.
    if (size > filled) rest(id, side, price, size - filled, port)
  }

  /** Answers the lots that traded. */
  function take(ref: number, side: Side, price: number, sizeLots: number, port: MarketPort): number {
    figures.takers++
    const priceTicks = Math.min(price, spec.priceTicksMax)
    const order = { desk: DESK.tapeTaker, ref, symbol, side, priceTicks, sizeLots } as const
    return port.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }).filledLots
  }

  /** No more than so much of an order is open now, says the log. Less is, while its own trades are still being told. */
  function settle(row: number, mostLots: number, port: MarketPort): void {
    const named = { desk: DESK.tape, ref: ids[row]! } as const
    const open = port.book.openLots(DESK.tape, named.ref)
    if (open <= mostLots) return
    if (kinds[row] === BITSTAMP.changed || lots[row] === 0) figures.reduced++
    if (mostLots === 0) port.submit({ type: 'desk.cancel', ...named })
    else port.submit({ type: 'desk.reduce', ...named, byLots: open - mostLots })
  }

  /** What the first book shows and no order of the log explains rested before. It rested: a book that crosses is none. */
  function fill(book: BitstampBook, port: MarketPort): void {
    const bestBid = book.bids[0]?.[0] ?? 0
    const bestAsk = book.asks[0]?.[0] ?? Number.POSITIVE_INFINITY
    eachLevel(book, (side, priceTicks, size) => {
      const sizeLots = size - port.book.levelLots(SYMBOL_INDEX, priceTicks)
      if (sizeLots <= 0) return
      if (priceTicks > spec.priceTicksMax) {
        figures.outOfRange++
        return
      }
      const isCrossed = side === 'buy' ? priceTicks >= bestAsk : priceTicks <= bestBid
      const ref = levelRef(side, priceTicks)
      const order = { desk: DESK.tape, ref, symbol, side, priceTicks, sizeLots } as const
      if (!isCrossed && port.submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).openLots > 0)
        orders.add(side, priceTicks, ref)
      else figures.crossed++
    })
  }

  /** Lists what is open of the lines done, in the order in which it came: the lists of before the restart. */
  function recall(port: MarketPort): void {
    const list = (ref: number, side: Side, price: number) => {
      if (port.book.openLots(DESK.tape, ref) > 0) orders.add(side, price, ref)
    }
    let older = 0
    for (let row = 0; row < done; row++) {
      if (row === firstBook) eachLevel(books.get(row)!, (side, price) => list(levelRef(side, price), side, price))
      if (kinds[row] !== BITSTAMP.created) continue
      for (; older < unseen.length && unseen[older]!.id < ids[row]!; older++) {
        const { id, side, ticks } = unseen[older]!
        list(id, side, ticks)
      }
      list(ids[row]!, sideOf(directions[row]!), ticks[row]!)
    }
    forgotten = false
  }

  function step(port: MarketPort): void {
    if (forgotten) recall(port)
    const row = done++
    const kind = kinds[row]!
    if (kind === BITSTAMP.created) create(row, port)
    else if (kind === BITSTAMP.changed) settle(row, lots[row]!, port)
    else if (kind === BITSTAMP.deleted) settle(row, 0, port)
    else if (row === firstBook) fill(books.get(row)!, port)
  }

  return {
    instruments: [spec],
    get nextTime() {
      return done < count ? times[done]! : undefined
    },
    get figures() {
      return { ...figures, ...log.skipped }
    },
    step,
    save: (): SavedReplay => ({ source: 'bitstamp', startTime: times[0]!, done, nextUnseen, figures: { ...figures } }),
  }
}

function eachLevel({ bids, asks }: BitstampBook, visit: (side: Side, ticks: number, lots: number) => void): void {
  for (const [ticks, lots] of bids) visit('buy', ticks, lots)
  for (const [ticks, lots] of asks) visit('sell', ticks, lots)
}

/** Names the order of a level, where no id of the feed reaches. */
function levelRef(side: Side, priceTicks: number): number {
  return Number.MAX_SAFE_INTEGER - (priceTicks * 2 + (side === 'buy' ? 0 : 1))
}

/**
 * The close of the day before is unknown: the first trade's price stands in for it, or the first order's. The ladder is as
 * long as the log's prices want it, or four times the first price where some order is farther off.
 * @throws {BitstampError} when the market itself is beyond the longest.
 */
function instrumentOf(log: BitstampLog): InstrumentSpec {
  const { kinds, ticks, lines } = log
  const firstTrade = kinds.indexOf(BITSTAMP.trade)
  const row = firstTrade >= 0 ? firstTrade : ticks.findIndex(price => price !== MARKET_TICKS)
  const previousCloseTicks = ticks[row] ?? firstLevelTicks(log)
  if (previousCloseTicks > LADDER_TICKS_MOST) {
    const most = LADDER_TICKS_MOST / 100
    throw new BitstampError(
      `a market at ${previousCloseTicks / 100} is beyond the exchange's prices, which end at ${most}`,
      lines[Math.max(0, row)],
    )
  }
  const wanted = Math.min(highestTicks(log), LADDER_TIMES_REFERENCE * previousCloseTicks, LADDER_TICKS_MOST)
  let { priceTicksMax } = BITSTAMP_INSTRUMENT
  while (priceTicksMax < wanted) priceTicksMax *= 2
  return { ...BITSTAMP_INSTRUMENT, priceTicksMax, previousCloseTicks }
}

function firstLevelTicks({ books }: BitstampLog): number {
  for (const { bids, asks } of books.values()) {
    const level = bids[0] ?? asks[0]
    if (level !== undefined) return level[0]
  }
  return 1
}

function highestTicks({ ticks, books }: BitstampLog): number {
  let highest = 0
  for (const price of ticks) if (price > highest) highest = price
  for (const { bids, asks } of books.values()) {
    for (const [price] of [...bids, ...asks]) if (price > highest) highest = price
  }
  return highest
}

function checkState(log: BitstampLog, state: SourceState): SavedReplay {
  const saved = state as Partial<SavedReplay>
  if (saved.source !== 'bitstamp' || saved.startTime !== log.times[0] || (saved.done ?? 0) > log.count) {
    throw new Error('the saved state is not one of a replay of this Bitstamp log')
  }
  return saved as SavedReplay
}
