// A fundamentalist: takes quotes that are on the wrong side of its own noisy estimate of the fair price by more than an
// edge. Removes stale and mispriced orders, users' among them, from the book.

import type { MarketPort } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { delayUs, normal } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { take } from './marketable-order.ts'
import { marketableSize } from './order-sizes.ts'

export function createFundamentalist(start: AgentStart, fundamental: Fundamental, consensus: Consensus): Agent {
  const { traded, random } = start
  const { activity, estimateTicks, edgeTicks, fundamentalistMs } = traded.parameters

  function wake(timeUs: number, port: MarketPort): number {
    const estimate = consensus.fairTicks(port.book) + estimateTicks * normal(random)
    const buyTo = Math.floor(estimate - edgeTicks)
    const sellTo = Math.ceil(estimate + edgeTicks)
    const ask = port.book.bestAsk(traded.index)
    const bid = port.book.bestBid(traded.index)
    const sizeLots = marketableSize(random, traded.parameters)
    if (ask !== 0 && ask <= buyTo) take(port, traded, DESK.fundamentalist, 'buy', buyTo, sizeLots)
    else if (bid !== 0 && bid >= sellTo) take(port, traded, DESK.fundamentalist, 'sell', sellTo, sizeLots)
    return timeUs + delayUs(random, fundamentalistMs / (activity * fundamental.pace))
  }

  return { wake, save: () => [] }
}
