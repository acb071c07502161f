// The curves of real markets are those of the data, where it is available. UPDATE_CURVES=1 writes them.

import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { readLobsterDay } from '../days/lobster-day.ts'
import type { Curves } from '../facts/curves.ts'
import { measureDay } from '../facts/measure-day.ts'
import { REAL_MARKETS } from './real-curves.ts'
import { minuteDays } from './testing/minute-days.ts'

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const skip = existsSync(FOLDER) ? false : `no market data in ${FOLDER}`
const FILE = fileURLToPath(new URL('real-curves-data.ts', import.meta.url))
const HEAD = readFileSync(FILE, 'utf8').replace(/\{.*/s, '')
const DAY = '2012-06-21_34200000'

function read(file: string): string {
  return gunzipSync(readFileSync(FOLDER + file)).toString('latin1')
}

/** Four digits: more than a plot shows. Points without a value are left out. */
function rounded(curves: Curves): Curves {
  const round = (value: number) => Number(value.toPrecision(4))
  const points = Object.entries(curves).map(([name, { x, y }]) => {
    const known = x.map((_, i) => i).filter(i => !Number.isNaN(y[i]))
    return [name, { x: known.map(i => round(x[i]!)), y: known.map(i => round(y[i]!)) }] as const
  })
  return Object.fromEntries(points) as Curves
}

test('the curves of real markets are those of their data', { skip }, () => {
  const amzn = read(`lobster/AMZN_${DAY}_57600000_message_1.csv.gz`)
  const amznQuotes = read(`lobster/AMZN_${DAY}_57600000_orderbook_1.csv.gz`)
  const aapl = read(`lobster/AAPL_${DAY}_37800000_message_50.csv.gz`)
  const measured = {
    AMZN: rounded(measureDay(readLobsterDay('AMZN', amzn, amznQuotes)).curves),
    AAPL: rounded(measureDay(readLobsterDay('AAPL', aapl, undefined)).curves),
    TAQ: rounded(minuteDays(read('taq/sampleOneMinuteData.csv.gz'))),
  }
  if (process.env.UPDATE_CURVES !== undefined) writeFileSync(FILE, `${HEAD}${JSON.stringify(measured)}\n`)
  else
    for (const { name, curves } of REAL_MARKETS)
      assert.deepEqual(curves, measured[name], `${name}: UPDATE_CURVES=1 writes them`)
})
