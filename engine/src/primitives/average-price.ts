// The average price of what was traded, as it is shown: the one rounding that an amount meets on its way out.

import { toCurrency } from '@papertape/protocol'

/** An average is shown to the millionth: below that it would be noise of the division. */
export function averagePrice(units: number, size: number): number {
  return Math.round((toCurrency(units) / size) * 1e6) / 1e6
}
