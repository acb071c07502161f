// The price that market makers quote around: the fundamental value plus the impact of recent trades. Impact is
// immediate and decays like a power of time, as the sum of exponentials of several time constants; this gives
// square-root impact of metaorders. Places no orders.

import { type BookReader, SIDE } from '@papertape/engine'
import { exp } from '../random/deterministic-exp.ts'
import { round4 } from '../random/variates.ts'
import type { Agent, AgentStart } from './agent.ts'
import { VALUE_STEP_US } from './common-factor.ts'
import type { Fundamental } from './fundamental-value.ts'

/** Each time constant is four times the one before; with weights of one half their sum would decay like t^-1/2. */
const TIME_SCALES = 5
const SHORTEST_S = 60
const LONGER = 4
const WEAKER = 0.56
/** Net volume of a second, as a share of the daily volume, at which impact saturates to half its linear value. */
const HALF_IMPACT = 0.002

export interface Consensus extends Agent {
  fairTicks(book: BookReader): number
}

export function createConsensus({ traded, own }: AgentStart, fundamental: Fundamental): Consensus {
  const { index, parameters } = traded
  const halfLots = parameters.dailyLots * HALF_IMPACT
  const keeps: number[] = []
  const weights: number[] = []
  for (let i = 0, tauS = SHORTEST_S, weight = 1; i < TIME_SCALES; i++, tauS *= LONGER, weight *= WEAKER) {
    keeps.push(exp(-1 / tauS))
    weights.push(weight)
  }
  const totalWeight = weights.reduce((sum, weight) => sum + weight)
  const [savedLots = 0, ...savedMemories] = own
  /** Lots bought less lots sold up to the last step. */
  let seenLots = savedLots
  const memories = keeps.map((_, i) => savedMemories[i] ?? 0)
  let impactTicks = decayedTicks()

  function decayedTicks(): number {
    let ticks = 0
    for (let i = 0; i < TIME_SCALES; i++) ticks += weights[i]! * memories[i]!
    return ticks
  }

  function netLots(book: BookReader): number {
    return book.takenLots(index, SIDE.buy) - book.takenLots(index, SIDE.sell)
  }

  /** Impact of the trades since the last step: larger in a volatile market, smaller in a busy one. */
  function freshTicks(book: BookReader): number {
    const lots = netLots(book) - seenLots
    const effectiveLots = lots / (1 + Math.abs(lots) / halfLots)
    return effectiveLots * parameters.impactTicks * (fundamental.volatility / fundamental.pace)
  }

  return {
    fairTicks: book => fundamental.valueTicks + impactTicks + totalWeight * freshTicks(book),
    wake(timeUs, { book }) {
      const fresh = freshTicks(book)
      seenLots = netLots(book)
      for (let i = 0; i < TIME_SCALES; i++) memories[i] = round4(memories[i]! * keeps[i]! + fresh)
      impactTicks = decayedTicks()
      return timeUs + VALUE_STEP_US
    },
    save: () => [seenLots, ...memories],
  }
}
