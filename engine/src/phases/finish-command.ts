// Finishes each command that has touched an instrument: triggers stops and starts legs, reprices orders outside of the
// bands, publishes book and quote, and updates what depends on the quote. Queue positions are published later, once a
// command.

import type { TradedInstrument } from '../model/instrument.ts'
import { isCall } from '../model/phase.ts'
import { fillReached } from '../orders/model-fills.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { publishBands, repriceToBands, updateLimitState } from './limit-state.ts'
import { publishIndication } from './run-auction.ts'
import { startLegs } from './start-legs.ts'
import { publishTrails } from './trailing-stops.ts'
import { triggerStops } from './trigger-stops.ts'

export function finishCommand(state: ExchangeState, instrument: TradedInstrument): void {
  do {
    if (instrument.traded.high !== 0) triggerStops(state, instrument)
  } while (startLegs(state, instrument))
  if (instrument.bandsMoved) repriceToBands(state, instrument)
  state.depth.publish(instrument)
  if (instrument.bandsMoved) publishBands(state, instrument)
  if (instrument.bands !== undefined) updateLimitState(state, instrument)
  if (instrument.trailingDue <= state.log.time) publishTrails(state, instrument)
  fillReached(state, instrument)
  if (isCall(instrument.phase)) publishIndication(state, instrument, state.log.time)
}
