// A market maker: a few orders a side around what the share is taken to be worth, replaced as soon as that moves, and now and
// then one of the best flickers, placed again and again within moments. Leans against its inventory. Learns of its fills by
// looking at its own orders.

import type { MarketDoor } from '../../market-source.ts'
import { slotRef } from '../desks.ts'
import { thinnedLots, widenedTicks } from '../market-conditions.ts'
import { delay } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { restingSize } from './order-sizes.ts'

export interface MakerHabits {
  readonly desk: number
  /** Orders a side. */
  readonly levels: number
  /** How much further from the fair price than usual it starts. */
  readonly outerTicks: number
  /** Mean time between two looks at the market. */
  readonly lookMs: number
}

/** Inventory at which it leans by all its slack, in round lots, and what a look lets it keep in mind of it. */
const INVENTORY_MOST = 60
const INVENTORY_KEPT = 0.999
/** Chance that a look that changed something is soon followed by another; when; and the chance that a busy one flickers. */
const AGAIN = 0.87
const AGAIN_MS = 80
const FLICKERS = 0.9

export function createMaker(
  start: AgentStart,
  own: MakerHabits,
  fundamental: Fundamental,
  consensus: Consensus,
): Agent {
  const { ground, random } = start
  const { climate, habits } = ground
  const { desk, levels } = own
  const { index } = ground
  const { symbol, priceTicksMax } = ground.spec
  const { activity, halfSpreadTicks, gapTicks, jitterTicks, roundLots, restlessness } = ground.habits
  const slackTicks = ground.habits.slackTicks + own.outerTicks
  const slots = levels * 2
  const [savedInventory = 0, savedAgain = 0, savedBest = 0, ...savedLots] = start.own
  let inventoryLots = savedInventory
  /** 1: the last look changed something, and this one follows at once. */
  let again = savedAgain
  /** The slot that flickers: the best bid or the best ask. */
  let best = savedBest
  /** Lots that should rest in each slot, bids first. What is missing of them has been filled. */
  const expectedLots = Array.from({ length: slots }, (_, slot) => savedLots[slot] ?? 0)
  /** From the fair price to the best orders, as the climate has it. */
  let nearestTicks = halfSpreadTicks
  /** Price in each slot; read from the book when it is taken up again. */
  let ticks: number[] | undefined

  function learn({ book }: MarketDoor): void {
    ticks ??= expectedLots.map((_, slot) => book.orderTicks(desk, slotRef(index, slot)))
    for (let slot = 0; slot < slots; slot++) {
      const expected = expectedLots[slot]!
      if (expected === 0) continue
      const open = book.openLots(desk, slotRef(index, slot))
      inventoryLots += slot < levels ? expected - open : open - expected
      expectedLots[slot] = open
    }
    inventoryLots = Math.round(inventoryLots * INVENTORY_KEPT)
  }

  /** From the fair price to the nearest that the slot's order may be. */
  function usualTicks(slot: number): number {
    const behindTicks = own.outerTicks + gapTicks * (slot < levels ? slot : slot - levels)
    return nearestTicks + behindTicks
  }

  /** Too near the fair price it would be picked off, too far out it is useless. */
  function isStale(slot: number, fairTicks: number): boolean {
    const distance = slot < levels ? fairTicks - ticks![slot]! : ticks![slot]! - fairTicks
    const beyond = distance - usualTicks(slot)
    return beyond < -slackTicks || beyond > jitterTicks + 1 + slackTicks
  }

  /** Outwards to the next whole tick, and never through the other side. */
  function priceFor(slot: number, fairTicks: number, { book }: MarketDoor): number {
    const distance = usualTicks(slot) + jitterTicks * random.unit()
    if (slot >= levels)
      return Math.min(priceTicksMax, Math.max(Math.ceil(fairTicks + distance), book.bestBid(index) + 1))
    const ask = book.bestAsk(index)
    return Math.max(1, Math.min(Math.floor(fairTicks - distance), ask === 0 ? priceTicksMax : ask - 1))
  }

  function replace(slot: number, fairTicks: number, door: MarketDoor): void {
    const ref = slotRef(index, slot)
    if (expectedLots[slot] !== 0) door.submit({ type: 'desk.cancel', desk, ref })
    const priceTicks = priceFor(slot, fairTicks, door)
    const sizeLots = thinnedLots(restingSize(random, habits), climate)
    const order = { desk, ref, symbol, side: slot < levels ? 'buy' : 'sell', priceTicks, sizeLots } as const
    expectedLots[slot] = door.submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).openLots
    ticks![slot] = priceTicks
  }

  function wake(time: number, door: MarketDoor): number {
    learn(door)
    nearestTicks = halfSpreadTicks + widenedTicks(habits, climate)
    const leaning = Math.min(1, Math.max(-1, inventoryLots / (INVENTORY_MOST * roundLots)))
    const fairTicks = consensus.fairTicks(door.book) - leaning * slackTicks
    let changed = false
    for (let slot = 0; slot < slots; slot++) {
      const isMissing = expectedLots[slot] === 0
      if (!isMissing && !isStale(slot, fairTicks)) continue
      replace(slot, fairTicks, door)
      changed ||= !isMissing
    }
    if (random.chance(again === 1 ? FLICKERS * Math.min(1, activity) : restlessness)) {
      if (again === 0) best = random.chance(0.5) ? 0 : levels
      replace(best, fairTicks, door)
      changed = true
    }
    again = changed && random.chance(AGAIN) ? 1 : 0
    return time + delay(random, again === 1 ? AGAIN_MS / climate.activity : own.lookMs / (activity * fundamental.pace))
  }

  return { wake, save: () => [inventoryLots, again, best, ...expectedLots] }
}
