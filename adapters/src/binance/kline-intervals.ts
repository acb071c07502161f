// Binance's names of bar lengths, as far as bars can be joined of minutes. Pure.

import { BinanceError, CODES } from './errors.ts'

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const NAMES = ['1s', '1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d'] as const

/** Milliseconds; undefined for a name that there is not. */
export function intervalMsOf(name: string): number | undefined {
  if (!NAMES.some(one => one === name)) return undefined
  return Number.parseInt(name, 10) * UNITS_MS[name.at(-1)!]!
}

/** @throws {BinanceError} */
export function requireInterval(name: string): number {
  const intervalMs = intervalMsOf(name)
  if (intervalMs === undefined) throw new BinanceError(CODES.badInterval, 'Invalid interval.')
  return intervalMs
}
