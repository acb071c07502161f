// A market maker: a few quotes a side around the consensus price, replaced when it moves; one of the best quotes
// flickers now and then (is replaced repeatedly within moments). Skews its quotes against its inventory, which it
// derives from the open lots of its own orders.

import { type BookReader, SIDE } from '@papertape/engine'
import type { MarketPort } from '../../market-source.ts'
import { slotRef } from '../desks.ts'
import type { IntradayProfile } from '../intraday-profile.ts'
import { thinnedLots, widenedTicks } from '../market-conditions.ts'
import { delayUs } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { restingSize } from './order-sizes.ts'

export interface MakerParameters {
  readonly desk: number
  /** Orders a side. */
  readonly levels: number
  /** Added to its distance from the fair price. */
  readonly outerTicks: number
  /** Mean time between two wakes. */
  readonly lookMs: number
}

/** A market maker that follows the trades of its symbol: it acts on them before its next look. */
export interface MarketMaker extends Agent {
  /** Called after each action in its symbol. Returns when a trade makes it act; infinite without one. */
  reactionUs(timeUs: number, book: BookReader): number
}

/** Chance that it acts on a trade, and its mean delay. */
const REACTS = 0.95
const REACTION_MS = 1
/** Mean time between two looks in a halt, and the chance that it leaves at one: after a minute or so. */
const HALTED_LOOK_MS = 2_000
const LEAVES = 0.03
/** Inventory, in round lots, of the largest skew, and its decay factor a wake. */
const INVENTORY_MOST = 60
const INVENTORY_DECAY = 0.999
/** Chance and mean delay of a quick next wake after a change, and the chance to flicker in it. */
const AGAIN = 0.87
const AGAIN_MS = 80
const FLICKERS = 0.9

export function createMarketMaker(
  start: AgentStart,
  own: MakerParameters,
  fundamental: Fundamental,
  consensus: Consensus,
  session: IntradayProfile,
): MarketMaker {
  const { traded, random } = start
  const { conditions, parameters } = traded
  const { desk, levels } = own
  const { index } = traded
  const { symbol, priceTicksMax } = traded.spec
  const { activity, halfSpreadTicks, gapTicks, jitterTicks, roundLots, restlessness } = traded.parameters
  const slackTicks = traded.parameters.slackTicks + own.outerTicks
  const slots = levels * 2
  const [savedInventory = 0, savedAgain = 0, savedBest = 0, ...savedLots] = start.own
  let inventoryLots = savedInventory
  /** 1: this is a quick wake after a change. */
  let again = savedAgain
  /** The slot that flickers: that of the best bid or of the best ask. */
  let best = savedBest
  /** Lots placed in each slot, bids first; what is missing of them has been filled. */
  const expectedLots = Array.from({ length: slots }, (_, slot) => savedLots[slot] ?? 0)
  /** Traded in its symbol, up to its last look at it. */
  let seenLots = start.own[3 + slots] ?? 0
  /** From the fair price to the best orders, under the current conditions. */
  let nearestTicks = halfSpreadTicks
  /** Price in each slot; read from the book after a restart. */
  let ticks: number[] | undefined

  function updateInventory({ book }: MarketPort): void {
    ticks ??= expectedLots.map((_, slot) => book.orderTicks(desk, slotRef(index, slot)))
    for (let slot = 0; slot < slots; slot++) {
      const expected = expectedLots[slot]!
      if (expected === 0) continue
      const open = book.openLots(desk, slotRef(index, slot))
      inventoryLots += slot < levels ? expected - open : open - expected
      expectedLots[slot] = open
    }
    inventoryLots = Math.round(inventoryLots * INVENTORY_DECAY)
  }

  /** Least distance of the slot's order from the fair price. */
  function usualTicks(slot: number): number {
    const behindTicks = own.outerTicks + gapTicks * (slot < levels ? slot : slot - levels)
    return nearestTicks + behindTicks
  }

  /** Too near the fair price, or too far from it. */
  function isStale(slot: number, fairTicks: number): boolean {
    const distance = slot < levels ? fairTicks - ticks![slot]! : ticks![slot]! - fairTicks
    const beyond = distance - usualTicks(slot)
    return beyond < -slackTicks || beyond > jitterTicks + 1 + slackTicks
  }

  /** It does not go nearer to the other side than this. */
  const closestTicks = Math.max(1, Math.round(halfSpreadTicks / 2))

  /** Rounded outwards to a tick. Where collected orders cross, the other side's best price does not matter. */
  function priceFor(slot: number, fairTicks: number, { book }: MarketPort): number {
    const distance = usualTicks(slot) + jitterTicks * random.unit()
    const bid = book.bestBid(index)
    const ask = book.bestAsk(index)
    const isCrossed = ask !== 0 && bid >= ask
    if (slot >= levels) {
      const leastTicks = isCrossed ? 1 : bid + closestTicks
      return Math.min(priceTicksMax, Math.max(Math.ceil(fairTicks + distance), leastTicks))
    }
    const mostTicks = isCrossed || ask === 0 ? priceTicksMax : ask - closestTicks
    return Math.max(1, Math.min(Math.floor(fairTicks - distance), mostTicks))
  }

  function replace(slot: number, fairTicks: number, port: MarketPort): void {
    const ref = slotRef(index, slot)
    if (expectedLots[slot] !== 0) port.submit({ type: 'desk.cancel', desk, ref })
    const priceTicks = priceFor(slot, fairTicks, port)
    const sizeLots = thinnedLots(restingSize(random, parameters), conditions)
    const order = { desk, ref, symbol, side: slot < levels ? 'buy' : 'sell', priceTicks, sizeLots } as const
    expectedLots[slot] = port.submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).openLots
    ticks![slot] = priceTicks
  }

  /** Takes its quotes out of the book. */
  function withdraw({ submit }: MarketPort): void {
    for (let slot = 0; slot < slots; slot++) {
      if (expectedLots[slot] !== 0) submit({ type: 'desk.cancel', desk, ref: slotRef(index, slot) })
      expectedLots[slot] = 0
    }
  }

  function wake(timeUs: number, port: MarketPort): number {
    updateInventory(port)
    if (port.book.phaseOf(index) === 'halted') {
      if (random.chance(LEAVES)) withdraw(port)
      return timeUs + delayUs(random, HALTED_LOOK_MS)
    }
    nearestTicks = halfSpreadTicks * session.spreadAt(timeUs / 1000) + widenedTicks(parameters, conditions)
    const skew = Math.min(1, Math.max(-1, inventoryLots / (INVENTORY_MOST * roundLots)))
    const fairTicks = consensus.fairTicks(port.book) - skew * slackTicks
    let changed = false
    for (let slot = 0; slot < slots; slot++) {
      const isMissing = expectedLots[slot] === 0
      if (!isMissing && !isStale(slot, fairTicks)) continue
      replace(slot, fairTicks, port)
      changed ||= !isMissing
    }
    if (random.chance(again === 1 ? FLICKERS * Math.min(1, activity) : restlessness)) {
      if (again === 0) best = random.chance(0.5) ? 0 : levels
      replace(best, fairTicks, port)
      changed = true
    }
    again = changed && random.chance(AGAIN) ? 1 : 0
    return (
      timeUs +
      delayUs(random, again === 1 ? AGAIN_MS / conditions.activity : own.lookMs / (activity * fundamental.pace))
    )
  }

  function reactionUs(timeUs: number, book: BookReader): number {
    const lots = book.takenLots(index, SIDE.buy) + book.takenLots(index, SIDE.sell)
    if (lots === seenLots) return Number.POSITIVE_INFINITY
    seenLots = lots
    return random.chance(REACTS) ? timeUs + delayUs(random, REACTION_MS) : Number.POSITIVE_INFINITY
  }

  return { wake, reactionUs, save: () => [inventoryLots, again, best, ...expectedLots, seenLots] }
}
