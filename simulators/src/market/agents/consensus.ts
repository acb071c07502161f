// What a share is taken to be worth by those who quote it: its value, and what the tape suggests beyond it. Buying moves the
// belief up at once, and the move fades like a power of time, since it is a sum of memories of many lengths. That fading is
// why a large order that is worked over time moves the price by the square root of its size. Places no orders.

import { type BookReader, SIDE } from '@papertape/engine'
import { exp } from '../random/deterministic-exp.ts'
import { round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import { VALUE_STEP_MS } from './common-factor.ts'
import type { Fundamental } from './fundamental-value.ts'

/** Of the memories, each lasts four times as long as the one before; a factor of one half would make their sum t^-1/2. */
const MEMORIES = 5
const SHORTEST_S = 60
const LONGER = 4
const WEAKER = 0.56
/** Trading within a second, as a share of a day's volume, of which only half is believed; a flood says no more than that. */
const HALF_BELIEVED = 0.002

export interface Consensus extends Agent {
  fairTicks(book: BookReader): number
}

export function createConsensus({ ground, own }: AgentStart, fundamental: Fundamental): Consensus {
  const { index, habits } = ground
  const halfLots = habits.dailyLots * HALF_BELIEVED
  const keeps: number[] = []
  const weights: number[] = []
  for (let i = 0, tauS = SHORTEST_S, weight = 1; i < MEMORIES; i++, tauS *= LONGER, weight *= WEAKER) {
    keeps.push(exp(-1 / tauS))
    weights.push(weight)
  }
  const weightNow = weights.reduce((sum, weight) => sum + weight)
  const [savedLots = 0, ...savedMemories] = own
  /** Lots bought less lots sold, as far as they are in the memories. */
  let seenLots = savedLots
  const memories = keeps.map((_, i) => savedMemories[i] ?? 0)
  let suggestedTicks = suggestion()

  function suggestion(): number {
    let ticks = 0
    for (let i = 0; i < MEMORIES; i++) ticks += weights[i]! * memories[i]!
    return ticks
  }

  function netLots(book: BookReader): number {
    return book.takenLots(index, SIDE.buy) - book.takenLots(index, SIDE.sell)
  }

  /** What was traded since the last step: a lot says more in a volatile market, and less in a busy one. */
  function freshTicks(book: BookReader): number {
    const lots = netLots(book) - seenLots
    const believedLots = lots / (1 + Math.abs(lots) / halfLots)
    return believedLots * habits.impactTicks * (fundamental.volatility / fundamental.pace)
  }

  return {
    fairTicks: book => fundamental.valueTicks + suggestedTicks + weightNow * freshTicks(book),
    wake(time, { book }) {
      const fresh = freshTicks(book)
      seenLots = netLots(book)
      for (let i = 0; i < MEMORIES; i++) memories[i] = round4(memories[i]! * keeps[i]! + fresh)
      suggestedTicks = suggestion()
      return time + VALUE_STEP_MS
    },
    save: () => [seenLots, ...memories],
  }
}
