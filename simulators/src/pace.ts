// How fast a market's clock runs against the wall's, as text. The one parser, for the command line and the server alike.

const PACE_MAX = 100_000

/** `60x`, `60`, `0.5x`: a multiple of real time; `max`: Infinity. Undefined when it is none of these. */
export function parsePace(text: string): number | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY
  const match = /^([0-9]+(?:\.[0-9]+)?)x?$/.exec(text)
  const pace = match === null ? 0 : Number(match[1])
  return pace > 0 && pace <= PACE_MAX ? pace : undefined
}
