// The commands of scenario steps: orders of the scenario desk, and operator commands. Called by director.ts.

import type { InstrumentSpec } from '@papertape/protocol'
import type { Announcement, MarketPort } from '../../market-source.ts'
import type { TradedSymbol } from '../agents/agent.ts'
import { take } from '../agents/marketable-order.ts'
import { DESK } from '../desks.ts'
import type { Random } from '../random/random.ts'
import { round4 } from '../random/variates.ts'
import type { BurstStep, NewsStep, PhaseStep, PressStep, SweepStep } from './scenario.ts'

/** Size of one order of a press step, as a share of the daily volume: about forty seconds of a usual day. */
const PRESS_SHARE = 0.0018
/** Price levels that a burst uses, from the best one on. */
const BURST_LEVELS = 5

/** How a press step that varies differs in one symbol of one run, as factors. */
export interface PressTerms {
  /** Of the limit at its end. */
  readonly fraction: number
  /** Of the time to its end: it is over before the others. */
  readonly speed: number
  /** Of the sizes of its orders. */
  readonly size: number
}

const EVEN: PressTerms = { fraction: 1, speed: 1, size: 1 }

export function drawPressTerms(random: Random): PressTerms {
  const between = (low: number, high: number) => round4(low + (high - low) * random.unit())
  return { fraction: between(0.85, 1.1), speed: between(1, 1.5), size: between(0.6, 1.4) }
}

/** Sends one order of a press step, at its current limit. Nothing once it is over in this symbol. */
export function press(
  { side, fraction, varies = false }: PressStep,
  traded: TradedSymbol,
  drawn: PressTerms,
  startTicks: number,
  elapsedShare: number,
  random: Random,
  port: MarketPort,
): void {
  const terms = varies ? drawn : EVEN
  const progress = elapsedShare * terms.speed
  if (progress > 1) return
  const moved = fraction * terms.fraction * progress * (varies ? progress : 1)
  const limitTicks = Math.round(startTicks * (1 + moved))
  const lots = Math.ceil(traded.parameters.dailyLots * PRESS_SHARE * terms.size * (0.5 + random.unit()))
  take(port, traded, DESK.scenario, side, limitTicks, lots)
}

/** Sends what a burst step sends in `elapsedMs`: each order is placed near the best price and cancelled at once. */
export function burst(
  { ordersPerS }: BurstStep,
  { index, spec, parameters }: TradedSymbol,
  pace: number,
  elapsedMs: number,
  random: Random,
  { book, submit }: MarketPort,
): void {
  const orders = (ordersPerS * parameters.activity * pace * elapsedMs) / 1000
  const ref = index + 1
  for (let left = orders; random.chance(left); left--) {
    const side = random.chance(0.5) ? 'buy' : 'sell'
    const best = side === 'buy' ? book.bestBid(index) : book.bestAsk(index)
    if (best === 0) return
    const behind = random.below(BURST_LEVELS)
    const priceTicks = Math.max(1, side === 'buy' ? best - behind : best + behind)
    const order = { desk: DESK.scenario, ref, symbol: spec.symbol, side, priceTicks } as const
    submit({ type: 'desk.place', ...order, sizeLots: parameters.roundLots, instruction: 'postOnly' })
    submit({ type: 'desk.cancel', desk: DESK.scenario, ref })
  }
}

/** Sends the order of a sweep step. */
export function sweep({ side, fraction, dayShare }: SweepStep, traded: TradedSymbol, port: MarketPort): void {
  const best = side === 'buy' ? port.book.bestAsk(traded.index) : port.book.bestBid(traded.index)
  const limitTicks = Math.round(best * (1 + fraction))
  take(port, traded, DESK.scenario, side, limitTicks, Math.ceil(traded.parameters.dailyLots * dayShare))
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
