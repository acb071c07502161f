// The crowd that trades for reasons of its own: small intentions, each traded in a burst of marketable orders of one side.
// How many orders an intention takes has a heavy tail, which gives the flow its bursts and its memory.
// Knows nothing of the value; never rests an order.

import type { MarketDoor } from '../../market-source.ts'
import { DESK } from '../desks.ts'
import { delay, pareto } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import type { Fundamental } from './fundamental-value.ts'
import { takeAtTouch } from './marketable-order.ts'
import { takingSize } from './order-sizes.ts'

/** Parts of an intention: their scale, their tail, and how many there are at most. */
const PARTS = 1.4
const PARTS_TAIL = 1.6
const PARTS_MOST = 20
/** Chance that an intention is the other way than the last: the crowd has no opinion that lasts. */
const ALTERNATES = 0.92
/** Parts follow at once, or after a moment. */
const AT_ONCE = 0.35
const AT_ONCE_MS = 12

export function createCrowd(start: AgentStart, fundamental: Fundamental): Agent {
  const { ground, random } = start
  const { activity, crowdMs, crowdPartMs } = ground.habits
  let [parts = 0, buys = 0] = start.own

  function wake(time: number, door: MarketDoor): number {
    if (parts === 0) {
      buys = random.chance(ALTERNATES) ? 1 - buys : buys
      parts = Math.min(PARTS_MOST, Math.floor(PARTS * pareto(random, PARTS_TAIL)))
    }
    takeAtTouch(door, ground, DESK.crowd, buys === 1 ? 'buy' : 'sell', takingSize(random, ground.habits))
    parts--
    const pace = activity * fundamental.pace
    if (parts === 0) return time + delay(random, crowdMs / pace)
    return time + delay(random, random.chance(AT_ONCE) ? AT_ONCE_MS : crowdPartMs / pace)
  }

  return { wake, save: () => [parts, buys] }
}
