// A market maker: a ladder of orders on both sides around what it believes a share to be worth, leaning against its
// inventory, refreshed and cancelled level by level. Learns from its fills at once and from the fundamental slowly.
// Never takes: every order is post-only. market.ts runs two in a symbol, a near one and a deep one.

import { priceRef } from '../desks.ts'
import type { MarketDoor } from '../market-source.ts'
import { decay, delay, round4 } from '../variates.ts'
import type { Agent, AgentStart, AgentState, Valuation } from './agent.ts'
import { createOwnSide, type OwnSide } from './own-orders.ts'
import { restingSize } from './sizes.ts'

export interface MakerHabits {
  readonly desk: number
  /** Orders that it keeps on each side, about. */
  readonly levels: number
  /** From its fair value to its first level, and from level to level. */
  readonly halfSpreadTicks: number
  readonly gapTicks: number
  readonly roundLots: number
  /** How far a fill of one round lot moves its fair value. */
  readonly impactTicks: number
  readonly meanDelayMs: number
  /** How long it takes to learn the fundamental. */
  readonly learnMs: number
}

/** Inventory is laid off elsewhere within about five minutes. */
const INVENTORY_MS = 300_000
/** A sweep moves its fair value by no more than this many round lots would. */
const SWEEP_LOTS_MOST = 12

export function createMaker(start: AgentStart, habits: MakerHabits, valuation: Valuation): Agent {
  const { ground, random } = start
  const { desk, levels, halfSpreadTicks, gapTicks, roundLots, impactTicks } = habits
  const { symbol, priceTicksMax } = ground.spec
  const [savedFair, savedInventory, savedBids, savedAsks, savedTime] = start.own
  let nextTime = start.nextTime
  let fairTicks = savedFair ?? valuation.valueTicks
  let inventoryLots = savedInventory ?? 0
  let lastTime = savedTime ?? start.nextTime
  const bids = createOwnSide(desk, ground.index, 'buy', savedBids ?? 0)
  const asks = createOwnSide(desk, ground.index, 'sell', savedAsks ?? 0)

  /** Takes in what happened since the last wake. */
  function learn(time: number, door: MarketDoor): void {
    const boughtLots = bids.survey(door.book) - asks.survey(door.book)
    const elapsedMs = time - lastTime
    lastTime = time
    inventoryLots = Math.round((inventoryLots + boughtLots) * (1 - decay(elapsedMs, INVENTORY_MS)))
    const pushed = Math.min(SWEEP_LOTS_MOST, Math.max(-SWEEP_LOTS_MOST, boughtLots / roundLots)) * impactTicks
    fairTicks = round4(fairTicks - pushed + (valuation.valueTicks - fairTicks) * decay(elapsedMs, habits.learnMs))
  }

  /** Where it centres its quotes: a long maker shades down to be bought from. */
  function centre(): number {
    const leaning = Math.min(2, Math.max(-2, inventoryLots / (30 * roundLots)))
    return fairTicks - leaning * halfSpreadTicks
  }

  function cancel(own: OwnSide, ticks: number, door: MarketDoor): void {
    const ref = priceRef(ground.index, own.side, ticks)
    const lots = door.book.openLots(desk, ref)
    if (door.submit({ type: 'desk.cancel', desk, ref }).accepted) own.canceled(lots)
  }

  /** Orders too near its centre would be picked off, those far outside are useless: at most `most` go in one wake. */
  function cancelStale(own: OwnSide, centreTicks: number, most: number, door: MarketDoor): number {
    const outward = own.side === 'buy' ? -1 : 1
    const nearest = halfSpreadTicks * 0.5
    const farthest = (halfSpreadTicks + gapTicks * levels) * 2
    let canceled = 0
    for (let i = 0; i < own.count && canceled < most; i++) {
      const distance = (own.ticks[i]! - centreTicks) * outward
      if (distance >= nearest && distance <= farthest) continue
      cancel(own, own.ticks[i]!, door)
      canceled++
    }
    return canceled
  }

  function place(own: OwnSide, centreTicks: number, level: number, door: MarketDoor): void {
    const outward = own.side === 'buy' ? -1 : 1
    const distance = halfSpreadTicks + gapTicks * (level + random.unit())
    // Outwards to the next whole tick; then on to one where it has no order yet.
    let ticks = outward < 0 ? Math.floor(centreTicks - distance) : Math.ceil(centreTicks + distance)
    for (let tries = 0; tries < 4; tries++, ticks += outward) {
      if (ticks < 1 || ticks > priceTicksMax) return
      const ref = priceRef(ground.index, own.side, ticks)
      if (door.book.openLots(desk, ref) > 0) continue
      const sizeLots = restingSize(random, roundLots)
      const order = { desk, ref, symbol, side: own.side, priceTicks: ticks, sizeLots } as const
      own.placed(door.submit({ type: 'desk.place', ...order, instruction: 'postOnly' }).openLots)
      return
    }
  }

  /** Somewhere in the ladder, near levels more often than deep ones. */
  function placeSomewhere(own: OwnSide, centreTicks: number, door: MarketDoor): void {
    place(own, centreTicks, Math.min(random.below(levels), random.below(levels)), door)
  }

  /** After the price has moved: what is stale goes, and as much comes back where it belongs, at the touch first. */
  function follow(centreTicks: number, door: MarketDoor): boolean {
    const staleBids = cancelStale(bids, centreTicks, 3, door)
    const staleAsks = cancelStale(asks, centreTicks, 3, door)
    if (staleBids + staleAsks === 0) return false
    for (const own of [bids, asks]) place(own, centreTicks, 0, door)
    for (let i = 0; i < staleBids; i++) placeSomewhere(bids, centreTicks, door)
    for (let i = 0; i < staleAsks; i++) placeSomewhere(asks, centreTicks, door)
    return true
  }

  /** One small change to one side: an order more or an order less. */
  function refresh(own: OwnSide, centreTicks: number, door: MarketDoor): void {
    const full = own.count >= levels
    if (full || (own.count > levels * 0.6 && random.chance(0.5))) {
      cancel(own, own.ticks[Math.min(random.below(own.count), random.below(own.count))]!, door)
      return
    }
    // A side that was swept is filled again at more than one level a wake.
    const missing = own.count < levels * 0.5 ? 3 : 1
    for (let i = 0; i < missing; i++) placeSomewhere(own, centreTicks, door)
  }

  function wake(time: number, door: MarketDoor): void {
    learn(time, door)
    const centreTicks = centre()
    if (bids.expectedLots + asks.expectedLots === 0) {
      for (let level = 0; level < levels; level++) for (const own of [bids, asks]) place(own, centreTicks, level, door)
    } else if (!follow(centreTicks, door)) {
      refresh(random.chance(0.5) ? bids : asks, centreTicks, door)
    }
    nextTime = time + delay(random, habits.meanDelayMs)
  }

  return {
    get nextTime() {
      return nextTime
    },
    wake,
    save: (): AgentState => [
      random.save(),
      nextTime,
      fairTicks,
      inventoryLots,
      bids.expectedLots,
      asks.expectedLots,
      lastTime,
    ],
  }
}
