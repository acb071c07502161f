// Noise traders: bursts of marketable orders of one side. The number of orders in a burst is heavy-tailed, which makes
// the order flow clustered and its signs autocorrelated. Independent of the fundamental value; never rests an order.

import type { BookReader } from '@papertape/engine'
import type { MarketPort } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { delayUs, pareto } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtBest } from './marketable-order.ts'
import { marketableSize } from './order-sizes.ts'

/** Orders of a burst: scale, tail exponent, maximum. */
const PARTS = 1.4
const PARTS_TAIL = 1.6
const PARTS_MOST = 20
/** Chance that a burst is on the other side than the last. */
const ALTERNATES = 0.92
/** Chance that the next order of a burst follows at once, and its mean delay then. */
const AT_ONCE = 0.5
const AT_ONCE_MS = 3

export function createNoiseTrader(start: AgentStart, fundamental: Fundamental): Agent {
  const { traded, random } = start
  const { index } = traded
  const { activity, noiseTraderMs, noisePartMs, takesThinner } = traded.parameters
  let [parts = 0, buys = 0] = start.own

  /** Mostly the other side than last time; the one with the thinner queue to take, when it is thin. */
  function sideFor(book: BookReader): number {
    const bid = book.bestBid(index)
    const ask = book.bestAsk(index)
    const bidLots = bid === 0 ? 0 : book.levelLots(index, bid)
    const askLots = ask === 0 ? 0 : book.levelLots(index, ask)
    const imbalance = bidLots + askLots === 0 ? 0 : (bidLots - askLots) / (bidLots + askLots)
    if (random.chance(takesThinner * Math.abs(imbalance))) return imbalance > 0 ? 1 : 0
    return random.chance(ALTERNATES) ? 1 - buys : buys
  }

  function wake(timeUs: number, port: MarketPort): number {
    if (parts === 0) {
      buys = sideFor(port.book)
      parts = Math.min(PARTS_MOST, Math.floor(PARTS * pareto(random, PARTS_TAIL)))
    }
    takeAtBest(
      port,
      traded,
      random,
      DESK.noiseTrader,
      buys === 1 ? 'buy' : 'sell',
      marketableSize(random, traded.parameters),
    )
    parts--
    const pace = activity * fundamental.pace
    if (parts === 0) return timeUs + delayUs(random, noiseTraderMs / pace)
    return timeUs + delayUs(random, random.chance(AT_ONCE) ? AT_ONCE_MS : noisePartMs / pace)
  }

  return { wake, save: () => [parts, buys] }
}
