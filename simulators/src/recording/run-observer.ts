// The interface of what observes a simulated run: its order flow, its commands, and what the agents know. Types only.

import type { Exchange, OrderFlowListener } from '@papertape/engine'
import type { Command } from '@papertape/protocol'
import type { SimulatedMarketOptions } from '../market/market.ts'

/** Sees what a run does beside its public events, which it does not change. */
export interface RunObserver extends Pick<SimulatedMarketOptions, 'onParentDone' | 'onChildOrder' | 'onValue'> {
  readonly flow: OrderFlowListener
  /** The exchange of the run. */
  watch(exchange: Exchange): void
  /** Just before each command of the market or of a user, with its market time. */
  onCommand(time: number, command: Command): void
}
