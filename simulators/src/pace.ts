// Parses a pace: how fast a market's clock runs against real time. For the command line and the server.

const PACE_MAX = 100_000

/** `60x`, `60`, `0.5x`: a multiple of real time; `max`: Infinity. Undefined when the text is invalid. */
export function parsePace(text: string): number | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const match = /^([0-9]+(?:\.[0-9]+)?)x?$/.exec(text)
  const pace = match === null ? 0 : Number(match[1])
  return pace > 0 && pace <= PACE_MAX ? pace : undefined
}
