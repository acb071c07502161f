// Parses a duration, such as 1h30m. For the command line and the mocks.

import { DAY_MS, HOUR_MS } from './replay/time-units.ts'

/** Largest first, as in a duration. */
const UNITS_MS = { d: DAY_MS, h: HOUR_MS, m: 60_000, s: 1000, ms: 1 } as const
const DURATION =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/

/** `6.5h`, `30m`, `1h30m`, `2d` as whole milliseconds; undefined when the text is invalid. */
export function readDuration(text: string): number | undefined {
  const [, ...amounts] = DURATION.exec(text) ?? []
  const units = Object.values(UNITS_MS)
  const durationMs = Math.round(amounts.reduce((sum, amount = '0', i) => sum + Number(amount) * units[i]!, 0))
  return durationMs < 1 ? undefined : durationMs
}
