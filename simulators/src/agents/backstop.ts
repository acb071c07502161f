// The deep pocket: a few large orders far from the price on both sides, so that no book ever runs empty, whatever is
// thrown at it. Sits on a coarse price grid of its own, and moves with the value. Never quotes near the touch.

import type { Side } from '@papertape/protocol'
import { UNITS_PER_CURRENCY } from '@papertape/protocol'
import { DESK, priceRef } from '../desks.ts'
import type { MarketDoor } from '../market-source.ts'
import { delay } from '../variates.ts'
import type { Agent, AgentStart, AgentState, Valuation } from './agent.ts'

const LEVELS = 5
/** Worth of one of its orders, in currency: all of them together outbid any account that starts with a million. */
const WORTH = 1_000_000
const MEAN_DELAY_MS = 4_000

export function createBackstop(start: AgentStart, valuation: Valuation): Agent {
  const { ground, random } = start
  const { symbol, tickUnits, priceTicksMax, previousCloseTicks } = ground.spec
  const { halfSpreadTicks, gapTicks } = ground.liquidity
  // Outside the makers' ladders, and at least four tenths of a percent apart.
  const gridTicks = Math.max(4, Math.ceil(halfSpreadTicks + gapTicks * 14), Math.ceil(previousCloseTicks * 0.004))
  const price = (previousCloseTicks * tickUnits) / UNITS_PER_CURRENCY
  const levelLots = Math.max(1000, Math.round(WORTH / price / 1000) * 1000)
  let nextTime = start.nextTime

  /** Keeps the orders that belong on the grid of one side, and takes away those that the price has left or reached. */
  function keep(side: Side, door: MarketDoor): void {
    const outward = side === 'buy' ? -1 : 1
    const middle = valuation.valueTicks / gridTicks
    const home = side === 'buy' ? Math.floor(middle) : Math.ceil(middle)
    for (let step = -LEVELS; step <= LEVELS * 2; step++) {
      const priceTicks = (home + outward * step) * gridTicks
      if (priceTicks < 1 || priceTicks > priceTicksMax) continue
      const ref = priceRef(ground.index, side, priceTicks)
      const open = door.book.openLots(DESK.backstop, ref)
      const wanted = step >= 1 && step <= LEVELS
      // A step of slack either way, or an order would come and go while the value sits on a border.
      const tolerated = step >= 0 && step <= LEVELS + 1
      if (open > 0 && !tolerated) door.submit({ type: 'desk.cancel', desk: DESK.backstop, ref })
      if (open > 0 || !wanted) continue
      const order = { desk: DESK.backstop, ref, symbol, side, priceTicks, sizeLots: levelLots } as const
      door.submit({ type: 'desk.place', ...order, instruction: 'postOnly' })
    }
  }

  return {
    get nextTime() {
      return nextTime
    },
    wake(time, door) {
      keep('buy', door)
      keep('sell', door)
      nextTime = time + delay(random, MEAN_DELAY_MS)
    },
    save: (): AgentState => [random.save(), nextTime],
  }
}
