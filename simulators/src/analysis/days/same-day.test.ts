// One simulated day measured three times: as it was recorded, from its LOBSTER files, and from its tape. A fact that a
// source has is the same from each.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEvent } from '@papertape/protocol'
import { createLobsterRows } from '../../formats/lobster-rows.ts'
import { selectInstruments } from '../../market/instruments.ts'
import { PRESETS, type Preset } from '../../market/preset.ts'
import { openSeededRun } from '../../recording/market-run.ts'
import { runHeader } from '../../run-options/run-header.ts'
import { FACT_NAMES, type FactName, type FactValues } from '../facts/fact-targets.ts'
import { measureDay } from '../facts/measure-day.ts'
import { readLobsterDay } from './lobster-day.ts'
import { recordDays } from './record-days.ts'
import { collectTapeDays } from './tape-day.ts'

const SEED = Number(process.env.TEST_SEED ?? 101)
const DURATION_MS = 3_600_000
const LEVELS = 10

function measure(preset: Preset): Record<'recorded' | 'lobster' | 'tape', FactValues> {
  const instruments = selectInstruments(1, preset)
  const symbols = instruments.map(({ symbol }) => symbol)
  const about = { lines: 'tape', seed: SEED, preset, scenarios: [], symbols, orders: null } as const
  const header = runHeader({ ...about, durationMs: DURATION_MS })
  const recorder = recordDays(instruments, header)
  const run = openSeededRun(header, [], { observer: recorder })
  const tape = collectTapeDays(header)
  const take = (events: readonly FeedEvent[]) => events.forEach(tape.take)
  while (run.step(header.startTime + DURATION_MS)) take(run.takeEvents())
  run.finish(header.startTime + DURATION_MS)
  take(run.takeEvents())
  const [recorded] = recorder.days()
  const rows = createLobsterRows(instruments[0]!, LEVELS, 'all').take(recorded!.flow)
  return {
    recorded: measureDay(recorded!).values,
    lobster: measureDay(readLobsterDay('TEST', rows.messages, rows.orderbook)).values,
    tape: measureDay(tape.days()[0]!).values,
  }
}

/** Facts that need what neither file has: the book beyond the best prices in the orderbook file as it is read. */
const RECORDED_ONLY: ReadonlySet<FactName> = new Set(['depthPeak', 'levelGap'])
/** Facts that trades and quotes are enough for: those of prices, market orders and the spread. */
const FROM_TAPE: readonly FactName[] = [
  'returnAcfLag1',
  'kurtosis1s',
  'kurtosis1m',
  'minuteReturnSd',
  'absAcfLag10',
  'volumeCorrelation',
  'signAcfLag1',
  'signAcfLag10',
  'marketOrderGapCv',
  'fillsPerMarketOrder',
  'hiddenShare',
  'response',
  'responseGrowth',
  'spreadMedian',
  'spreadMean',
  'oneTickShare',
  'imbalanceFollows',
  'imbalanceFit',
]

for (const preset of PRESETS) {
  test(`${preset}: a day has the same facts, whichever file it is read from (TEST_SEED=${SEED})`, () => {
    const { recorded, lobster, tape } = measure(preset)
    const differs = (fact: FactName, found: FactValues) =>
      Math.abs(found[fact] - recorded[fact]) > 1e-6 * Math.max(1, Math.abs(recorded[fact])) ||
      Number.isNaN(found[fact]) !== Number.isNaN(recorded[fact])
    const fromLobster = FACT_NAMES.filter(fact => !RECORDED_ONLY.has(fact) && differs(fact, lobster))
    const show = (facts: readonly FactName[], found: FactValues) =>
      facts.map(fact => `${fact} ${found[fact]}, recorded ${recorded[fact]}`).join('; ')
    assert.equal(show(fromLobster, lobster), '')
    const fromTape = FROM_TAPE.filter(fact => differs(fact, tape))
    assert.equal(show(fromTape, tape), '')
  })
}
