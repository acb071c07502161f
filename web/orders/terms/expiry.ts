// When an order with GTD expires: so many minutes from now on the market's clock, which may run faster than the wall's,
// or stand. Pure; part of term-checks.ts.

import { formatSize } from '../../format/format.ts'
import type { CheckedNumber } from '../checked-number.ts'
import { readTypedNumber } from '../typed-number.ts'

const MINUTE_MS = 60_000
/** A year. */
const MINUTES_MAX = 525_600

/** @param timeMs the market's clock; 0 if it is not live. @returns the expireTime, in whole seconds. */
export function checkExpiry(text: string, timeMs: number): CheckedNumber {
  const typed = readTypedNumber(text, 0)
  if (typed.value === undefined)
    return { problem: typed.empty ? 'Enter in how many minutes it expires.' : typed.problem }
  const minutes = typed.value
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > MINUTES_MAX) {
    return { problem: `Enter whole minutes until it expires, from 1 to ${formatSize(MINUTES_MAX)}.` }
  }
  if (timeMs === 0) return { problem: 'The clock of the market is not live. Wait for the feed, or choose GTC or DAY.' }
  return { value: Math.ceil((timeMs + minutes * MINUTE_MS) / 1_000) * 1_000 }
}
