// Alpaca's names of bar lengths. Pure.

import { badQuery } from './query-fields.ts'

const MINUTE_MS = 60_000
const UNITS: Readonly<Record<string, { readonly ms: number; readonly most: number }>> = {
  Min: { ms: MINUTE_MS, most: 59 },
  T: { ms: MINUTE_MS, most: 59 },
  Hour: { ms: 60 * MINUTE_MS, most: 23 },
  H: { ms: 60 * MINUTE_MS, most: 23 },
  Day: { ms: 1_440 * MINUTE_MS, most: 1 },
  D: { ms: 1_440 * MINUTE_MS, most: 1 },
}

/** Milliseconds. @param text `5Min`. @throws {AlpacaError} */
export function parseTimeFrame(text: string): number {
  const [, count = '', name = ''] = /^(\d{1,2})([A-Za-z]+)$/.exec(text) ?? []
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
  if (unit === undefined || Number(count) < 1 || Number(count) > unit.most) {
    throw badQuery(`invalid timeframe: ${text}; this market has 1Min to 59Min, 1Hour to 23Hour and 1Day`)
  }
  return Number(count) * unit.ms
}
