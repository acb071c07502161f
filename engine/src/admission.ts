// Whether an order may enter the book, decided before anything changes: by its own terms, then by the book as it
// stands. Answers codes and never throws for what a user can cause. Called by the matching engine alone.

import { assert, isInt32 } from './assert.ts'
import { INSTRUCTION, RESULT } from './codes.ts'
import type { Ladder } from './ladder.ts'
import { fillableLots, reaches } from './sweep.ts'

const REST = INSTRUCTION.rest
const POST_ONLY = INSTRUCTION.postOnly
const FILL_OR_KILL = INSTRUCTION.fillOrKill

/** What is wrong with the price or the size by itself; 0 when nothing is. */
export function refusalOfTerms(
  priceTicksMax: number,
  priceTicks: number,
  sizeLots: number,
  instruction: number,
): number {
  assert(instruction >= 0 && instruction <= POST_ONLY, 'the instruction exists')
  if (!isInt32(priceTicks) || priceTicks < 0 || priceTicks > priceTicksMax) return RESULT.badPrice
  if (priceTicks === 0 && mayRest(instruction)) return RESULT.badPrice
  return isSize(sizeLots) ? 0 : RESULT.badSize
}

/** Why the book does not take a post-only or fill-or-kill order; 0 when it does. */
export function refusalByBook(
  ladder: Ladder,
  bookSide: number,
  limitTicks: number,
  sizeLots: number,
  instruction: number,
): number {
  if (instruction === POST_ONLY && reaches(bookSide, limitTicks, ladder.best[bookSide ^ 1]!)) return RESULT.wouldCross
  if (instruction === FILL_OR_KILL && fillableLots(ladder, bookSide, sizeLots, limitTicks) < sizeLots) {
    return RESULT.cannotFill
  }
  return 0
}

export function mayRest(instruction: number): boolean {
  return instruction === REST || instruction === POST_ONLY
}

export function isSize(lots: number): boolean {
  return isInt32(lots) && lots > 0
}
