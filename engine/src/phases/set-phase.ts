// Sets the phase of instruments and publishes it: one status event each or, if all of them change, one for the whole
// market. Called by the operator's commands and by timers.

import type { Phase } from '@papertape/protocol'
import type { TradedInstrument } from '../model/instrument.ts'
import { EVENT_INTO, nextPhase } from '../model/phase.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { applyTransition, type PhaseNote, publishPhase } from './apply-transition.ts'
import { finishCommand } from './finish-command.ts'

/**
 * @param instruments `state.instruments` means the whole market.
 * @param phase the new one. Instruments that cannot go there are left out; where they are there it is published again.
 */
export function setPhases(
  state: ExchangeState,
  instruments: readonly TradedInstrument[],
  phase: Phase,
  time: number,
  note: PhaseNote,
): void {
  const event = EVENT_INTO[phase]
  if (event === null) return
  const moved = instruments.filter(({ phase: from }) => from === phase || nextPhase(from, event) !== null)
  const isWhole = instruments === state.instruments && moved.length === instruments.length
  if (isWhole) state.log.status({ symbol: null, phase, ...note })
  for (const instrument of moved) {
    const isChanged = applyTransition(state, instrument, event, time, note, !isWhole)
    if (!isChanged) updateNote(state, instrument, note, !isWhole)
    finishCommand(state, instrument)
    state.depth.quote(instrument)
  }
}

/** For an instrument that is in the phase already. */
function updateNote(state: ExchangeState, instrument: TradedInstrument, note: PhaseNote, isPublished: boolean): void {
  Object.assign(instrument, note)
  if (isPublished) publishPhase(state, instrument, instrument.phase)
}
