// Statistics with their textbook definitions and population moments. All return NaN when there are too few values.

export type Series = ArrayLike<number>

export function sum(values: Series): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

export function mean(values: Series): number {
  return sum(values) / values.length
}

/** The n-th moment about the mean. */
function moment(values: Series, n: number): number {
  const centre = mean(values)
  let total = 0
  for (let i = 0; i < values.length; i++) total += (values[i]! - centre) ** n
  return total / values.length
}

export function standardDeviation(values: Series): number {
  return Math.sqrt(moment(values, 2))
}

/** Standard deviation over mean: 1 for the times between events of a Poisson process. */
export function coefficientOfVariation(values: Series): number {
  return standardDeviation(values) / mean(values)
}

/** 0 for a normal distribution. */
export function excessKurtosis(values: Series): number {
  return moment(values, 4) / moment(values, 2) ** 2 - 3
}

export function correlation(a: Series, b: Series): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let product = 0
  let squareA = 0
  let squareB = 0
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB]
    product += da * db
    squareA += da * da
    squareB += db * db
  }
  return product / Math.sqrt(squareA * squareB)
}

/** About the mean of the whole series, over its whole variance. */
export function autocorrelation(values: Series, lag: number): number {
  const centre = mean(values)
  let product = 0
  let square = 0
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - centre
    square += d * d
    if (i >= lag) product += d * (values[i - lag]! - centre)
  }
  return values.length > lag ? product / square : Number.NaN
}

export function autocorrelations(values: Series, lags: readonly number[]): number[] {
  return lags.map(lag => autocorrelation(values, lag))
}

export function sorted(values: Series): Float64Array {
  return Float64Array.from(values).sort()
}

/** Linear between the two nearest ranks. @param ascending sorted values. */
export function quantile(ascending: Series, share: number): number {
  const at = (ascending.length - 1) * share
  const low = Math.floor(at)
  const high = Math.ceil(at)
  if (ascending.length === 0) return Number.NaN
  return ascending[low]! + (ascending[high]! - ascending[low]!) * (at - low)
}

export function median(values: Series): number {
  return quantile(sorted(values), 0.5)
}

/** Hill's estimate of the tail exponent, from the largest `share` of the values, which must not be negative. */
export function hillIndex(values: Series, share: number): number {
  const ascending = sorted(values)
  const count = Math.floor(ascending.length * share)
  const threshold = ascending[ascending.length - 1 - count]
  if (count < 2 || threshold === undefined || threshold <= 0) return Number.NaN
  let logs = 0
  for (let i = ascending.length - count; i < ascending.length; i++) logs += Math.log(ascending[i]! / threshold)
  return count / logs
}

/** Least squares: y = intercept + slope x. */
export function fitLine(x: Series, y: Series): { slope: number; intercept: number } {
  const [meanX, meanY] = [mean(x), mean(y)]
  let product = 0
  let square = 0
  for (let i = 0; i < x.length; i++) {
    product += (x[i]! - meanX) * (y[i]! - meanY)
    square += (x[i]! - meanX) ** 2
  }
  const slope = product / square
  return { slope, intercept: meanY - slope * meanX }
}
