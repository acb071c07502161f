// Real days for the plots of a report, from market data beside the project. Absent data is skipped: published points
// are drawn.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { measureDay } from '../../analysis/facts/measure-day.ts'
import { minuteDays } from '../../analysis/report/minute-days.ts'
import type { RealDay } from '../../analysis/report/real-day.ts'
import { readLines } from '../../input/input-file.ts'
import { readDays } from './day-files.ts'

const FOLDER = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url))
const LOBSTER_DAYS = [
  ['AMZN', 'lobster/AMZN_2012-06-21_34200000_57600000_message_1.csv.gz'],
  ['AAPL', 'lobster/AAPL_2012-06-21_34200000_37800000_message_50.csv.gz'],
] as const
const MINUTES = 'taq/sampleOneMinuteData.csv.gz'

export async function readRealDays(): Promise<RealDay[]> {
  const found: RealDay[] = []
  for (const [name, file] of LOBSTER_DAYS) {
    if (!existsSync(FOLDER + file)) continue
    const [day] = await readDays(FOLDER + file)
    found.push({ name, curves: measureDay(day!).curves })
  }
  if (existsSync(FOLDER + MINUTES)) found.push(minuteDays('TAQ', (await readLines(FOLDER + MINUTES)).join('\n')))
  return found
}
