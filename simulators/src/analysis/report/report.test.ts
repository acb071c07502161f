// The report of a sample: the table, the page, and the tally that the exit code depends on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulateDay } from '../days/simulate-day.ts'
import { FACT_NAMES, factOf } from '../facts/fact-targets.ts'
import { measureDay } from '../facts/measure-day.ts'
import { formatBand, formatFigure, formatInterval, formatNumber } from './figures.ts'
import { reportPage } from './page.ts'
import { panelsOf } from './panels.ts'
import { type Sample, sampleOf, tally } from './sample.ts'
import { textTable } from './text-table.ts'

const days = [1, 2, 3].map(seed => measureDay(simulateDay({ preset: 'small-tick', seed, durationMs: 300_000 })))
const terms = { name: 'a <b> & c', origin: 'Seeds 1 to 3', preset: 'small-tick', isSimulated: true } as const
const sample = sampleOf(terms, days, ['seed 1', 'seed 2', 'seed 3'])
const origin = { command: 'papertape-sim report --seeds 3', version: '1.2.3' }

test('curves are medians over days between quartiles', () => {
  const { x, median, lowQuartile, highQuartile } = sample.curves.signAcf!
  const column = days.map(day => day.curves.signAcf!.y[0]!).sort((a, b) => a - b)
  assert.equal(median[0], column[1])
  assert.equal(lowQuartile[0], (column[0]! + column[1]!) / 2)
  assert.equal(highQuartile[0], (column[1]! + column[2]!) / 2)
  assert.equal(x.length, median.length)
})

test('an absent fact fails a simulation, but not a file', () => {
  const absent = sample.verdicts.filter(verdict => verdict.judgement === 'absent').length
  assert.ok(absent > 0)
  const file: Sample = { ...sample, isSimulated: false }
  assert.equal(tally(sample).judged - tally(file).judged, absent)
  assert.equal(tally(sample).failed.length, tally(file).failed.length + absent)
  assert.equal(tally(file).met + tally(file).failed.length, tally(file).judged)
})

test('the table has a row for each fact, in columns', () => {
  const lines = textTable(sample).trimEnd().split('\n')
  const [head, , headings, ...rows] = lines
  assert.match(head!, /^a <b> & c: Seeds 1 to 3\. \d+ of \d+ facts inside their targets\.$/)
  assert.equal(rows.length, FACT_NAMES.length)
  const column = headings!.indexOf('median') + 'median'.length
  for (const [i, row] of rows.entries()) {
    assert.ok(row.startsWith(factOf(FACT_NAMES[i]!).title))
    assert.match(row.slice(0, column), / [−\d.–]+$/)
  }
  // A figure of three days has its interval.
  const interval = headings!.indexOf('95 %') + '95 %'.length
  for (const [i, { value, interval: edges }] of sample.verdicts.entries()) {
    assert.equal(edges === undefined, Number.isNaN(value))
    assert.match(rows[i]!.slice(column, interval), edges === undefined ? / –$/ : / [−\d.]+ … [−\d.]+$/)
  }
  assert.ok(sample.verdicts.some(({ interval: edges }) => edges !== undefined))
})

test('formats figures with a minus sign and their own digits, and targets as text', () => {
  assert.deepEqual(
    [formatNumber(-0.0301, 3), formatNumber(-0.0001, 2), formatNumber(Number.NaN, 2)],
    ['−0.030', '0.00', '–'],
  )
  assert.deepEqual(
    [formatFigure(0.02, 3), formatFigure([0.2, 0.44], 3), formatFigure(0.099, 3)],
    ['0.02', '0.20 … 0.44', '0.099'],
  )
  const bands = (['returnAcfLag1', 'absAcfLag10', 'kurtosis10s', 'minuteReturnSd'] as const).map(name =>
    formatBand((factOf(name).bands as Record<string, never> | undefined)?.['small-tick'], factOf(name)),
  )
  assert.deepEqual(bands, ['± 0.05', '≥ 0.05', '3 to 12', '–'])
})

test('the page is self-contained, escapes text, and shows every plot and every fact', () => {
  const page = reportPage([sample, { ...sample, preset: 'large-tick', name: 'second' }], origin)
  assert.doesNotMatch(page, /<script|https?:|<b> & c|url\((?!#)|@import|NaN|undefined/)
  assert.match(page, /a &lt;b&gt; &amp; c/)
  assert.match(page, /papertape-sim report --seeds 3<\/code>, version 1\.2\.3/)
  assert.equal(page.match(/<svg/g)!.length, panelsOf(sample).length * 2)
  const ids = [...page.matchAll(/clipPath id="([^"]+)"/g)].map(match => match[1])
  assert.equal(new Set(ids).size, ids.length)
  const { fact, interval } = sample.verdicts.find(verdict => verdict.interval !== undefined)!
  assert.ok(page.includes(`<td class="interval">${formatInterval(interval, factOf(fact).decimals)}</td>`))
  for (const name of FACT_NAMES) assert.ok(page.includes(factOf(name).title.replaceAll('&', '&amp;')), name)
})

test('metaorders add a plot', () => {
  const impact = { x: [0.001, 0.01, 0.1], y: [0.03, 0.1, 0.3], orders: 2000 }
  const title = 'Impact of metaorders'
  assert.ok(!panelsOf(sample).some(panel => panel.plot.title === title))
  assert.ok(panelsOf({ ...sample, impact }).some(panel => panel.plot.title === title))
})

test('real markets are drawn as lines where their data was measured, as points where only those are known', () => {
  const { plot } = panelsOf({ ...sample, preset: 'large-tick' }).find(
    panel => panel.plot.title === 'Autocorrelation of trade signs',
  )!
  const drawn = plot.layers.flatMap(layer => ('name' in layer ? [`${layer.name} ${layer.type}`] : []))
  assert.deepEqual(drawn, ['AMZN line', 'AAPL line', 'MSFT points', 'Papertape line'])
})
