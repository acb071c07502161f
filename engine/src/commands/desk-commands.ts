// The commands of the desks, which are simulated participants and replayed tapes. No accounts, no cash checks, no
// reject texts and as few steps as possible: most commands of a running market are these.

import {
  type CancelDeskOrder,
  type DeskAnswer,
  type PlaceDeskOrder,
  type PrintTrade,
  type ReduceDeskOrder,
  toTicks,
  UNITS_PER_CURRENCY,
} from '@papertape/protocol'
import { INSTRUCTION } from '../matching/codes.ts'
import { sideCode } from '../matching/side-code.ts'
import type { TradedInstrument } from '../model/instrument.ts'
import { isCall, isMatching } from '../model/phase.ts'
import { marketLimit } from '../orders/price-limits.ts'
import { recordTrade, settleFills } from '../orders/settlement.ts'
import { finishCommand } from '../phases/finish-command.ts'
import { assert } from '../primitives/assert.ts'
import type { ExchangeState } from '../state/exchange-state.ts'

const REJECTED: DeskAnswer = Object.freeze({ type: 'desk', accepted: false, filledLots: 0, openLots: 0 })
/** No INSTRUCTION. */
const REJECT = -1

export function placeDeskOrder(state: ExchangeState, command: PlaceDeskOrder): DeskAnswer {
  const { desk, ref, side, sizeLots, displayLots = 0 } = command
  const { bookChanges, deskOrders } = state
  assert(desk >= 0, 'desks are numbered from 0 up')
  const instrument = state.instrument(command.symbol)
  if (instrument === undefined || deskOrders.idOf(desk, ref) !== 0) return REJECTED
  const instruction = instructionIn(instrument, INSTRUCTION[command.instruction])
  if (instruction === REJECT) return REJECTED
  const { index } = instrument
  const code = sideCode(side)
  const id = state.nextEngineId()
  const ticks = limitTicks(state, instrument, command, instruction)
  const result = bookChanges.placeDeskOrder(index, id, desk, ref, code, ticks, sizeLots, instruction, displayLots)
  if (result < 0) return REJECTED
  const openLots = bookChanges.restedLots
  const filledLots = settleFills(state, instrument, side, undefined)
  finishCommand(state, instrument)
  return { type: 'desk', accepted: true, filledLots, openLots }
}

/** In a call phase only orders that may rest are accepted; in a halt only those that a tape collects. */
function instructionIn({ phase }: TradedInstrument, instruction: number): number {
  if (phase === 'continuous' || isMatching(phase)) {
    return instruction === INSTRUCTION.call ? INSTRUCTION.rest : instruction
  }
  if (instruction === INSTRUCTION.call) return phase === 'closed' ? REJECT : instruction
  const rests = instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
  return rests && isCall(phase) ? INSTRUCTION.call : REJECT
}

/** Within the collar of a market order and the band. The engine rejects a price that is out of range. */
function limitTicks(
  state: ExchangeState,
  instrument: TradedInstrument,
  { side, priceTicks }: PlaceDeskOrder,
  instruction: number,
): number {
  if (instruction === INSTRUCTION.call) return priceTicks
  if (priceTicks === 0) {
    const rests = instruction === INSTRUCTION.rest || instruction === INSTRUCTION.postOnly
    return rests ? 0 : marketLimit(state, instrument, side).ticks
  }
  const { bands, spec } = instrument
  if (bands === undefined || priceTicks < 0 || priceTicks > spec.priceTicksMax) return priceTicks
  return side === 'buy' ? Math.min(priceTicks, bands.highTicks) : Math.max(priceTicks, bands.lowTicks)
}

/** Allowed in every phase, as reducing is. */
export function cancelDeskOrder(state: ExchangeState, { desk, ref }: CancelDeskOrder): DeskAnswer {
  const id = state.deskOrders.idOf(desk, ref)
  if (id === 0) return REJECTED
  const instrument = state.instruments[state.books.symbolOf(id)]!
  state.bookChanges.cancel(id)
  finishCommand(state, instrument)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: 0 }
}

/** The hidden lots of an iceberg go first. */
export function reduceDeskOrder(state: ExchangeState, command: ReduceDeskOrder): DeskAnswer {
  const { desk, ref, byLots } = command
  if (!Number.isSafeInteger(byLots) || byLots < 1) return REJECTED
  const { books } = state
  const id = state.deskOrders.idOf(desk, ref)
  if (byLots >= books.openLots(id)) return cancelDeskOrder(state, { ...command, type: 'desk.cancel' })
  state.bookChanges.reduce(id, byLots)
  finishCommand(state, state.instruments[books.symbolOf(id)]!)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: books.openLots(id) }
}

/** Publishes a trade from elsewhere; the book stays as it is. */
export function printTrade(state: ExchangeState, command: PrintTrade): DeskAnswer {
  const { symbol, price, size, aggressor, hidden, auction = false } = command
  const instrument = state.instrument(symbol)
  if (instrument === undefined) return REJECTED
  if (!isMatching(instrument.phase) && (!auction || instrument.phase === 'closed')) return REJECTED
  if (!(price > 0 && price < Number.POSITIVE_INFINITY) || !Number.isSafeInteger(size) || size < 1) return REJECTED
  const ticks = toTicks(instrument.spec, price)
  if (ticks !== undefined) instrument.lastTicks = ticks
  const { index, spec } = instrument
  const exactTicks = ticks ?? Math.round(price * UNITS_PER_CURRENCY) / spec.tickUnits
  recordTrade(state, instrument, exactTicks, price, size)
  state.bookChanges.printed(index, sideCode(aggressor) ^ 1, exactTicks, size / spec.lotSize, auction)
  state.log.trade(symbol, ++state.counters.tradeId, price, size, aggressor, kindOf(hidden, auction))
  finishCommand(state, instrument)
  return { type: 'desk', accepted: true, filledLots: 0, openLots: 0 }
}

function kindOf(hidden: boolean, auction: boolean): 'hidden' | 'auction' | undefined {
  if (auction) return 'auction'
  return hidden ? 'hidden' : undefined
}
