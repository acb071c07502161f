// The trading phases of a symbol: the phase after each event, and the orders that each phase accepts. Pure tables;
// null: the event does not apply in that phase and changes nothing. apply-transition.ts carries the transitions out.

import type { Phase } from '@papertape/protocol'

export const PHASE_EVENTS = [
  /** Orders for the opening auction are collected. */
  'preOpen',
  /** The same, shortly before the opening. */
  'callOpening',
  /** A call phase or a halt ends: what crosses trades at one price, then trading is continuous. */
  'open',
  /** The quote is at a price band. */
  'reachBand',
  /** The quote has left the band. */
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

/** The event that puts a symbol into a phase; null: only the quote leads to a limit state. */
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

/** Whether a new order trades, is collected for an auction, or is rejected. Cancels are always accepted. */
interface Acceptance {
  readonly orders: 'match' | 'call' | 'refuse'
  /** IOC and FOK. */
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

/** Orders are collected and may cross; nothing trades and there is no firm quote. */
export function isCall(phase: Phase): boolean {
  return ACCEPTS[phase].orders === 'call'
}

export function isMatching(phase: Phase): boolean {
  return ACCEPTS[phase].orders === 'match'
}
