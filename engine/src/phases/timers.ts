// Fires the timers that are due before a command: scripted fills, expiries, the schedule, the ends of limit states and
// pauses, indicative prices, stop prices that have moved, margin calls.
// Several due timers fire in the order of their times, each at its own time.

import { NEVER, type TradedInstrument } from '../model/instrument.ts'
import { bandFactorAt, phaseAt } from '../model/trading-day.ts'
import { fillDue } from '../orders/scripted-fills.ts'
import type { ExchangeState } from '../state/exchange-state.ts'
import { endDay, extendPause } from './apply-transition.ts'
import { expireOrders } from './expire-orders.ts'
import { finishCommand } from './finish-command.ts'
import { firstCalled, liquidate } from './margin-calls.ts'
import { publishIndication, referenceOf } from './run-auction.ts'
import { setPhases } from './set-phase.ts'
import { publishTrails } from './trailing-stops.ts'

/** Called when the clock has reached `state.nextDue`. At one time orders expire first: no auction has them then. */
export function fireTimers(state: ExchangeState, time: number): void {
  if (state.rules.schedule !== null && state.scheduled === undefined) startDay(state, time)
  for (;;) {
    const instrument = firstDue(state.instruments)
    const instrumentDue = instrument === undefined ? NEVER : dueOf(instrument)
    const scheduleDue = state.scheduled?.time ?? NEVER
    const expiryDue = state.openOrders.expiring.lowest
    const fillsDue = state.offBook.nextDue
    const called = firstCalled(state)
    const callDue = called?.marginCallDue ?? NEVER
    state.nextDue = Math.min(instrumentDue, scheduleDue, expiryDue, fillsDue, callDue)
    if (state.nextDue > time) return
    if (fillsDue === state.nextDue) fillDue(state, fillsDue)
    else if (expiryDue === state.nextDue) expireOrders(state, expiryDue)
    else if (callDue < Math.min(instrumentDue, scheduleDue)) liquidate(state, called!)
    else if (scheduleDue <= instrumentDue) followSchedule(state, scheduleDue)
    else if (instrument!.phaseDue === instrumentDue) endPhase(state, instrument!, instrumentDue)
    else if (instrument!.trailingDue === instrumentDue) publishTrails(state, instrument!)
    else publishIndication(state, instrument!, instrumentDue)
  }
}

function firstDue(instruments: readonly TradedInstrument[]): TradedInstrument | undefined {
  let first: TradedInstrument | undefined
  for (const instrument of instruments) {
    const due = dueOf(instrument)
    if (due !== NEVER && (first === undefined || due < dueOf(first))) first = instrument
  }
  return first
}

function dueOf({ phaseDue, indicationDue, trailingDue }: TradedInstrument): number {
  return Math.min(phaseDue, indicationDue, trailingDue)
}

/** Before the first command: puts the market into the phase of its schedule. */
function startDay(state: ExchangeState, time: number): void {
  setBandWidths(state, time)
  state.scheduleAfter(time)
  const note = { reason: null, until: state.scheduled!.time }
  setPhases(state, state.instruments, phaseAt(state.rules.schedule!, time), time, note)
}

function followSchedule(state: ExchangeState, time: number): void {
  const { event } = state.scheduled!
  state.scheduleAfter(time)
  setBandWidths(state, time)
  if (event !== 'bands') setScheduledPhase(state, time)
  for (const instrument of state.instruments) if (instrument.bandsMoved) finishCommand(state, instrument)
}

/** Only the operator ends a halt; the day of an instrument that is halted ends with the others'. */
function setScheduledPhase(state: ExchangeState, time: number): void {
  const phase = phaseAt(state.rules.schedule!, time)
  const open = state.instruments.filter(({ phase }) => phase !== 'halted')
  const instruments = open.length === state.instruments.length ? state.instruments : open
  const note = { reason: null, until: state.scheduled!.time }
  setPhases(state, instruments, phase, time, note)
  if (phase !== 'closed') return
  for (const instrument of state.instruments) {
    if (instrument.phase !== 'halted') continue
    endDay(state, instrument)
    finishCommand(state, instrument)
  }
}

function setBandWidths({ rules, instruments }: ExchangeState, time: number): void {
  const factor = bandFactorAt(rules, time)
  for (const instrument of instruments) if (instrument.bands?.widen(factor) === true) instrument.bandsMoved = true
}

/** A limit state becomes a pause; a pause ends, unless its auction would price too far from the last price. */
function endPhase(state: ExchangeState, instrument: TradedInstrument, time: number): void {
  const { phase, reason } = instrument
  if (phase === 'limitState') {
    setPhases(state, [instrument], 'paused', time, { reason, until: time + state.rules.bands!.pauseMs })
    return
  }
  const { priceTicks } = state.books.callAuction(instrument.index, referenceOf(instrument))
  const { lowTicks, highTicks } = instrument.reopening!
  if (priceTicks === 0 || (priceTicks >= lowTicks && priceTicks <= highTicks)) {
    setPhases(state, [instrument], 'continuous', time, { reason: null, until: null })
    return
  }
  extendPause(state, instrument, time, priceTicks)
}
