// A portion of an amount in whole units, where their product may be larger than a double can hold exactly.

/** `units x part / whole`, rounded. @param units 0 or more. */
export function portion(units: number, part: number, whole: number, round: (units: number) => number): number {
  const rest = units % whole
  return ((units - rest) / whole) * part + round((rest * part) / whole)
}
