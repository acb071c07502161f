// The two zones in which the chart shows times: UTC, which is the market's, and that of the browser. Pure. The times
// themselves stay milliseconds since 1970; only their text differs.

import { MINUS } from './format.ts'

export type TimeZone = 'utc' | 'local'

const MINUTE = 60_000

/** The time whose UTC text is the given time's text in the zone. */
export function shiftToZone(timeMs: number, zone: TimeZone): number {
  return zone === 'utc' ? timeMs : timeMs - new Date(timeMs).getTimezoneOffset() * MINUTE
}

/** `UTC`, `UTC+2`, `UTC−3:30`: the zone's offset at a time, since summer time changes it. */
export function zoneName(timeMs: number, zone: TimeZone): string {
  const minutes = zone === 'utc' ? 0 : -new Date(timeMs).getTimezoneOffset()
  if (minutes === 0) return zone === 'utc' ? 'UTC' : 'UTC+0'
  const rest = Math.abs(minutes) % 60
  const hours = Math.floor(Math.abs(minutes) / 60)
  return `UTC${minutes > 0 ? '+' : MINUS}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `5 Jan` */
export function formatDay(timeMs: number, zone: TimeZone): string {
  const date = new Date(shiftToZone(timeMs, zone))
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** `14:03`, or `14:03:07` with seconds. */
export function formatClock(timeMs: number, zone: TimeZone, withSeconds: boolean): string {
  return new Date(shiftToZone(timeMs, zone)).toISOString().slice(11, withSeconds ? 19 : 16)
}

/** `5 Jan 14:03:07`: a moment on the market's clock, UTC. */
export function formatMoment(timeMs: number): string {
  return `${formatDay(timeMs, 'utc')} ${formatClock(timeMs, 'utc', true)}`
}
