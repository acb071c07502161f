// One who knows what a share is worth, about: when a quote is on the wrong side of its own estimate by more than an edge, buys
// the cheap offer or sells to the dear bid. Takes stale quotes, users' mispriced orders among them, out of the book.

import type { MarketDoor } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { delay, normal } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Consensus } from './consensus.ts'
import type { Fundamental } from './fundamental-value.ts'
import { take } from './marketable-order.ts'
import { takingSize } from './order-sizes.ts'

export function createFundamentalist(start: AgentStart, fundamental: Fundamental, consensus: Consensus): Agent {
  const { ground, random } = start
  const { activity, estimateTicks, edgeTicks, fundamentalistMs } = ground.habits

  function wake(time: number, door: MarketDoor): number {
    const estimate = consensus.fairTicks(door.book) + estimateTicks * normal(random)
    const buyTo = Math.floor(estimate - edgeTicks)
    const sellTo = Math.ceil(estimate + edgeTicks)
    const ask = door.book.bestAsk(ground.index)
    const bid = door.book.bestBid(ground.index)
    const sizeLots = takingSize(random, ground.habits)
    if (ask !== 0 && ask <= buyTo) take(door, ground, DESK.fundamentalist, 'buy', buyTo, sizeLots)
    else if (bid !== 0 && bid >= sellTo) take(door, ground, DESK.fundamentalist, 'sell', sellTo, sizeLots)
    return time + delay(random, fundamentalistMs / (activity * fundamental.pace))
  }

  return { wake, save: () => [] }
}
