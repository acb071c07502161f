// The measures on real days: values that were measured independently on the same files, to their printed digits. Where
// a definition differs, docs/realism.md explains it. The data is not part of the project: where it is absent, the
// tests are skipped with a reason.

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readLobsterDay } from '../days/lobster-day.ts'
import { FACT_NAMES, type FactName, type FactValues, factOf } from './fact-targets.ts'
import { measureDay } from './measure-day.ts'
import { logReturns, returnsOver } from './mid-prices.ts'
import { measurePooled, pooledAutocorrelation } from './pooled-facts.ts'
import { autocorrelations, excessKurtosis, hillIndex, standardDeviation } from './statistics.ts'

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const skip = existsSync(FOLDER) ? false : `no market data in ${FOLDER}`

function read(file: string): string {
  return gunzipSync(readFileSync(FOLDER + file)).toString('latin1')
}

/** A figure that was rounded to three digits and then to two may be a little more than half a digit away. */
const HALF_DIGIT = 0.55

/** Compares with printed values: their decimals are the precision. */
function equalAsPrinted(found: ArrayLike<number>, printed: string, what = ''): void {
  for (const [i, word] of printed.split(' ').entries()) {
    const digit = 10 ** -(word.split('.')[1]?.length ?? 0)
    assert.ok(Math.abs(found[i]! - Number(word)) <= HALF_DIGIT * digit, `${what} ${i}: ${found[i]} for ${word}`)
  }
}

function factsEqual(values: FactValues, printed: Partial<Record<FactName, string>>): void {
  for (const [fact, figure] of Object.entries(printed)) equalAsPrinted([values[fact as FactName]], figure, fact)
}

/** The table's value of a real day must be the measured one. */
function equalsTable(values: FactValues, name: 'AMZN' | 'AAPL'): void {
  for (const fact of FACT_NAMES) {
    const figure = factOf(fact).real?.[name]
    if (figure !== undefined) equalAsPrinted([values[fact]], String(figure), fact)
  }
}

test('AMZN, a whole day of best quotes', { skip }, () => {
  const messages = read('lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv.gz')
  const day = readLobsterDay('AMZN', messages, read('lobster/AMZN_2012-06-21_34200000_57600000_orderbook_1.csv.gz'))
  const { values, curves } = measureDay(day)
  factsEqual(values, {
    kurtosis1s: '34.4',
    kurtosis10s: '6.0',
    kurtosis1m: '3.33',
    hillIndex: '2.68',
    minuteReturnSd: '7.4',
    volumeCorrelation: '0.35',
    signAcfLag1: '0.62',
    signAcfLag10: '0.08',
    eventGapCv: '3.2',
    marketOrderGapCv: '2.47',
    cancelsPerLimit: '0.66',
    executionsPerLimit: '0.32',
    marketOrdersPerLimit: '0.24',
    fillsPerMarketOrder: '1.36',
    roundLotShare: '0.50',
    hundredsShare: '0.61',
    cancelledLife: '0.31',
    executedAge: '1.1',
    spreadMean: '12.9',
  })
  equalsTable(values, 'AMZN')
  equalAsPrinted(curves.returnAcf!.y, '0.02 -0.08 -0.04')
  const absolute = returnsOver(day, 60_000).map(Math.abs)
  equalAsPrinted(autocorrelations(absolute, [1, 2, 5, 10]), '0.14 0.14 -0.06 0.07')
  const tenSeconds = returnsOver(day, 10_000).map(Math.abs)
  equalAsPrinted(autocorrelations(tenSeconds, [1, 2, 5, 10, 20]), '0.153 0.138 0.093 0.085 0.04')
  const halfHours = '0.084 0.084 0.127 0.084 0.037 0.049 0.042 0.045 0.047 0.060 0.037 0.084 0.218'
  equalAsPrinted(curves.halfHours!.y, halfHours)
  equalAsPrinted(
    curves.eventMix!.y.map(share => share * 100),
    '48.4 0.03 31.7 15.6 4.3',
  )
})

test('AAPL, an hour of fifty levels', { skip }, () => {
  const messages = read('lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz')
  const day = readLobsterDay('AAPL', messages, undefined)
  const { values, curves } = measureDay(day)
  factsEqual(values, {
    kurtosis1s: '20.4',
    kurtosis10s: '5.4',
    minuteReturnSd: '7.2',
    signAcfLag1: '0.61',
    signAcfLag10: '0.11',
    eventGapCv: '3.4',
    marketOrderGapCv: '2.29',
    cancelsPerLimit: '0.937',
    executionsPerLimit: '0.092',
    marketOrdersPerLimit: '0.074',
    fillsPerMarketOrder: '1.24',
    roundLotShare: '0.53',
    hundredsShare: '0.64',
    cancelledLife: '0.37',
    executedAge: '1.2',
    spreadMean: '19.5',
  })
  equalsTable(values, 'AAPL')
  equalAsPrinted(curves.returnAcf!.y, '-0.04 -0.16 0.08')
  const tenSeconds = returnsOver(day, 10_000).map(Math.abs)
  equalAsPrinted(autocorrelations(tenSeconds, [1, 2, 5, 10]), '0.11 0.15 0.07 -0.02')
  equalAsPrinted(
    curves.eventMix!.y.map(share => share * 100),
    '48.1 0.5 44.6 4.4 2.4',
  )
  equalAsPrinted(
    curves.placement!.y.map(share => share * 100),
    '20 8 17 28 28',
  )
  // An hour has no values for a whole day.
  assert.ok(Number.isNaN(values.lastHalfHour))
})

test('22 days of minutes: a share and the market', { skip }, () => {
  const rows = read('taq/sampleOneMinuteData.csv.gz').trimEnd().split('\n').slice(1)
  const columns = rows.map(row => row.split(',').map(Number))
  const DAY_MINUTES = 391
  const [share, market] = [1, 2].map(column => {
    const prices = Float64Array.from(columns, row => row[column]!)
    const days = Array.from({ length: prices.length / DAY_MINUTES }, (_, day) =>
      logReturns(prices.subarray(day * DAY_MINUTES, (day + 1) * DAY_MINUTES)),
    )
    return { days, all: days.flatMap(day => [...day]) }
  }) as [{ days: Float64Array[]; all: number[] }, { days: Float64Array[]; all: number[] }]
  equalAsPrinted([excessKurtosis(share.all), excessKurtosis(market.all)], '5.01 5.11')
  equalAsPrinted([hillIndex(share.all.map(Math.abs), 0.05), hillIndex(market.all.map(Math.abs), 0.05)], '3.27 3.24')
  equalAsPrinted([standardDeviation(share.all) * 10_000, standardDeviation(market.all) * 10_000], '6.4 4.3')
  const acf = (days: Float64Array[], lags: number[]) => lags.map(lag => pooledAutocorrelation(days, lag))
  equalAsPrinted(acf(share.days, [1, 2, 3]), '-0.011 -0.013 -0.010')
  const absolute = share.days.map(day => day.map(Math.abs))
  equalAsPrinted(acf(absolute, [1, 2, 5, 10, 20, 30, 60]), '0.232 0.221 0.193 0.173 0.124 0.131 0.099')
  const { values } = measurePooled(share.days.map(minuteReturns => ({ minuteReturns, impacts: [], ownImpacts: [] })))
  equalAsPrinted([values.absAcfExponent], '0.21')
})
