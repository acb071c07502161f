// Moves symbols from phase to phase and tells the public: each by its name or, where all of them agree, as the whole market.
// For the operator and for timers.

import type { Phase } from '@papertape/protocol'
import type { Listing } from '../model/instrument.ts'
import { EVENT_INTO, nextPhase } from '../model/phase.ts'
import type { Floor } from '../state/exchange-state.ts'
import { changePhase, type PhaseNote, tellPhase } from './apply-transition.ts'
import { endCommand } from './finish-command.ts'

/**
 * @param listings the floor's own list means the whole market.
 * @param phase where they go; those that cannot are left out, those that are there already are told of again.
 */
export function movePhases(
  floor: Floor,
  listings: readonly Listing[],
  phase: Phase,
  time: number,
  note: PhaseNote,
): void {
  const event = EVENT_INTO[phase]
  if (event === null) return
  const moved = listings.filter(({ phase: from }) => from === phase || nextPhase(from, event) !== null)
  const isWhole = listings === floor.listings && moved.length === listings.length
  if (isWhole) floor.log.status({ symbol: null, phase, ...note })
  for (const listing of moved) {
    if (!changePhase(floor, listing, event, time, note, !isWhole)) tellAgain(floor, listing, note, !isWhole)
    endCommand(floor, listing)
    floor.depth.quote(listing)
  }
}

/** It is in that phase already, perhaps for another reason now. */
function tellAgain(floor: Floor, listing: Listing, note: PhaseNote, tells: boolean): void {
  Object.assign(listing, note)
  if (tells) tellPhase(floor, listing, listing.phase)
}
