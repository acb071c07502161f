// The interface of a participant of the simulated market. Each has its own file, random stream and a few numbers of
// state; market.ts wakes them in order of time.

import type { InstrumentSpec } from '@papertape/protocol'
import type { MarketPort } from '../../market-source.ts'
import type { TradingParameters } from '../liquidity.ts'
import type { MarketConditions } from '../market-conditions.ts'
import type { Random } from '../random/random.ts'

export interface Agent {
  /** Acts. Returns its next wake: market time, whole microseconds since 1970, later than `timeUs`. */
  wake(timeUs: number, port: MarketPort): number
  /** Its state, without its random stream and its next wake. */
  save(): readonly number[]
}

/** The symbol that an agent trades. */
export interface TradedSymbol {
  readonly index: number
  readonly spec: InstrumentSpec
  readonly parameters: TradingParameters
  readonly conditions: Readonly<MarketConditions>
}

/** What an agent is created from. */
export interface AgentStart {
  readonly traded: TradedSymbol
  readonly random: Random
  /** Its saved state; empty for a new agent. */
  readonly own: readonly number[]
}
