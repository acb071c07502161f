// The one who knows the value: when a quote is on the wrong side of it by more than a threshold, buys the cheap offer or
// sells to the dear bid. Pulls the price to the fundamental, and users' mispriced orders out of the book.

import type { Side } from '@papertape/protocol'
import { DESK } from '../desks.ts'
import type { MarketDoor } from '../market-source.ts'
import { delay } from '../variates.ts'
import type { Agent, AgentStart, AgentState, Valuation } from './agent.ts'
import { takingSize } from './sizes.ts'

const MEAN_DELAY_MS = 2_500

export function createArbitrageur(start: AgentStart, valuation: Valuation): Agent {
  const { ground, random } = start
  const { activity, roundLots, halfSpreadTicks } = ground.liquidity
  const { symbol, priceTicksMax } = ground.spec
  let nextTime = start.nextTime

  /** Its edge differs from time to time: a fixed threshold would pin the price to its rim. */
  function wake(time: number, door: MarketDoor): void {
    const edgeTicks = halfSpreadTicks * (0.25 + random.unit())
    const buyTo = Math.floor(valuation.valueTicks - edgeTicks)
    const sellTo = Math.ceil(valuation.valueTicks + edgeTicks)
    const ask = door.book.bestAsk(ground.index)
    const bid = door.book.bestBid(ground.index)
    if (ask !== 0 && ask <= buyTo) take('buy', buyTo, door)
    else if (bid !== 0 && bid >= sellTo) take('sell', sellTo, door)
    nextTime = time + delay(random, MEAN_DELAY_MS / activity)
  }

  function take(side: Side, limitTicks: number, door: MarketDoor): void {
    const priceTicks = Math.min(priceTicksMax, Math.max(1, limitTicks))
    const sizeLots = takingSize(random, roundLots, roundLots * 10)
    const order = { desk: DESK.arbitrageur, ref: ground.index + 1, symbol, side, priceTicks, sizeLots } as const
    door.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' })
  }

  return {
    get nextTime() {
      return nextTime
    },
    wake,
    save: (): AgentState => [random.save(), nextTime],
  }
}
