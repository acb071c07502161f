// Formats and parses times of the market's day, such as 13:37:05, relative to midnight in the market's time zone.

import { readDuration } from '@papertape/protocol'
import { DAY_MS } from '../time-units.ts'

/** In whole seconds, with the number of the day after the first: `13:37:05`, `09:30:00 of day 2`. */
export function timeOfDay(time: number, midnightTime: number): string {
  const day = Math.floor((time - midnightTime) / DAY_MS)
  const clock = clockTime(time, midnightTime)
  return day < 1 ? clock : `${clock} of day ${day + 1}`
}

/** In whole seconds, of any day. */
export function clockTime(time: number, midnightTime: number): string {
  const elapsedMs = (((time - midnightTime) % DAY_MS) + DAY_MS) % DAY_MS
  const elapsedS = Math.floor(elapsedMs / 1000)
  const parts = [elapsedS / 3600, (elapsedS / 60) % 60, elapsedS % 60]
  return parts.map(part => String(Math.floor(part)).padStart(2, '0')).join(':')
}

/** `10:00`, `13:37:05` or `13:37:05.250` as milliseconds since midnight; undefined when invalid. */
export function readTimeOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3}))?)?$/.exec(text)
  if (match === null || Number(match[1]) > 23) return undefined
  const [, hours, minutes, seconds = '0', fraction = ''] = match
  const elapsedS = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return elapsedS * 1000 + Number(fraction.padEnd(3, '0'))
}

/** The first such time at or after the start. */
function parseTimeOfDay(text: string, midnightTime: number, startTime: number): number | undefined {
  const elapsedMs = readTimeOfDay(text)
  if (elapsedMs === undefined) return undefined
  let time = midnightTime + elapsedMs
  while (time < startTime) time += DAY_MS
  return time
}

/** A time of day, or a duration after the start: `10:30`, `1h30m`, `+90s`. Undefined when invalid. */
export function parseMoment(text: string, midnightTime: number, startTime: number): number | undefined {
  const time = parseTimeOfDay(text, midnightTime, startTime)
  if (time !== undefined) return time
  const durationMs = readDuration(text.replace(/^\+/, ''))
  return durationMs === undefined ? undefined : startTime + durationMs
}
