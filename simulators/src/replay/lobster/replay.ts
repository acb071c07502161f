// A LOBSTER tape as a market source: each message becomes commands of the tape's desk, and executions become orders of
// a second desk, so that they match with users' resting orders. Without users, trades, sizes and prices are the
// file's.

import { SIDE } from '@papertape/engine'
import type { DeskCommand, Phase, Side } from '@papertape/protocol'
import { DESK } from '../../market/desks.ts'
import type { MarketPort, MarketSource, SourceState } from '../../market-source.ts'
import { opposite, sideOf } from '../sides.ts'
import { createTapeOrders } from '../tape-orders.ts'
import { HALT, type LobsterMessages, MESSAGE } from './messages.ts'
import { priorOrders, tapeInstrument } from './tape-listing.ts'

export interface LobsterReplayOptions {
  readonly symbol: string
  readonly name: string
  readonly messages: LobsterMessages
  /** Market time of the millisecond of the first message; orders that rested before are placed then. */
  readonly startTime: number
}

/** How well the tape fits a book. A ghost is an order whose end the file does not show. */
export interface LobsterFigures {
  readonly executions: number
  /** Executions of the oldest order at the best price. */
  readonly atHead: number
  /** Executions whose order was not in the book; 0 without users. */
  readonly missing: number
  /** Orders deleted because a resting order would have crossed them, or an execution was at a worse price. */
  readonly ghosts: number
  /** Auctions in the file, and trading halts. */
  readonly crosses: number
  readonly halts: number
}

export interface LobsterReplay extends MarketSource {
  readonly figures: LobsterFigures
}

interface SavedLobsterReplay extends SourceState {
  readonly source: 'lobster'
  readonly symbol: string
  /** Messages done; -1 before the orders that already rested are placed. */
  readonly done: number
  readonly trading: TapePhase
  readonly figures: LobsterFigures
}

/**
 * The trading state of the file: halted, quoting (orders are collected), crossed (the auction is printed), continuous.
 */
type TapePhase = 'continuous' | 'halted' | 'quoting' | 'crossed'

const HALT_PHASES: Readonly<Record<number, readonly [trading: TapePhase, phase: Phase, reason: string | null]>> = {
  [HALT.halted]: ['halted', 'halted', 'halted on the tape'],
  [HALT.quoting]: ['quoting', 'paused', 'quoting before the reopening cross'],
  [HALT.trading]: ['continuous', 'continuous', null],
}

const SYMBOL_INDEX = 0
/** The order of the desk of takers in a cross; its others have ref 1. */
const CROSS_REF = 2
const NO_HALTS = { crosses: 0, halts: 0 }

export function createLobsterReplay(options: LobsterReplayOptions, state?: SourceState): LobsterReplay {
  const { symbol, messages, startTime } = options
  const { types, orderIds, sizes, prices, directions, timesMs, count } = messages
  const spec = tapeInstrument(symbol, options.name, messages)
  const prior = priorOrders(messages)
  const firstAdd = types.indexOf(MESSAGE.add)
  const orders = createTapeOrders(SYMBOL_INDEX)
  const saved = state === undefined ? undefined : checkState(options, state)
  const figures = { executions: 0, atHead: 0, missing: 0, ghosts: 0, ...NO_HALTS, ...saved?.figures }
  let done = saved?.done ?? -1
  let trading: TapePhase = saved?.trading ?? 'continuous'
  let nextPrior = 0
  // The lists of tape orders are not saved: they are rebuilt from the messages at the first step.
  let mustRestore = done >= 0

  function removeGhosts(ids: readonly number[], port: MarketPort): void {
    for (const ref of ids) port.submit({ type: 'desk.cancel', desk: DESK.tape, ref })
    figures.ghosts += ids.length
  }

  /** A resting order never crosses: tape orders that it would cross are ghosts. It trades with users' orders. */
  function add(orderId: number, side: Side, price: number, sizeLots: number, port: MarketPort): void {
    const priceTicks = price / spec.tickUnits
    // Orders may cross while trading is halted.
    if (trading === 'continuous') removeGhosts(orders.upTo(opposite(side), priceTicks, port.book), port)
    const order = { desk: DESK.tape, ref: orderId, symbol, side, priceTicks, sizeLots } as const
    if (port.submit({ type: 'desk.place', ...order, instruction: 'call' }).openLots > 0) {
      orders.add(side, priceTicks, orderId)
    }
  }

  /** Reduces an order, or cancels it when nothing would be left. */
  function reduce(orderId: number, lots: number, port: MarketPort): void {
    const open = port.book.openLots(DESK.tape, orderId)
    const named = { desk: DESK.tape, ref: orderId } as const
    if (open > lots) port.submit({ type: 'desk.reduce', ...named, byLots: lots })
    else if (open > 0) port.submit({ type: 'desk.cancel', ...named })
  }

  /** An execution is at the best price: tape orders at better prices are ghosts. */
  function execute(row: number, port: MarketPort): void {
    const side = sideOf(directions[row]!)
    const ref = orderIds[row]!
    const lots = sizes[row]!
    const ticks = prices[row]! / spec.tickUnits
    if (trading !== 'continuous') {
      // Part of a cross: no order arrives.
      figures.executions++
      reduce(ref, lots, port)
      port.submit(print(row))
      return
    }
    const better = side === 'buy' ? ticks + 1 : ticks - 1
    removeGhosts(orders.upTo(side, better, port.book), port)
    figures.executions++
    const openBefore = port.book.openLots(DESK.tape, ref)
    if (openBefore === 0) {
      // A user has taken it; only users' orders at better prices trade.
      figures.missing++
      take(side, better, lots, port)
    } else if (orders.oldest(side, ticks, port.book) === ref) {
      figures.atHead++
      take(side, ticks, lots, port)
      // Where a user's order was filled instead, the tape's order leaves the book as in the file.
      const surplus = port.book.openLots(DESK.tape, ref) - Math.max(0, openBefore - lots)
      if (surplus > 0) reduce(ref, surplus, port)
    } else {
      reduce(ref, lots, port)
      port.submit(print(row))
    }
  }

  /** Sends an aggressive order against `side`. */
  function take(side: Side, priceTicks: number, sizeLots: number, port: MarketPort): void {
    if (priceTicks < 1 || priceTicks > spec.priceTicksMax) return
    const order = { desk: DESK.tapeTaker, ref: 1, symbol, side: opposite(side), priceTicks, sizeLots } as const
    port.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' })
  }

  function print(row: number): DeskCommand {
    const aggressor = opposite(sideOf(directions[row]!))
    return {
      type: 'trade.print',
      symbol,
      price: prices[row]! / 10_000,
      size: sizes[row]!,
      aggressor,
      hidden: types[row] === MESSAGE.executeHidden,
      ...(trading === 'continuous' && types[row] !== MESSAGE.cross ? {} : { auction: true }),
    }
  }

  /** Prints an auction's trade and removes its lots from the collected orders, best prices first. */
  function cross(row: number, port: MarketPort): void {
    const lots = sizes[row]!
    if (lots === 0) return
    figures.crosses++
    if (trading !== 'continuous') {
      const isFirst = trading !== 'crossed'
      trading = 'crossed'
      const ticks = prices[row]! / spec.tickUnits
      const buyers = orders.upTo('buy', Math.ceil(ticks), port.book)
      const sellers = orders.upTo('sell', Math.floor(ticks), port.book)
      // Auction-only orders are not in the file: the lots are limited to what both sides have.
      const matched = Math.min(lots, openLotsOf(buyers, port), openLotsOf(sellers, port))
      for (const side of [buyers, sellers]) reduceOrders(side, matched, port)
      if (isFirst) crossUsers(ticks, port)
    }
    port.submit(print(row))
  }

  /**
   * Users' orders at better prices than that of the cross took part in it. They trade in the auction that reopens
   * trading; what the book lacks for that, a desk has at the price of the cross.
   */
  function crossUsers(ticks: number, port: MarketPort): void {
    for (const side of ['buy', 'sell'] as const) {
      const [at, better] =
        side === 'buy' ? [Math.ceil(ticks), Math.floor(ticks) + 1] : [Math.floor(ticks), Math.ceil(ticks) - 1]
      const lots = lotsUpTo(side, better, port)
      if (lots === openLotsOf(orders.upTo(side, better, port.book), port)) continue
      const sizeLots = lots - lotsUpTo(opposite(side), at, port)
      if (sizeLots <= 0) continue
      const order = { desk: DESK.tapeTaker, ref: CROSS_REF, symbol, side: opposite(side), priceTicks: at, sizeLots }
      port.submit({ type: 'desk.place', ...order, instruction: 'call' })
    }
  }

  /** All lots that the book shows on a side at `limitTicks` or better. */
  function lotsUpTo(side: Side, limitTicks: number, { book }: MarketPort): number {
    const isBuy = side === 'buy'
    let lots = 0
    let ticks = isBuy ? book.bestBid(SYMBOL_INDEX) : book.bestAsk(SYMBOL_INDEX)
    while (ticks !== 0 && (isBuy ? ticks >= limitTicks : ticks <= limitTicks)) {
      lots += book.levelLots(SYMBOL_INDEX, ticks, isBuy ? SIDE.buy : SIDE.sell)
      ticks = isBuy ? book.nextBidBelow(SYMBOL_INDEX, ticks) : book.nextAskAbove(SYMBOL_INDEX, ticks)
    }
    return lots
  }

  function openLotsOf(ids: readonly number[], port: MarketPort): number {
    return ids.reduce((sum, id) => sum + port.book.openLots(DESK.tape, id), 0)
  }

  function reduceOrders(ids: readonly number[], lots: number, port: MarketPort): void {
    let left = lots
    for (const id of ids) {
      const open = port.book.openLots(DESK.tape, id)
      if (left > 0) reduce(id, left, port)
      left -= Math.min(left, open)
    }
  }

  /** 0 when the tape has no sell order open. */
  function bestAskOfTape({ book }: MarketPort): number {
    let ticks = book.bestAsk(SYMBOL_INDEX)
    while (ticks > 0 && orders.oldest('sell', ticks, book) === 0) ticks = book.nextAskAbove(SYMBOL_INDEX, ticks)
    return ticks
  }

  function halt(row: number, port: MarketPort): void {
    const [next, phase, reason] = HALT_PHASES[prices[row]!]!
    if (next === 'halted' && trading !== 'halted') figures.halts++
    // The file's cross has been printed: tape orders that still cross each other are ghosts.
    if (next === 'continuous' && trading === 'crossed') {
      const ask = bestAskOfTape(port)
      if (ask > 0) removeGhosts(orders.upTo('buy', ask, port.book), port)
    }
    trading = next
    port.announce({ type: 'phase.set', symbol, phase, reason, until: null })
    // What users have canceled between the cross and the reopening.
    if (port.book.openLots(DESK.tapeTaker, CROSS_REF) > 0) {
      port.submit({ type: 'desk.cancel', desk: DESK.tapeTaker, ref: CROSS_REF })
    }
  }

  /** Places each order that the file never adds, before the first add with a higher id. */
  function placePrior(row: number, port: MarketPort): void {
    for (; hasPrior(row); nextPrior++) {
      const { orderId, side, price, lots } = prior[nextPrior]!
      add(orderId, side, price, lots, port)
    }
  }

  function hasPrior(addRow: number): boolean {
    return nextPrior < prior.length && (addRow < 0 || prior[nextPrior]!.orderId < orderIds[addRow]!)
  }

  /** Rebuilds the lists of open tape orders, in order of arrival, from the messages done. */
  function restoreOrders(port: MarketPort): void {
    const list = (orderId: number, side: Side, price: number) => {
      if (port.book.openLots(DESK.tape, orderId) > 0) orders.add(side, price / spec.tickUnits, orderId)
    }
    const listPrior = (addRow: number) => {
      for (; hasPrior(addRow); nextPrior++) {
        const { orderId, side, price } = prior[nextPrior]!
        list(orderId, side, price)
      }
    }
    listPrior(firstAdd)
    for (let row = 0; row < done; row++) {
      if (types[row] !== MESSAGE.add) continue
      listPrior(row)
      list(orderIds[row]!, sideOf(directions[row]!), prices[row]!)
    }
    mustRestore = false
  }

  function step(port: MarketPort): void {
    if (mustRestore) restoreOrders(port)
    if (done < 0) {
      done = 0
      placePrior(firstAdd, port)
      return
    }
    const row = done++
    const type = types[row]!
    if (type === MESSAGE.add) {
      placePrior(row, port)
      add(orderIds[row]!, sideOf(directions[row]!), prices[row]!, sizes[row]!, port)
    } else if (type === MESSAGE.reduce) reduce(orderIds[row]!, sizes[row]!, port)
    else if (type === MESSAGE.remove) port.submit({ type: 'desk.cancel', desk: DESK.tape, ref: orderIds[row]! })
    else if (type === MESSAGE.execute) execute(row, port)
    else if (type === MESSAGE.executeHidden) port.submit(print(row))
    else if (type === MESSAGE.cross) cross(row, port)
    else halt(row, port)
  }

  return {
    instruments: [spec],
    get nextTime() {
      if (done < 0) return startTime
      return done < count ? startTime + timesMs[done]! - Math.floor(timesMs[0]!) : undefined
    },
    get figures() {
      return { ...figures }
    },
    step,
    save: (): SavedLobsterReplay => ({ source: 'lobster', symbol, done, trading, figures: { ...figures } }),
  }
}

function checkState(options: LobsterReplayOptions, state: SourceState): SavedLobsterReplay {
  const saved = state as Partial<SavedLobsterReplay>
  if (saved.source !== 'lobster' || saved.symbol !== options.symbol || (saved.done ?? 0) > options.messages.count) {
    throw new Error(`the saved state is not of a replay of this ${options.symbol} tape`)
  }
  return saved as SavedLobsterReplay
}
