// The marks and labels of axes: round prices, round times (UTC). Pure.

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

/** Round times from `fromMs` to `toMs`, at most `count` of them. */
export function timeMarks(
  fromMs: number,
  toMs: number,
  count: number,
): { readonly stepMs: number; readonly marks: number[] } {
  const span = toMs - fromMs
  const stepMs = TIME_STEPS_MS.find(step => span / step <= count) ?? TIME_STEPS_MS.at(-1)!
  const marks: number[] = []
  if (!(span > 0)) return { stepMs, marks }
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) marks.push(at)
  return { stepMs, marks }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The label of a time mark: the day at midnight, seconds only if the step has them. */
export function timeLabel(timeMs: number, stepMs: number): string {
  const date = new Date(timeMs)
  if (timeMs % DAY === 0) return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
  const text = date.toISOString()
  return stepMs < MINUTE ? text.slice(11, 19) : text.slice(11, 16)
}
