// A Bitstamp log as a market source: created orders go through matching, as they did there; later lines of an order
// then limit its open size. Of the log's books only the first is used: it shows what rested before the log.

import type { InstrumentSpec, Side } from '@papertape/protocol'
import { DESK } from '../../market/desks.ts'
import type { MarketPort, MarketSource, SourceState } from '../../market-source.ts'
import { LADDER_TICKS_MOST } from '../ladder-ticks.ts'
import { opposite, sideOf } from '../sides.ts'
import { createTapeOrders } from '../tape-orders.ts'
import { BitstampError } from './bitstamp-error.ts'
import { BITSTAMP, type BitstampBook, type BitstampLog, MARKET_TICKS } from './log.ts'
import { lotsThatRest, unseenOrders } from './unseen-orders.ts'

export interface BitstampFigures {
  /** Orders created, and those of them that traded on entry. */
  readonly created: number
  readonly takers: number
  /** Orders deleted because a resting order would have crossed them: their end is not in the log. */
  readonly ghosts: number
  /** Trades of the log that our matching did not make: the order was reduced. */
  readonly reduced: number
  /** Market orders; their remainder never rests. */
  readonly marketOrders: number
  /** Orders and levels beyond the exchange's price ladder: left out. */
  readonly outOfRange: number
  /** Orders of less than half a lot: left out. */
  readonly tooSmall: number
  /** Levels of the first book that cross resting orders: left out. */
  readonly crossed: number
}

export interface BitstampReplay extends MarketSource {
  readonly figures: BitstampFigures & BitstampLog['skipped']
}

interface SavedBitstampReplay extends SourceState {
  readonly source: 'bitstamp'
  readonly startTime: number
  /** Lines done. */
  readonly done: number
  readonly nextUnseen: number
  readonly figures: BitstampFigures
}

const SYMBOL_INDEX = 0
const BITSTAMP_INSTRUMENT: Omit<InstrumentSpec, 'previousCloseTicks'> = {
  symbol: 'BTCUSD',
  name: 'Bitcoin in US dollars, by the ten-thousandth',
  tickUnits: 100,
  lotSize: 1,
  priceTicksMax: 2 ** 17,
}
/** A ladder reaches at most this multiple of the first price. */
const LADDER_PRICE_FACTOR = 4
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
  // The lists of resting orders are not saved: they are rebuilt from the log at the first step.
  let mustRestore = done > 0

  function place(ref: number, side: Side, priceTicks: number, sizeLots: number, port: MarketPort): void {
    if (priceTicks > spec.priceTicksMax) {
      figures.outOfRange++
      return
    }
    const order = { desk: DESK.tape, ref, symbol, side, priceTicks, sizeLots } as const
    if (port.submit({ type: 'desk.place', ...order, instruction: 'rest' }).openLots > 0)
      orders.add(side, priceTicks, ref)
  }

  /** A resting order of the log never crosses: log orders that it would cross are ghosts. */
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
    // What our book cannot fill rests until the log reduces or deletes it.
    if (size > filled) rest(id, side, price, size - filled, port)
  }

  /** Returns the lots traded. */
  function take(ref: number, side: Side, price: number, sizeLots: number, port: MarketPort): number {
    figures.takers++
    const priceTicks = Math.min(price, spec.priceTicksMax)
    const order = { desk: DESK.tapeTaker, ref, symbol, side, priceTicks, sizeLots } as const
    return port.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }).filledLots
  }

  /** Limits the open lots of an order to what the log has; fewer are open while the lines of its trades follow. */
  function limitOpenLots(row: number, mostLots: number, port: MarketPort): void {
    const named = { desk: DESK.tape, ref: ids[row]! } as const
    const open = port.book.openLots(DESK.tape, named.ref)
    if (open <= mostLots) return
    if (kinds[row] === BITSTAMP.changed || lots[row] === 0) figures.reduced++
    if (mostLots === 0) port.submit({ type: 'desk.cancel', ...named })
    else port.submit({ type: 'desk.reduce', ...named, byLots: open - mostLots })
  }

  /** Places what the first book has beyond the orders of the log: it rested before. Crossing levels are left out. */
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

  /** Rebuilds the lists of open log orders, in order of arrival, from the lines done. */
  function restoreOrders(port: MarketPort): void {
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
    mustRestore = false
  }

  function step(port: MarketPort): void {
    if (mustRestore) restoreOrders(port)
    const row = done++
    const kind = kinds[row]!
    if (kind === BITSTAMP.created) create(row, port)
    else if (kind === BITSTAMP.changed) limitOpenLots(row, lots[row]!, port)
    else if (kind === BITSTAMP.deleted) limitOpenLots(row, 0, port)
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
    save: (): SavedBitstampReplay => ({
      source: 'bitstamp',
      startTime: times[0]!,
      done,
      nextUnseen,
      figures: { ...figures },
    }),
  }
}

function eachLevel({ bids, asks }: BitstampBook, visit: (side: Side, ticks: number, lots: number) => void): void {
  for (const [ticks, lots] of bids) visit('buy', ticks, lots)
  for (const [ticks, lots] of asks) visit('sell', ticks, lots)
}

/** The ref of a level's order, above the ids of the feed. */
function levelRef(side: Side, priceTicks: number): number {
  return Number.MAX_SAFE_INTEGER - (priceTicks * 2 + (side === 'buy' ? 0 : 1))
}

/**
 * The previous close is unknown: the price of the first trade is used, or that of the first order. The ladder reaches
 * the highest price of the log, but at most four times the first price.
 * @throws {BitstampError} when the first price is beyond the longest ladder.
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
  const wanted = Math.min(highestTicks(log), LADDER_PRICE_FACTOR * previousCloseTicks, LADDER_TICKS_MOST)
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

function checkState(log: BitstampLog, state: SourceState): SavedBitstampReplay {
  const saved = state as Partial<SavedBitstampReplay>
  if (saved.source !== 'bitstamp' || saved.startTime !== log.times[0] || (saved.done ?? 0) > log.count) {
    throw new Error('the saved state is not of a replay of this Bitstamp log')
  }
  return saved as SavedBitstampReplay
}
