// What every participant of the simulated market is: something that sleeps, wakes, and acts through the door. Each has
// one file, one random stream and a few numbers of state; market.ts wakes them in order of time.

import type { InstrumentSpec } from '@papertape/protocol'
import type { MarketDoor } from '../../market-source.ts'
import type { Habits } from '../liquidity.ts'
import type { Climate } from '../market-conditions.ts'
import type { Random } from '../random/random.ts'

export interface Agent {
  /** Acts; answers when it wakes next: market time, whole ms since 1970, after this one. */
  wake(time: number, door: MarketDoor): number
  /** Whatever numbers it remembers; its stream and its next wake are kept for it. */
  save(): readonly number[]
}

/** The symbol that an agent trades. */
export interface Ground {
  readonly index: number
  readonly spec: InstrumentSpec
  readonly habits: Habits
  /** What is out of the ordinary just now. */
  readonly climate: Readonly<Climate>
}

/** What an agent is made of: its symbol, its own stream, and what it was when it was put away. */
export interface AgentStart {
  readonly ground: Ground
  readonly random: Random
  /** What `save` gave; empty for a new agent. */
  readonly own: readonly number[]
}
