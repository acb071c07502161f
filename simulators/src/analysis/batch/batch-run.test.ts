// A batch run against the parts that it joins: the run of the command, and the report of a simulated day.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { selectInstruments } from '../../market/instruments.ts'
import { openSeededRun } from '../../recording/market-run.ts'
import { tapePieces } from '../../recording/tape-pieces.ts'
import { runHeader } from '../../run-options/run-header.ts'
import { simulateDay } from '../days/simulate-day.ts'
import { measureDay } from '../facts/measure-day.ts'
import { openBatchRun } from './batch-run.ts'
import { reportData } from './report-data.ts'

const MINUTE_MS = 60_000
const namesOf = (count: number) => selectInstruments(count).map(({ symbol }) => symbol)
const options = { lines: 'tape', scenarios: [], orders: null, seed: 3, durationMs: 10 * MINUTE_MS } as const

test('its tape is that of the run without a report, however it is sliced', () => {
  const header = runHeader({ ...options, preset: 'mixed', symbols: namesOf(3) })
  const whole = [...tapePieces(header, openSeededRun(header, []))].map(({ text }) => text).join('')
  const sliced = [...openBatchRun(header, MINUTE_MS).pieces]
  assert.ok(sliced.length >= 10)
  assert.equal(sliced.map(({ text }) => text).join(''), whole)
})

test('its facts are those of the same simulated day', () => {
  const header = runHeader({ ...options, preset: 'large-tick', symbols: namesOf(1) })
  const run = openBatchRun(header, MINUTE_MS)
  for (const _ of run.pieces);
  const { verdicts, preset } = run.report()
  const { values } = measureDay(simulateDay({ preset: 'large-tick', seed: 3, durationMs: options.durationMs }))
  assert.equal(preset, 'large-tick')
  for (const fact of ['kurtosis1s', 'cancelsPerLimit', 'spreadMean', 'cancelledLife'] as const) {
    assert.equal(verdicts.find(verdict => verdict.fact === fact)?.value, values[fact], fact)
  }
})

test('its report is JSON: what has no value, and the open end of a target, is null', () => {
  const run = openBatchRun(runHeader({ ...options, preset: 'small-tick', symbols: namesOf(1) }), MINUTE_MS)
  for (const _ of run.pieces);
  const report = reportData(run.report())
  assert.deepEqual(JSON.parse(JSON.stringify(report)), report)
  const late = report.facts.find(({ fact }) => fact === 'absAcfLag60')!
  assert.deepEqual([late.value, late.text, late.target, late.judgement], [null, '–', '≥ 0.02', 'absent'])
  const openEnds = report.plots.flatMap(({ layers }) => layers.filter(({ type }) => type === 'target'))
  assert.ok(openEnds.some(target => 'y' in target && target.y.includes(null)))
})
