// Patient traders: limit orders at some distance behind the touch, cancelled when patience ends, or when the price is about to
// run them over. They share a number of slots in a symbol; a random slot is looked at: an order there is cancelled, an empty
// one gets an order. So the chance of a cancel grows with the orders that rest, as it does in real books.

import type { Side } from '@papertape/protocol'
import type { MarketDoor } from '../../market-source.ts'
import { DESK, slotRef } from '../desks.ts'
import { thinnedLots, widenedTicks } from '../market-conditions.ts'
import { delay, exponential } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { restingSize } from './order-sizes.ts'

export function createPatient(start: AgentStart, fundamental: Fundamental, consensus: Consensus): Agent {
  const { ground, random } = start
  const { index, habits, climate } = ground
  const { activity, patientSlots, patientMs, patientBatch, insideChance, queueTicks, staleTicks } = habits
  const { symbol, priceTicksMax } = ground.spec
  const desk = DESK.patient
  /** Price of the order in each slot, bids positive, asks negative, 0 for none; some may have been filled meanwhile. */
  let ticks: Int32Array | undefined
  /** Nearer to the fair price none of them stands, as the climate has it. */
  let keptTicks = staleTicks

  function recall({ book }: MarketDoor): Int32Array {
    const recalled = Int32Array.from({ length: patientSlots }, (_, slot) => book.orderTicks(desk, slotRef(index, slot)))
    const ask = book.bestAsk(index)
    return recalled.map(price => (ask !== 0 && price >= ask ? -price : price))
  }

  function cancel(slot: number, door: MarketDoor): void {
    ticks![slot] = 0
    door.submit({ type: 'desk.cancel', desk, ref: slotRef(index, slot) })
  }

  function place(slot: number, fairTicks: number, { book, submit }: MarketDoor): void {
    const side: Side = random.chance(0.5) ? 'buy' : 'sell'
    const bid = book.bestBid(index)
    const ask = book.bestAsk(index)
    if (bid === 0 || ask === 0) return
    const inside = random.chance(insideChance)
    const behind = inside ? -Math.floor(random.unit() * (ask - bid)) : Math.floor(queueTicks * exponential(random))
    const wanted = side === 'buy' ? bid - behind : ask + behind
    // Nobody offers below what all take it to be worth.
    if (side === 'buy' ? wanted > fairTicks - keptTicks : wanted < fairTicks + keptTicks) return
    const priceTicks = Math.min(priceTicksMax, Math.max(1, wanted))
    const sizeLots = thinnedLots(restingSize(random, habits), climate)
    const order = { desk, ref: slotRef(index, slot), symbol, side, priceTicks, sizeLots } as const
    if (submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).accepted) {
      ticks![slot] = side === 'buy' ? priceTicks : -priceTicks
    }
  }

  /** Of the slots, those that the climate leaves. */
  function slotsInUse(): number {
    return Math.ceil(patientSlots * climate.depth)
  }

  /** Takes away what would be run over, and those who have left. */
  function withdraw(fairTicks: number, door: MarketDoor): void {
    const inUse = slotsInUse()
    for (let slot = 0; slot < patientSlots; slot++) {
      const price = ticks![slot]!
      const isStale = price > 0 ? price > fairTicks - keptTicks : price < 0 && -price < fairTicks + keptTicks
      if (!isStale && (price === 0 || slot < inUse)) continue
      if (door.book.openLots(desk, slotRef(index, slot)) > 0) cancel(slot, door)
      else ticks![slot] = 0
    }
  }

  function wake(time: number, door: MarketDoor): number {
    ticks ??= recall(door)
    const { book } = door
    const fairTicks = consensus.fairTicks(book)
    keptTicks = staleTicks + widenedTicks(habits, climate)
    const isRunOver = book.bestBid(index) > fairTicks - keptTicks || book.bestAsk(index) < fairTicks + keptTicks
    if (isRunOver || climate.depth < 1) withdraw(fairTicks, door)
    for (let more = true; more; more = random.chance(patientBatch)) {
      const slot = random.below(patientSlots)
      if (ticks[slot] !== 0 && book.openLots(desk, slotRef(index, slot)) > 0) cancel(slot, door)
      else if (slot < slotsInUse()) place(slot, fairTicks, door)
    }
    return time + delay(random, patientMs / (activity * fundamental.pace))
  }

  return { wake, save: () => [] }
}
