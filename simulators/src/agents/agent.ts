// What every participant of the simulated market is: something that sleeps, wakes, and acts through the door. Each has
// one file, one random stream and a few numbers of state; market.ts wakes them in order of time.

import type { BookReader } from '@papertape/engine'
import type { InstrumentSpec } from '@papertape/protocol'
import type { Liquidity } from '../liquidity.ts'
import type { MarketDoor } from '../market-source.ts'
import type { Random } from '../random.ts'

/** Its random stream, its next wake, and whatever numbers it remembers. */
export type AgentState = readonly [random: string, nextTime: number, ...own: number[]]

export interface Agent {
  /** When it wakes next: market time, whole ms since 1970. */
  readonly nextTime: number
  wake(time: number, door: MarketDoor): void
  save(): AgentState
}

/** The symbol that an agent trades. */
export interface Ground {
  readonly index: number
  readonly spec: InstrumentSpec
  readonly liquidity: Liquidity
}

/** What an agent is made of: its symbol, its own stream, its first wake or what it was when it was put away. */
export interface AgentStart {
  readonly ground: Ground
  readonly random: Random
  readonly nextTime: number
  /** What `save` gave after the stream and the next wake; empty for a new agent. */
  readonly own: readonly number[]
}

/** What a share is worth to those who know; the fundamental tells. */
export interface Valuation {
  readonly valueTicks: number
}

/** Between best bid and best ask; the value where a side is empty. */
export function middle(book: BookReader, ground: Ground, valuation: Valuation): number {
  const bid = book.bestBid(ground.index)
  const ask = book.bestAsk(ground.index)
  return bid === 0 || ask === 0 ? valuation.valueTicks : (bid + ask) / 2
}
