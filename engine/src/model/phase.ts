// The trading phases of a symbol: what each event makes of each phase, and what each phase accepts. Pure tables; null: the
// event does not happen in that phase, and nothing follows from it. apply-transition.ts carries out what they say.

import type { Phase } from '@papertape/protocol'

export const PHASE_EVENTS = [
  /** Orders for the opening are collected. */
  'preOpen',
  /** Shortly before the opening: the same, announced. */
  'callOpening',
  /** The call is over, or a halt is lifted: what crosses trades at one price, then trading goes on. */
  'open',
  /** The quote sits at a price band. */
  'reachBand',
  /** It has left the band. */
  'leaveBand',
  'pause',
  'halt',
  'callClosing',
  'close',
] as const
export type PhaseEvent = (typeof PHASE_EVENTS)[number]

const NEXT = {
  preOpen: {
    preOpen: null,
    callOpening: 'openingAuction',
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: null,
    halt: 'halted',
    callClosing: null,
    close: 'closed',
  },
  openingAuction: {
    preOpen: 'preOpen',
    callOpening: null,
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: null,
    halt: 'halted',
    callClosing: null,
    close: 'closed',
  },
  continuous: {
    preOpen: 'preOpen',
    callOpening: 'openingAuction',
    open: null,
    reachBand: 'limitState',
    leaveBand: null,
    pause: 'paused',
    halt: 'halted',
    callClosing: 'closingAuction',
    close: 'closed',
  },
  limitState: {
    preOpen: 'preOpen',
    callOpening: 'openingAuction',
    open: 'continuous',
    reachBand: null,
    leaveBand: 'continuous',
    pause: 'paused',
    halt: 'halted',
    callClosing: 'closingAuction',
    close: 'closed',
  },
  paused: {
    preOpen: null,
    callOpening: null,
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: null,
    halt: 'halted',
    callClosing: 'closingAuction',
    close: 'closed',
  },
  halted: {
    preOpen: 'preOpen',
    callOpening: 'openingAuction',
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: 'paused',
    halt: null,
    callClosing: 'closingAuction',
    close: 'closed',
  },
  closingAuction: {
    preOpen: null,
    callOpening: null,
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: null,
    halt: 'halted',
    callClosing: null,
    close: 'closed',
  },
  closed: {
    preOpen: 'preOpen',
    callOpening: 'openingAuction',
    open: 'continuous',
    reachBand: null,
    leaveBand: null,
    pause: null,
    halt: 'halted',
    callClosing: null,
    close: null,
  },
} as const satisfies Record<Phase, Record<PhaseEvent, Phase | null>>

export function nextPhase(phase: Phase, event: PhaseEvent): Phase | null {
  return NEXT[phase][event]
}

/** The event by which the operator or the schedule puts a symbol into a phase; a limit state is the quote's doing alone. */
export const EVENT_INTO = {
  preOpen: 'preOpen',
  openingAuction: 'callOpening',
  continuous: 'open',
  limitState: null,
  paused: 'pause',
  halted: 'halt',
  closingAuction: 'callClosing',
  closed: 'close',
} as const satisfies Record<Phase, PhaseEvent | null>

/** What becomes of a new order: it trades, it is collected for an auction, or it is refused. Cancels are always taken. */
export interface Acceptance {
  readonly orders: 'match' | 'call' | 'refuse'
  /** IOC and FOK: there must be something to trade with at once. */
  readonly immediate: boolean
  readonly opening: boolean
  readonly closing: boolean
}

const MATCH = { orders: 'match', immediate: true, opening: false, closing: true } as const
const CALL = { orders: 'call', immediate: false, opening: false, closing: true } as const
const REFUSE = { orders: 'refuse', immediate: false, opening: false, closing: false } as const

export const ACCEPTS: Readonly<Record<Phase, Acceptance>> = {
  preOpen: { ...CALL, opening: true },
  openingAuction: { ...CALL, opening: true },
  continuous: MATCH,
  limitState: MATCH,
  paused: CALL,
  halted: REFUSE,
  closingAuction: CALL,
  closed: REFUSE,
}

/** Orders are collected and may cross; nothing trades, and no quote is firm. */
export function isCall(phase: Phase): boolean {
  return ACCEPTS[phase].orders === 'call'
}

export function isMatching(phase: Phase): boolean {
  return ACCEPTS[phase].orders === 'match'
}
