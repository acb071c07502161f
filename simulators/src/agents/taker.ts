// The crowd that trades for reasons of its own: marketable orders in bursts. Large intentions are split into parts that
// all have one side, which gives the flow its memory. Knows nothing of the value; never rests an order.

import type { Side } from '@papertape/protocol'
import { DESK } from '../desks.ts'
import type { MarketDoor } from '../market-source.ts'
import { opposite } from '../sides.ts'
import { delay, pareto } from '../variates.ts'
import type { Agent, AgentStart, AgentState } from './agent.ts'
import { takingSize } from './sizes.ts'

/** Mean time between orders of the busiest symbol, in its quiet state and in its busy one. */
const QUIET_MS = 3_600
const BUSY_MS = 450
/** Chances, at each order, that the state changes. */
const WAKE_UP = 0.07
const CALM_DOWN = 0.12
/** How often a new intention is one that is split, and into how many parts at most. */
const SPLIT = 0.25
const PARTS_MOST = 40

export function createTaker(start: AgentStart): Agent {
  const { ground, random } = start
  const { activity, roundLots, halfSpreadTicks, gapTicks } = ground.liquidity
  const { symbol, priceTicksMax } = ground.spec
  let nextTime = start.nextTime
  let busy = start.own[0] === 1
  let parts = start.own[1] ?? 0
  let side: Side = start.own[2] === 1 ? 'sell' : 'buy'

  /** The side of the next order: the rest of a split intention, or a new one. */
  function intend(): void {
    if (parts > 0) {
      parts--
      return
    }
    side = random.chance(0.5) ? side : opposite(side)
    if (random.chance(SPLIT)) parts = Math.min(PARTS_MOST, Math.floor(2 * pareto(random)))
  }

  function wake(time: number, door: MarketDoor): void {
    intend()
    const best = side === 'buy' ? door.book.bestAsk(ground.index) : door.book.bestBid(ground.index)
    const sizeLots = takingSize(random, roundLots, roundLots * 20)
    // Willing to walk a few levels, not the whole book.
    const slack = Math.ceil(halfSpreadTicks + gapTicks * 3)
    const limit = side === 'buy' ? best + slack : best - slack
    if (best !== 0) {
      const priceTicks = Math.min(priceTicksMax, Math.max(1, limit))
      const order = { desk: DESK.taker, ref: ground.index + 1, symbol, side, priceTicks, sizeLots } as const
      door.submit({ type: 'desk.place', ...order, instruction: 'immediateOrCancel' })
    }
    if (random.chance(busy ? CALM_DOWN : WAKE_UP)) busy = !busy
    nextTime = time + delay(random, (busy ? BUSY_MS : QUIET_MS) / activity)
  }

  return {
    get nextTime() {
      return nextTime
    },
    wake,
    save: (): AgentState => [random.save(), nextTime, busy ? 1 : 0, parts, side === 'sell' ? 1 : 0],
  }
}
