// A Bitstamp log as a market source: created orders go through matching, as they did there, and what the feed says of an
// order later is held to be so. The log's own books are not replayed, but for the first: it shows what rested before.
// Reads no files; the server and the CLI hand the log in.

import type { InstrumentSpec, Side } from '@papertape/protocol'
import { DESK, priceRef } from '../desks.ts'
import { createTapeOrders } from '../lobster/tape-orders.ts'
import type { MarketDoor, MarketSource, SourceState } from '../market-source.ts'
import { opposite } from '../sides.ts'
import { BITSTAMP, type BitstampBook, type BitstampLog } from './log.ts'
import { lotsThatRest, sideOf, unseenOrders } from './unseen-orders.ts'

export interface BitstampFigures {
  /** Orders created, and those of them that traded at once. */
  readonly created: number
  readonly takers: number
  /** Deleted because an order that only rested would have crossed them: their end is not in the log. */
  readonly ghosts: number
  /** Trades that the log tells of an order and our matching did not make: the lots were taken off. */
  readonly reduced: number
}

export interface BitstampReplay extends MarketSource {
  readonly figures: BitstampFigures
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

export function createBitstampReplay(log: BitstampLog, state?: SourceState): BitstampReplay {
  const { count, times, kinds, ids, lots, ticks, directions, books } = log
  const spec = instrumentOf(log)
  const { symbol } = spec
  const unseen = unseenOrders(log)
  const restLots = lotsThatRest(log)
  const orders = createTapeOrders(SYMBOL_INDEX)
  const saved = state === undefined ? undefined : checkState(log, state)
  const figures = { created: 0, takers: 0, ghosts: 0, reduced: 0, ...saved?.figures }
  let done = saved?.done ?? 0
  let nextUnseen = saved?.nextUnseen ?? 0
  const [firstBook = -1] = books.keys()
  // The lists of resting orders are not saved: they are read back from the log at the first step.
  let forgotten = done > 0

  function place(ref: number, side: Side, priceTicks: number, sizeLots: number, door: MarketDoor): void {
    const order = { desk: DESK.tape, ref, symbol, side, priceTicks, sizeLots } as const
    if (sizeLots === 0 || priceTicks < 1 || priceTicks > spec.priceTicksMax) return
    if (door.submit({ type: 'desk.place', ...order, instruction: 'rest' }).openLots > 0)
      orders.add(side, priceTicks, ref)
  }

  /** An order that the log shows to rest never crosses: what the tape has in its way has left the book unseen. */
  function rest(ref: number, side: Side, priceTicks: number, sizeLots: number, door: MarketDoor): void {
    for (const ghost of orders.upTo(opposite(side), priceTicks, door.book)) {
      door.submit({ type: 'desk.cancel', desk: DESK.tape, ref: ghost })
      figures.ghosts++
    }
    place(ref, side, priceTicks, sizeLots, door)
  }

  function create(row: number, door: MarketDoor): void {
    const [id, side, price, size] = [ids[row]!, sideOf(directions[row]!), ticks[row]!, lots[row]!]
    for (; nextUnseen < unseen.length && unseen[nextUnseen]!.id < id; nextUnseen++) {
      const older = unseen[nextUnseen]!
      rest(older.id, older.side, older.ticks, older.lots, door)
    }
    figures.created++
    const takes = size - restLots[row]!
    const filled = takes === 0 ? 0 : take(id, side, price, takes, door)
    // One that our book cannot fill may have been filled where it rested: it does until the log says so.
    if (size > filled) rest(id, side, price, size - filled, door)
  }

  /** Answers the lots that traded. */
  function take(ref: number, side: Side, price: number, sizeLots: number, door: MarketDoor): number {
    figures.takers++
    const priceTicks = Math.min(Math.max(price, 1), spec.priceTicksMax)
    const order = { desk: DESK.tapeTaker, ref, symbol, side, priceTicks, sizeLots } as const
    return door.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' }).filledLots
  }

  /** No more than so much of an order is open now, says the log. Less is, while its own trades are still being told. */
  function settle(row: number, mostLots: number, door: MarketDoor): void {
    const named = { desk: DESK.tape, ref: ids[row]! } as const
    const open = door.book.openLots(DESK.tape, named.ref)
    if (open <= mostLots) return
    if (kinds[row] === BITSTAMP.changed || lots[row] === 0) figures.reduced++
    if (mostLots === 0) door.submit({ type: 'desk.cancel', ...named })
    else door.submit({ type: 'desk.reduce', ...named, byLots: open - mostLots })
  }

  /** What the first book shows and no order of the log explains rested before, and nobody touches it. */
  function fill(book: BitstampBook, door: MarketDoor): void {
    eachLevel(book, (side, price, size) => {
      const missing = size - door.book.levelLots(SYMBOL_INDEX, price)
      if (missing > 0) place(priceRef(SYMBOL_INDEX, side, price), side, price, missing, door)
    })
  }

  /** Lists what is open of the lines done, in the order in which it came: the lists of before the restart. */
  function recall(door: MarketDoor): void {
    const list = (ref: number, side: Side, price: number) => {
      if (door.book.openLots(DESK.tape, ref) > 0) orders.add(side, price, ref)
    }
    let older = 0
    for (let row = 0; row < done; row++) {
      if (row === firstBook)
        eachLevel(books.get(row)!, (side, price) => list(priceRef(SYMBOL_INDEX, side, price), side, price))
      if (kinds[row] !== BITSTAMP.created) continue
      for (; older < unseen.length && unseen[older]!.id < ids[row]!; older++) {
        const { id, side, ticks } = unseen[older]!
        list(id, side, ticks)
      }
      list(ids[row]!, sideOf(directions[row]!), ticks[row]!)
    }
    forgotten = false
  }

  function step(door: MarketDoor): void {
    if (forgotten) recall(door)
    const row = done++
    const kind = kinds[row]!
    if (kind === BITSTAMP.created) create(row, door)
    else if (kind === BITSTAMP.changed) settle(row, lots[row]!, door)
    else if (kind === BITSTAMP.deleted) settle(row, 0, door)
    else if (row === firstBook) fill(books.get(row)!, door)
  }

  return {
    instruments: [spec],
    get nextTime() {
      return done < count ? times[done]! : undefined
    },
    get figures() {
      return { ...figures }
    },
    step,
    save: (): SavedReplay => ({ source: 'bitstamp', startTime: times[0]!, done, nextUnseen, figures: { ...figures } }),
  }
}

function eachLevel({ bids, asks }: BitstampBook, visit: (side: Side, ticks: number, lots: number) => void): void {
  for (const [ticks, lots] of bids) visit('buy', ticks, lots)
  for (const [ticks, lots] of asks) visit('sell', ticks, lots)
}

/** The close of the day before is unknown: the first trade's price stands in for it. */
function instrumentOf({ kinds, ticks }: BitstampLog): InstrumentSpec {
  const row = Math.max(0, kinds.indexOf(BITSTAMP.trade))
  return { ...BITSTAMP_INSTRUMENT, previousCloseTicks: Math.max(1, ticks[row]!) }
}

function checkState(log: BitstampLog, state: SourceState): SavedReplay {
  const saved = state as Partial<SavedReplay>
  if (saved.source !== 'bitstamp' || saved.startTime !== log.times[0] || (saved.done ?? 0) > log.count) {
    throw new Error('the saved state is not one of a replay of this Bitstamp log')
  }
  return saved as SavedReplay
}
