// Patient traders: limit orders near the touch, inside the spread when it is wide, cancelled when patience ends.
// They share a fixed number of slots in a symbol; a random slot is looked at: an order there is cancelled, an empty one
// gets an order. So the chance of a cancel grows with the orders that rest, as it does in real books.

import { DESK, slotRef } from '../desks.ts'
import type { MarketDoor } from '../market-source.ts'
import { delay, exponential } from '../variates.ts'
import { type Agent, type AgentStart, type AgentState, middle, type Valuation } from './agent.ts'
import { restingSize } from './sizes.ts'

const SLOTS = 24
const MEAN_DELAY_MS = 700

export function createPatient(start: AgentStart, valuation: Valuation): Agent {
  const { ground, random } = start
  const { activity, roundLots, halfSpreadTicks, gapTicks } = ground.liquidity
  const { symbol, priceTicksMax } = ground.spec
  let nextTime = start.nextTime

  function place(ref: number, door: MarketDoor): void {
    const side = random.chance(0.5) ? 'buy' : 'sell'
    const outward = side === 'buy' ? -1 : 1
    const centre = middle(door.book, ground, valuation)
    // Most within a few levels of the touch; some improve on it.
    const distance = halfSpreadTicks * 0.6 + exponential(random) * gapTicks * 3
    const ticks = outward < 0 ? Math.floor(centre - distance) : Math.ceil(centre + distance)
    const priceTicks = Math.min(priceTicksMax, Math.max(1, ticks))
    const order = {
      desk: DESK.patient,
      ref,
      symbol,
      side,
      priceTicks,
      sizeLots: restingSize(random, roundLots),
    } as const
    door.submit({ type: 'desk.place', ...order, instruction: 'postOnly' })
  }

  function wake(time: number, door: MarketDoor): void {
    const ref = slotRef(ground.index, random.below(SLOTS))
    if (door.book.openLots(DESK.patient, ref) > 0) door.submit({ type: 'desk.cancel', desk: DESK.patient, ref })
    else place(ref, door)
    nextTime = time + delay(random, MEAN_DELAY_MS / activity)
  }

  return {
    get nextTime() {
      return nextTime
    },
    wake,
    save: (): AgentState => [random.save(), nextTime],
  }
}
