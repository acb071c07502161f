// A trend follower: remembers where the price was over the last minute or so, and buys what has risen or sells what has fallen
// by more than the spread. Knows nothing of the value.

import type { MarketDoor } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { decay, delay, round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtTouch } from './marketable-order.ts'
import { takingSize } from './order-sizes.ts'

const MEMORY_MS = 60_000

export function createChartist(start: AgentStart, fundamental: Fundamental): Agent {
  const { ground, random } = start
  const { activity, chartistMs, trendTicks } = ground.habits
  let [averageTicks = 0, sleptMs = 0] = start.own

  function wake(time: number, door: MarketDoor): number {
    const bid = door.book.bestBid(ground.index)
    const ask = door.book.bestAsk(ground.index)
    if (bid !== 0 && ask !== 0) {
      const middle = (bid + ask) / 2
      if (averageTicks === 0) averageTicks = middle
      const trend = middle - averageTicks
      averageTicks = round4(averageTicks + trend * decay(sleptMs, MEMORY_MS))
      // The stronger the trend, the likelier.
      if (Math.abs(trend) > trendTicks * (0.5 + random.unit())) {
        takeAtTouch(door, ground, DESK.chartist, trend > 0 ? 'buy' : 'sell', takingSize(random, ground.habits))
      }
    }
    sleptMs = delay(random, chartistMs / (activity * fundamental.pace))
    return time + sleptMs
  }

  return { wake, save: () => [averageTicks, sleptMs] }
}
