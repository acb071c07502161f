// The commands of the house's own desks: simulated participants and replayed tapes. No accounts, no cash checks, no texts,
// as few steps as possible: most commands of a running market are these.

import {
  type CancelDeskOrder,
  type DeskAnswer,
  type PlaceDeskOrder,
  type PrintTrade,
  type ReduceDeskOrder,
  toTicks,
} from '@papertape/protocol'
import { assert } from './assert.ts'
import { INSTRUCTION } from './codes.ts'
import type { Floor } from './floor.ts'
import { settleFills, sideCode } from './trading.ts'

const REFUSED: DeskAnswer = Object.freeze({ type: 'desk', accepted: false, filledLots: 0, openLots: 0 })

export function placeDeskOrder(floor: Floor, command: PlaceDeskOrder): DeskAnswer {
  const { desk, ref, side, priceTicks, sizeLots, instruction } = command
  const { engine, deskOrders, depth } = floor
  assert(desk >= 0, 'desks are numbered from 0 up')
  const listing = floor.listing(command.symbol)
  if (listing === undefined || listing.phase !== 'continuous') return REFUSED
  if (deskOrders.idOf(desk, ref) !== 0) return REFUSED
  const code = sideCode(side)
  const id = floor.nextEngineId()
  const result = engine.place(listing.index, id, desk, code, priceTicks, sizeLots, INSTRUCTION[instruction])
  if (result < 0) return REFUSED
  const openLots = engine.restedLots()
  const filledLots = settleFills(floor, listing, side, undefined)
  if (openLots > 0) {
    deskOrders.add(desk, ref, id)
    depth.touch(code, priceTicks)
    floor.flow?.added(listing.index, id, code, priceTicks, openLots)
  }
  depth.publish(listing)
  return { type: 'desk', accepted: true, filledLots, openLots }
}

export function cancelDeskOrder(floor: Floor, { desk, ref }: CancelDeskOrder): DeskAnswer {
  return takeLotsOff(floor, desk, ref, Number.POSITIVE_INFINITY)
}

export function reduceDeskOrder(floor: Floor, { desk, ref, byLots }: ReduceDeskOrder): DeskAnswer {
  if (!Number.isSafeInteger(byLots) || byLots < 1) return REFUSED
  return takeLotsOff(floor, desk, ref, byLots)
}

/** A trade from outside the books: it moves the tape, not the levels. */
export function printTrade(floor: Floor, { symbol, price, size, aggressor, hidden }: PrintTrade): DeskAnswer {
  const listing = floor.listing(symbol)
  if (listing === undefined || listing.phase !== 'continuous') return REFUSED
  if (!(price > 0 && price < Number.POSITIVE_INFINITY) || !Number.isSafeInteger(size) || size < 1) return REFUSED
  const ticks = toTicks(listing.spec, price)
  if (ticks !== undefined) listing.lastTicks = ticks
  listing.minute.add(floor.log.time, price, size)
  floor.log.trade(symbol, ++floor.counters.tradeId, price, size, aggressor, hidden)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: 0 }
}

/** Allowed in every phase. */
function takeLotsOff(floor: Floor, desk: number, ref: number, byLots: number): DeskAnswer {
  const { engine, deskOrders, depth } = floor
  const id = deskOrders.idOf(desk, ref)
  if (id === 0) return REFUSED
  const side = engine.sideOf(id)
  const priceTicks = engine.priceOf(id)
  depth.touch(side, priceTicks)
  const listing = floor.listings[engine.symbolOf(id)]!
  const openLots = engine.openLots(id)
  const leftLots = Math.max(openLots - byLots, 0)
  if (byLots < openLots) engine.reduce(id, byLots)
  else {
    engine.cancel(id)
    deskOrders.remove(desk, id)
  }
  floor.flow?.canceled(listing.index, id, side, priceTicks, openLots - leftLots, leftLots)
  depth.publish(listing)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: leftLots }
}
