// Decides whether an order may enter the book, before anything changes: by its own terms, then by the present book.
// Returns codes and never throws for what a user can cause. Called by matching-engine.ts.

import { broken, isInt32 } from '../primitives/assert.ts'
import { INSTRUCTION, RESULT, SELF_TRADE } from './codes.ts'
import type { Ladder } from './ladder.ts'
import { fillableBesideOwn } from './self-trade.ts'
import { fillableLots, reaches } from './sweep.ts'

// Local constants become part of the machine code, imported ones are loads.
const { rest: REST, immediateOrCancel: IMMEDIATE_OR_CANCEL, fillOrKill: FILL_OR_KILL } = INSTRUCTION
const { postOnly: POST_ONLY, call: CALL } = INSTRUCTION
const { badPrice: BAD_PRICE, badSize: BAD_SIZE } = RESULT
const NONE = SELF_TRADE.none

/** Checks price and size. @returns a negative RESULT, or 0. */
export function checkTerms(priceTicksMax: number, priceTicks: number, sizeLots: number, instruction: number): number {
  if (!(instruction >= REST && instruction <= CALL)) throw broken('the instruction exists')
  const ticks = priceTicks | 0
  if (ticks !== priceTicks || ticks < 0 || ticks > priceTicksMax) return BAD_PRICE
  if (ticks === 0 && instruction !== IMMEDIATE_OR_CANCEL && instruction !== FILL_OR_KILL) return BAD_PRICE
  const lots = sizeLots | 0
  return lots === sizeLots && lots > 0 ? 0 : BAD_SIZE
}

/** Checks a post-only or fill-or-kill order against the book. @returns a negative RESULT, or 0. */
export function checkAgainstBook(
  ladder: Ladder,
  bookSide: number,
  limitTicks: number,
  sizeLots: number,
  instruction: number,
  owner: number,
  selfTrade: number,
): number {
  if (instruction === POST_ONLY) {
    return reaches(bookSide, limitTicks, ladder.best[bookSide ^ 1]!) ? RESULT.wouldCross : 0
  }
  if (instruction !== FILL_OR_KILL) return 0
  const fillable =
    selfTrade === NONE
      ? fillableLots(ladder, bookSide, sizeLots, limitTicks)
      : fillableBesideOwn(ladder, bookSide, sizeLots, limitTicks, owner, selfTrade)
  return fillable < sizeLots ? RESULT.cannotFill : 0
}

export function mayRest(instruction: number): boolean {
  return instruction !== IMMEDIATE_OR_CANCEL && instruction !== FILL_OR_KILL
}

export function isSize(lots: number): boolean {
  return isInt32(lots) && lots > 0
}
