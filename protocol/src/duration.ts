// Parses durations such as 90s, 30m, 1h30m, 6.5h. For the command line, the service and the page.

/** Largest first, as in a duration. */
const UNITS_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const
const DURATION =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/

/** `6.5h`, `30m`, `1h30m`, `2d` as whole milliseconds; undefined when the text is invalid. */
export function readDuration(text: string): number | undefined {
  const [, ...amounts] = DURATION.exec(text) ?? []
  const units = Object.values(UNITS_MS)
  const durationMs = Math.round(amounts.reduce((sum, amount = '0', i) => sum + Number(amount) * units[i]!, 0))
  return durationMs < 1 ? undefined : durationMs
}
