// The marks and labels of axes: round prices, round times. Pure.

import type { Bar } from '@papertape/protocol'
import { formatClock, formatDay, shiftToZone, type TimeZone } from '../format/time-zone.ts'
import type { BarRange } from './scale.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map(n => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
  ...[1, 2, 3, 6, 12].map(n => n * HOUR),
  ...[1, 2, 7, 14, 28].map(n => n * DAY),
]

/** Round prices from low to high, about `count` of them, at 1, 2 or 5 times a power of ten, never finer than a tick. */
export function priceMarks(low: number, high: number, count: number, tickSize: number): number[] {
  if (!(high > low) || count < 1) return []
  const rough = Math.max((high - low) / count, tickSize)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map(n => n * power).find(one => one >= rough * 0.999)!
  const marks: number[] = []
  // Counted in whole steps, so that the sum of many does not drift off the grid.
  for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) marks.push(roundTo(n * step, step))
  return marks
}

function roundTo(value: number, step: number): number {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)) + 1)
  return Number(value.toFixed(Math.min(decimals, 10)))
}

/** The least room of a price label, in pixels. */
const PRICE_LABEL_PX = 15
const PRICE_LABELS_MIN = 5

/** As many round prices as fit well; on a low chart closer together, so that it has at least four. */
export function priceMarksFor(low: number, high: number, heightPx: number, tickSize: number): number[] {
  let marks: number[] = []
  const most = Math.floor(heightPx / PRICE_LABEL_PX)
  for (let count = Math.max(2, Math.floor(heightPx / 48)); count <= most; count++) {
    marks = priceMarks(low, high, count, tickSize)
    if (marks.length >= PRICE_LABELS_MIN) return marks
  }
  return marks
}

export interface TimeMark {
  /** The index of the bar. */
  readonly bar: number
  readonly label: string
}

/** The least distance between two time labels, in pixels. */
const TIME_LABEL_PX = 84

/**
 * The bars at which a round time begins, with their labels: the day where one begins, otherwise the time, with seconds
 * only if the step has them. Bars of whole days have dates, those of UTC, as the exchange counts them.
 */
export function timeMarks(
  bars: readonly Bar[],
  range: BarRange,
  slotPx: number,
  intervalMs: number,
  zone: TimeZone,
): TimeMark[] {
  const shown = intervalMs >= DAY ? 'utc' : zone
  const stepMs = TIME_STEPS_MS.find(step => (step / intervalMs) * slotPx >= TIME_LABEL_PX) ?? TIME_STEPS_MS.at(-1)!
  const step = (at: number, size: number) => Math.floor(shiftToZone(bars[at]!.time, shown) / size)
  const marks: (TimeMark & { readonly isDay: boolean })[] = []
  for (let at = Math.max(1, range.first); at < range.end; at++) {
    if (step(at, stepMs) === step(at - 1, stepMs)) continue
    const isDay = step(at, DAY) !== step(at - 1, DAY)
    const last = marks.at(-1)
    // A closed market takes no room, so that two marks may be close: the day stays.
    if (last !== undefined && (at - last.bar) * slotPx < TIME_LABEL_PX / 2) {
      if (!isDay || last.isDay) continue
      marks.pop()
    }
    const { time } = bars[at]!
    marks.push({ bar: at, isDay, label: isDay ? formatDay(time, shown) : formatClock(time, shown, stepMs < MINUTE) })
  }
  return marks
}
