// A trend follower: keeps an average of the price over about a minute, and buys after a rise or sells after a fall that
// exceeds a threshold. Does not know the fundamental value.

import type { MarketPort } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { decay, delayUs, round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtBest } from './marketable-order.ts'
import { marketableSize } from './order-sizes.ts'

const AVERAGE_MS = 60_000

export function createMomentumTrader(start: AgentStart, fundamental: Fundamental): Agent {
  const { traded, random } = start
  const { activity, momentumTraderMs, trendTicks } = traded.parameters
  let [averageTicks = 0, sleptMs = 0] = start.own

  function wake(timeUs: number, port: MarketPort): number {
    const bid = port.book.bestBid(traded.index)
    const ask = port.book.bestAsk(traded.index)
    if (bid !== 0 && ask !== 0) {
      const middle = (bid + ask) / 2
      if (averageTicks === 0) averageTicks = middle
      const trend = middle - averageTicks
      averageTicks = round4(averageTicks + trend * decay(sleptMs, AVERAGE_MS))
      // The stronger the trend, the likelier it trades.
      if (Math.abs(trend) > trendTicks * (0.5 + random.unit())) {
        takeAtBest(
          port,
          traded,
          random,
          DESK.momentumTrader,
          trend > 0 ? 'buy' : 'sell',
          marketableSize(random, traded.parameters),
        )
      }
    }
    const sleepUs = delayUs(random, momentumTraderMs / (activity * fundamental.pace))
    sleptMs = sleepUs / 1000
    return timeUs + sleepUs
  }

  return { wake, save: () => [averageTicks, sleptMs] }
}
