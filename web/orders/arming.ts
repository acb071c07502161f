// Whether something can be sent now, and if not, why: keys that are not armed, a frozen screen, a channel that is not
// ready, a phase in which the exchange would refuse it, or a problem in a field. Pure.

import type { Phase } from '@papertape/protocol'
import type { ConnectionState } from '../connections/connection.ts'
import type { OrderDraft } from './order-draft.ts'
import { refusedInPhase } from './order-phases.ts'
import type { DraftCheck } from './ticket.ts'

export interface SendConditions extends PageConditions {
  readonly symbol: string
  readonly phase: Phase
}

interface PageConditions {
  readonly isFrozen: boolean
  readonly channel: ConnectionState
  /** Why there is no account; undefined if there is one. */
  readonly noAccount: string | undefined
}

/** Why orders cannot be sent in this state of the order channel. */
export const CHANNEL_PROBLEMS: Readonly<Record<ConnectionState, string | undefined>> = {
  idle: 'Connecting to the exchange…',
  connecting: 'Connecting to the exchange…',
  live: undefined,
  waiting: 'Connection lost. You can send orders when it is back.',
  stale: 'The exchange does not respond. You can send orders when it does.',
  closed: 'The connection is closed. Reload the page to trade.',
}

/** Why no order at all can be sent; undefined if one can. */
export function sendingProblem({ isFrozen, channel, noAccount }: PageConditions): string | undefined {
  if (isFrozen) return 'The screen is frozen. Press Frozen to trade.'
  return noAccount ?? CHANNEL_PROBLEMS[channel]
}

/** Why the order cannot be sent; undefined if it can. */
export function blockedReason(draft: OrderDraft, check: DraftCheck, conditions: SendConditions): string | undefined {
  const { symbol, phase } = conditions
  return sendingProblem(conditions) ?? refusedInPhase(symbol, phase, draft) ?? check.problems[0]?.text
}

/**
 * What keys do at the exchange, and what did not happen when they were not armed. Sending and changing orders can add
 * risk and needs the switch; a cancel only takes risk away and does not.
 */
const NOT_DONE_UNARMED = {
  send: 'nothing was sent',
  replace: 'no order was changed',
  close: 'no position was closed',
  cancel: undefined,
} as const satisfies Record<string, string | undefined>
export type KeyAct = keyof typeof NOT_DONE_UNARMED

/** Why a key may not do this, and how to arm the keys; undefined if it may. Buttons and drags are not asked. */
export function keyRefusal(act: KeyAct, isArmed: boolean): string | undefined {
  const notDone = NOT_DONE_UNARMED[act]
  if (isArmed || notDone === undefined) return undefined
  return `Not armed, so ${notDone}. Press A twice to arm the keys.`
}

/** A press within this time after the last one belongs to a double click and sends no second order. */
const DOUBLE_PRESS_MS = 300

/** @returns whether this press counts. One that does not restarts the wait. */
export function createPressGuard(nowMs: () => number): () => boolean {
  let lastMs = Number.NEGATIVE_INFINITY
  return () => {
    const sinceMs = nowMs() - lastMs
    lastMs = nowMs()
    // A wall clock may be set back.
    return sinceMs >= DOUBLE_PRESS_MS || sinceMs < 0
  }
}
