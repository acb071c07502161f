// The facts of prices and volume: fat tails, no autocorrelation of returns, volatility clustering, volume.

import type { MarketDay } from '../../order-flow/market-day.ts'
import { type Curve, logSteps, meanByDecile, survival } from './curves.ts'
import { logReturns, midsAtSteps, returnsOver } from './mid-prices.ts'
import {
  autocorrelation,
  autocorrelations,
  correlation,
  excessKurtosis,
  hillIndex,
  type Series,
  standardDeviation,
} from './statistics.ts'
import { halfHourShares, lastHalfHourToMidday, volumeAtSteps } from './volume.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const TAIL_SHARE = 0.05
const BASIS_POINTS = 10_000
const HORIZONS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300]
export const RETURN_LAGS = Array.from({ length: 20 }, (_, i) => i + 1)
export const ABS_LAGS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90]
/** In standard deviations. */
export const RETURN_SIZES = logSteps(0.5, 20, 33)

export function measurePriceFacts(day: MarketDay) {
  const minuteReturns = returnsOver(day, MINUTE_MS)
  const absolute = minuteReturns.map(Math.abs)
  const volume = volumeAtSteps(day, MINUTE_MS)
  const shares = halfHourShares(day)
  const seconds = midsAtSteps(day, SECOND_MS)
  const returns = new Map(HORIZONS_S.map(horizon => [horizon, logReturns(everyNth(seconds, horizon))]))
  const kurtosis = HORIZONS_S.map(horizon => excessKurtosis(returns.get(horizon)!))
  const [kurtosis1s, kurtosis10s, kurtosis1m] = [1, 10, 60].map(horizon => kurtosis[HORIZONS_S.indexOf(horizon)]!)
  const values = {
    returnAcfLag1: autocorrelation(minuteReturns, 1),
    returnAcfLag2: autocorrelation(minuteReturns, 2),
    returnAcfLag3: autocorrelation(minuteReturns, 3),
    returnAcfLag4: autocorrelation(minuteReturns, 4),
    returnAcfLag5: autocorrelation(minuteReturns, 5),
    kurtosis1s: kurtosis1s!,
    kurtosis10s: kurtosis10s!,
    kurtosis1m: kurtosis1m!,
    kurtosisFallsTo10s: kurtosis1s! / kurtosis10s!,
    kurtosisFallsTo1m: kurtosis10s! / kurtosis1m!,
    hillIndex: hillIndex(absolute, TAIL_SHARE),
    minuteReturnSd: standardDeviation(minuteReturns) * BASIS_POINTS,
    absAcfLag1: autocorrelation(absolute, 1),
    absAcfLag10: autocorrelation(absolute, 10),
    absAcfLag60: autocorrelation(absolute, 60),
    volumeCorrelation: correlation(absolute, volume),
    lastHalfHour: shares === undefined ? Number.NaN : lastHalfHourToMidday(shares),
  }
  const curves = {
    returns1s: returnSizes(returns.get(1)!),
    returns10s: returnSizes(returns.get(10)!),
    returns1m: returnSizes(minuteReturns),
    kurtosis: { x: HORIZONS_S, y: kurtosis },
    returnAcf: { x: RETURN_LAGS, y: autocorrelations(minuteReturns, RETURN_LAGS) },
    absAcf: { x: ABS_LAGS, y: autocorrelations(absolute, ABS_LAGS) },
    volumeByReturn: meanByDecile(volume, absolute),
    ...(shares === undefined ? {} : { halfHours: { x: shares.map((_, i) => i), y: shares } }),
  }
  return { values, curves, minuteReturns }
}

function everyNth(values: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: Math.floor((values.length - 1) / n) + 1 }, (_, i) => values[i * n]!)
}

/** The share of absolute returns above each number of standard deviations. */
function returnSizes(returns: Series): Curve {
  const sd = standardDeviation(returns)
  return survival(
    Array.from(returns, value => Math.abs(value) / sd),
    RETURN_SIZES,
  )
}
