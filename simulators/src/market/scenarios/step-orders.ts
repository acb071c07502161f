// What the steps of a scenario send to the exchange: orders of one who presses or mistypes, and the operator's words.
// Draws from the stream that is handed in. For the director.

import type { InstrumentSpec } from '@papertape/protocol'
import type { Announcement, MarketDoor } from '../../market-source.ts'
import type { Ground } from '../agents/agent.ts'
import { take } from '../agents/marketable-order.ts'
import { DESK } from '../desks.ts'
import type { Random } from '../random/random.ts'
import type { BurstStep, NewsStep, PhaseStep, PressStep, SweepStep } from './scenario.ts'

/** One order of one who presses, as a share of a day's volume: forty seconds of a usual day. */
const PRESS_SHARE = 0.0018
/** How many prices from the best one on a burst uses. */
const BURST_LEVELS = 5

/** Trades what is to be had on the near side of its limit, as far as that has come. */
export function press(
  { side, fraction }: PressStep,
  ground: Ground,
  startTicks: number,
  progress: number,
  random: Random,
  door: MarketDoor,
): void {
  const limitTicks = Math.round(startTicks * (1 + fraction * progress))
  const lots = Math.ceil(ground.habits.dailyLots * PRESS_SHARE * (0.5 + random.unit()))
  take(door, ground, DESK.scenario, side, limitTicks, lots)
}

/** So much of what a burst sends in `elapsedMs`: each order joins a side near the best price, and is gone again. */
export function burst(
  { ordersPerS }: BurstStep,
  { index, spec, habits }: Ground,
  pace: number,
  elapsedMs: number,
  random: Random,
  { book, submit }: MarketDoor,
): void {
  const orders = (ordersPerS * habits.activity * pace * elapsedMs) / 1000
  const ref = index + 1
  for (let left = orders; random.chance(left); left--) {
    const side = random.chance(0.5) ? 'buy' : 'sell'
    const best = side === 'buy' ? book.bestBid(index) : book.bestAsk(index)
    if (best === 0) return
    const behind = random.below(BURST_LEVELS)
    const priceTicks = Math.max(1, side === 'buy' ? best - behind : best + behind)
    const order = { desk: DESK.scenario, ref, symbol: spec.symbol, side, priceTicks } as const
    submit({ type: 'desk.place', ...order, sizeLots: habits.roundLots, instruction: 'postOnly' })
    submit({ type: 'desk.cancel', desk: DESK.scenario, ref })
  }
}

/** One order through the book, from the best price on. */
export function sweep({ side, fraction, dayShare }: SweepStep, ground: Ground, door: MarketDoor): void {
  const best = side === 'buy' ? door.book.bestAsk(ground.index) : door.book.bestBid(ground.index)
  const limitTicks = Math.round(best * (1 + fraction))
  take(door, ground, DESK.scenario, side, limitTicks, Math.ceil(ground.habits.dailyLots * dayShare))
}

export function announcementOf(step: PhaseStep | NewsStep, first: InstrumentSpec, startTime: number): Announcement {
  if (step.kind === 'news') {
    const headline = step.headline.replace('{name}', first.name)
    const symbols = step.symbols === 'all' ? [] : [first.symbol]
    return { type: 'news.publish', headline, symbols, severity: step.severity }
  }
  const { phase, reason, untilMs } = step
  const until = untilMs === null ? null : startTime + untilMs
  return { type: 'phase.set', symbol: step.symbols === 'all' ? null : first.symbol, phase, reason, until }
}
