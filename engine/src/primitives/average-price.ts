// Rounds the average price of trades for output. No other amount is rounded.

import { toCurrency } from '@papertape/protocol'

/** To the millionth, beyond which are only artefacts of the division. */
export function averagePrice(units: number, size: number): number {
  return Math.round((toCurrency(units) / size) * 1e6) / 1e6
}
