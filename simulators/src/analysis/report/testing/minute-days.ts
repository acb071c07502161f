// Curves of many real days of one-minute prices, for the long lags of volatility. Takes the text of a CSV file: a
// heading, then a time in seconds and a price a line.

import { type Curves, survival } from '../../facts/curves.ts'
import { logReturns } from '../../facts/mid-prices.ts'
import { pooledAutocorrelation } from '../../facts/pooled-facts.ts'
import { ABS_LAGS, RETURN_LAGS, RETURN_SIZES } from '../../facts/price-facts.ts'
import { standardDeviation } from '../../facts/statistics.ts'

const DAY_MINUTES = 391

export function minuteDays(text: string): Curves {
  const prices = Float64Array.from(text.trimEnd().split('\n').slice(1), line => Number(line.split(',')[1]))
  const days = Array.from({ length: Math.floor(prices.length / DAY_MINUTES) }, (_, day) =>
    logReturns(prices.subarray(day * DAY_MINUTES, (day + 1) * DAY_MINUTES)),
  )
  const absolute = days.map(day => day.map(Math.abs))
  const all = Float64Array.from(days.flatMap(day => [...day]))
  const sd = standardDeviation(all)
  return {
    returnAcf: { x: RETURN_LAGS, y: RETURN_LAGS.map(lag => pooledAutocorrelation(days, lag)) },
    absAcf: { x: ABS_LAGS, y: ABS_LAGS.map(lag => pooledAutocorrelation(absolute, lag)) },
    returns1m: survival(
      all.map(value => Math.abs(value) / sd),
      RETURN_SIZES,
    ),
  }
}
