// Liquidity providers: limit orders behind the best price, cancelled at random or when the fair price gets too near.
// They share a number of slots in a symbol. A wake picks a random slot: an order there is cancelled, an empty slot
// gets one, so that the cancellation rate grows with the number of resting orders, as in real books.

import { type BookReader, SIDE } from '@papertape/engine'
import type { Side } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import { DESK, slotRef } from '../desks.ts'
import { thinnedLots, widenedTicks } from '../market-conditions.ts'
import { delayUs, exponential } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { restingSize } from './order-sizes.ts'

/** Chance that a cancel is a reduction. */
const PARTIAL = 0.02

export function createLiquidityProvider(start: AgentStart, fundamental: Fundamental, consensus: Consensus): Agent {
  const { traded, random } = start
  const { index, parameters, conditions } = traded
  const { activity, providerSlots, providerMs, providerBatch, insideChance, queueTicks, staleTicks, leaning } =
    parameters
  const { symbol, priceTicksMax } = traded.spec
  const desk = DESK.liquidityProvider
  /** Price of the order in each slot, bids positive, asks negative, 0 for none; it may have been filled since. */
  let ticks: Int32Array | undefined
  /** Least distance from the fair price, under the current conditions. */
  let keptTicks = staleTicks

  function restore({ book }: MarketPort): Int32Array {
    return Int32Array.from({ length: providerSlots }, (_, slot) => {
      const ref = slotRef(index, slot)
      const price = book.orderTicks(desk, ref)
      return price !== 0 && book.orderSide(desk, ref) === SIDE.sell ? -price : price
    })
  }

  /** From -1 to 1: how much the side of buyers is preferred, which the price moves away from. */
  function leanOf(fairTicks: number, book: BookReader): number {
    const bid = book.bestBid(index)
    const ask = book.bestAsk(index)
    if (bid === 0 || ask === 0) return 0
    return Math.min(1, Math.max(-1, (leaning * (2 * fairTicks - bid - ask)) / (ask - bid)))
  }

  /** Takes a part of an order back now and then, otherwise all of it. */
  function cancelSome(slot: number, port: MarketPort): void {
    const ref = slotRef(index, slot)
    const open = port.book.openLots(desk, ref)
    if (open < 2 || !random.chance(PARTIAL)) cancel(slot, port)
    else port.submit({ type: 'desk.reduce', desk, ref, byLots: 1 + random.below(open - 1) })
  }

  function cancel(slot: number, port: MarketPort): void {
    ticks![slot] = 0
    port.submit({ type: 'desk.cancel', desk, ref: slotRef(index, slot) })
  }

  function place(slot: number, fairTicks: number, { book, submit }: MarketPort): void {
    const bid = book.bestBid(index)
    const ask = book.bestAsk(index)
    if (bid === 0 || ask === 0) return
    const side: Side = random.chance(0.5 + leanOf(fairTicks, book) / 2) ? 'buy' : 'sell'
    const inside = random.chance(insideChance)
    const improvement = random.unit()
    const behind = inside
      ? -Math.floor(improvement * improvement * (ask - bid))
      : Math.floor(queueTicks * exponential(random))
    const wanted = side === 'buy' ? bid - behind : ask + behind
    if (side === 'buy' ? wanted > fairTicks - keptTicks : wanted < fairTicks + keptTicks) return
    const priceTicks = Math.min(priceTicksMax, Math.max(1, wanted))
    const sizeLots = thinnedLots(restingSize(random, parameters), conditions)
    const order = { desk, ref: slotRef(index, slot), symbol, side, priceTicks, sizeLots } as const
    if (submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).accepted) {
      ticks![slot] = side === 'buy' ? priceTicks : -priceTicks
    }
  }

  /** Fewer when the conditions are thin. */
  function slotsInUse(): number {
    return Math.ceil(providerSlots * conditions.depth)
  }

  /** Cancels orders too near the fair price, and those in slots that are not in use. */
  function withdraw(fairTicks: number, port: MarketPort): void {
    const inUse = slotsInUse()
    for (let slot = 0; slot < providerSlots; slot++) {
      const price = ticks![slot]!
      const isStale = price > 0 ? price > fairTicks - keptTicks : price < 0 && -price < fairTicks + keptTicks
      if (!isStale && (price === 0 || slot < inUse)) continue
      if (port.book.openLots(desk, slotRef(index, slot)) > 0) cancel(slot, port)
      else ticks![slot] = 0
    }
  }

  function wake(timeUs: number, port: MarketPort): number {
    ticks ??= restore(port)
    const { book } = port
    const fairTicks = consensus.fairTicks(book)
    keptTicks = staleTicks + widenedTicks(parameters, conditions)
    const isTooNear = book.bestBid(index) > fairTicks - keptTicks || book.bestAsk(index) < fairTicks + keptTicks
    if (isTooNear || conditions.depth < 1) withdraw(fairTicks, port)
    for (let more = true; more; more = random.chance(providerBatch)) {
      const slot = random.below(providerSlots)
      if (ticks[slot] !== 0 && book.openLots(desk, slotRef(index, slot)) > 0) {
        const lean = leanOf(fairTicks, book)
        if (!random.chance(ticks[slot]! > 0 ? lean : -lean)) cancelSome(slot, port)
      } else if (slot < slotsInUse()) place(slot, fairTicks, port)
    }
    return timeUs + delayUs(random, providerMs / (activity * fundamental.pace))
  }

  return { wake, save: () => [] }
}
