// Sizes that are a part of an order's size, as typed: how much of it the book shows, and how much must trade on entry.
// Pure; part of term-checks.ts.

import { formatSize } from '../../format/format.ts'
import { type CheckedNumber, checkTypedSize } from '../checked-number.ts'

/** An iceberg is shown in at most this many parts. */
const ICEBERG_PARTS_MAX = 100

/** @returns undefined for an empty field: the book shows the whole order. */
export function checkTypedDisplaySize(
  text: string,
  size: number | undefined,
  lotSize: number,
): CheckedNumber | undefined {
  if (text.trim() === '') return undefined
  const shown = checkTypedSize(text, lotSize)
  if (shown.problem !== undefined || size === undefined) return shown
  const least = Math.ceil(size / ICEBERG_PARTS_MAX / lotSize) * lotSize
  if (shown.value >= least && shown.value <= size) return shown
  return { problem: `Show between ${formatSize(least)} and ${formatSize(size)}, or leave it empty to show all.` }
}

/** @param isCall nothing trades before the auction. @returns undefined for an empty field. */
export function checkTypedMinSize(
  text: string,
  size: number | undefined,
  lotSize: number,
  isCall: boolean,
): CheckedNumber | undefined {
  if (text.trim() === '') return undefined
  if (isCall) return { problem: 'Nothing trades on entry before the auction. Leave the minimum size empty.' }
  const least = checkTypedSize(text, lotSize)
  if (least.problem !== undefined || size === undefined || least.value <= size) return least
  return { problem: `The minimum size is at most ${formatSize(size)}, the size of the order.` }
}
