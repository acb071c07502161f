// The commands of the house's own desks: simulated participants and replayed tapes. No accounts, no cash checks, no texts,
// as few steps as possible: most commands of a running market are these.

import {
  type CancelDeskOrder,
  type DeskAnswer,
  type PlaceDeskOrder,
  type PrintTrade,
  type ReduceDeskOrder,
  toTicks,
  UNITS_PER_CURRENCY,
} from '@papertape/protocol'
import { INSTRUCTION } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { Listing } from '../model/instrument.ts'
import { isCall, isMatching } from '../model/phase.ts'
import { marketLimit } from '../orders/price-limits.ts'
import { noteTrade, settleFills } from '../orders/settlement.ts'
import { endCommand } from '../phases/finish-command.ts'
import { assert } from '../primitives/assert.ts'
import type { Floor } from '../state/exchange-state.ts'

const REFUSED: DeskAnswer = Object.freeze({ type: 'desk', accepted: false, filledLots: 0, openLots: 0 })
const REFUSE = -1

export function placeDeskOrder(floor: Floor, command: PlaceDeskOrder): DeskAnswer {
  const { desk, ref, side, sizeLots, displayLots = 0 } = command
  const { engine, deskOrders, depth } = floor
  assert(desk >= 0, 'desks are numbered from 0 up')
  const listing = floor.listing(command.symbol)
  if (listing === undefined || deskOrders.idOf(desk, ref) !== 0) return REFUSED
  const instruction = instructionIn(listing, INSTRUCTION[command.instruction])
  if (instruction === REFUSE) return REFUSED
  const code = sideCode(side)
  const id = floor.nextEngineId()
  const limitTicks = limitIn(floor, listing, command, instruction)
  const result = engine.place(listing.index, id, desk, code, limitTicks, sizeLots, instruction, 0, displayLots)
  if (result < 0) return REFUSED
  const openLots = engine.restedLots()
  const filledLots = settleFills(floor, listing, side, undefined)
  if (openLots > 0) {
    const shownLots = displayLots === 0 ? openLots : openLots - engine.hiddenLots(id)
    deskOrders.add(desk, ref, id)
    depth.touch(code, limitTicks)
    floor.flow?.added(listing.index, id, code, limitTicks, shownLots)
  }
  endCommand(floor, listing)
  return { type: 'desk', accepted: true, filledLots, openLots }
}

/** In a call what could rest rests, and nothing else is taken; in a halt what a tape collects. */
function instructionIn({ phase }: Listing, instruction: number): number {
  if (phase === 'continuous' || isMatching(phase)) {
    return instruction === INSTRUCTION.call ? INSTRUCTION.rest : instruction
  }
  if (instruction === INSTRUCTION.call) return phase === 'closed' ? REFUSE : instruction
  const mayRest = instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
  return mayRest && isCall(phase) ? INSTRUCTION.call : REFUSE
}

/** The collar of a market order, and the band; a price that is none is left to the core to refuse. */
function limitIn(floor: Floor, listing: Listing, { side, priceTicks }: PlaceDeskOrder, instruction: number): number {
  if (instruction === INSTRUCTION.call) return priceTicks
  if (priceTicks === 0) {
    const mayRest = instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
    return mayRest ? 0 : marketLimit(floor, listing, side).ticks
  }
  const { bands, spec } = listing
  if (bands === undefined || priceTicks < 0 || priceTicks > spec.priceTicksMax) return priceTicks
  return side === 'buy' ? Math.min(priceTicks, bands.highTicks) : Math.max(priceTicks, bands.lowTicks)
}

/** Allowed in every phase, as reducing is. */
export function cancelDeskOrder(floor: Floor, { desk, ref }: CancelDeskOrder): DeskAnswer {
  const { engine, deskOrders } = floor
  const id = deskOrders.idOf(desk, ref)
  if (id === 0) return REFUSED
  const listing = floor.listings[engine.symbolOf(id)]!
  const side = engine.sideOf(id)
  const priceTicks = engine.priceOf(id)
  const shownLots = engine.shownLots(id)
  floor.queues.losing(id, listing.index, side, priceTicks, shownLots)
  engine.cancel(id)
  deskOrders.remove(desk, id)
  floor.depth.touch(side, priceTicks)
  floor.flow?.canceled(listing.index, id, side, priceTicks, shownLots, 0)
  endCommand(floor, listing)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: 0 }
}

/** What an iceberg hides goes first. */
export function reduceDeskOrder(floor: Floor, command: ReduceDeskOrder): DeskAnswer {
  const { desk, ref, byLots } = command
  if (!Number.isSafeInteger(byLots) || byLots < 1) return REFUSED
  const { engine, deskOrders } = floor
  const id = deskOrders.idOf(desk, ref)
  if (byLots >= engine.openLots(id)) return cancelDeskOrder(floor, { ...command, type: 'desk.cancel' })
  const listing = floor.listings[engine.symbolOf(id)]!
  const side = engine.sideOf(id)
  const priceTicks = engine.priceOf(id)
  const shownLots = engine.shownLots(id)
  engine.reduce(id, byLots)
  const leftShown = engine.shownLots(id)
  if (leftShown < shownLots) {
    floor.depth.touch(side, priceTicks)
    floor.queues.losing(id, listing.index, side, priceTicks, shownLots - leftShown)
    floor.flow?.canceled(listing.index, id, side, priceTicks, shownLots - leftShown, leftShown)
  }
  endCommand(floor, listing)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: engine.openLots(id) }
}

/** A trade from outside the books: it moves the tape, not the levels. */
export function printTrade(floor: Floor, command: PrintTrade): DeskAnswer {
  const { symbol, price, size, aggressor, hidden, auction = false } = command
  const listing = floor.listing(symbol)
  if (listing === undefined) return REFUSED
  if (!isMatching(listing.phase) && (!auction || listing.phase === 'closed')) return REFUSED
  if (!(price > 0 && price < Number.POSITIVE_INFINITY) || !Number.isSafeInteger(size) || size < 1) return REFUSED
  const ticks = toTicks(listing.spec, price)
  if (ticks !== undefined) listing.lastTicks = ticks
  noteTrade(floor, listing, ticks ?? (price * UNITS_PER_CURRENCY) / listing.spec.tickUnits, price, size)
  floor.log.trade(symbol, ++floor.counters.tradeId, price, size, aggressor, kindOf(hidden, auction))
  endCommand(floor, listing)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: 0 }
}

function kindOf(hidden: boolean, auction: boolean): 'hidden' | 'auction' | undefined {
  if (auction) return 'auction'
  return hidden ? 'hidden' : undefined
}
