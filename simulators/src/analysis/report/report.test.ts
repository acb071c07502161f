// The report of a sample: the table, the page, and the tally that the exit code depends on.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulateDay } from '../days/simulate-day.ts'
import { FACT_NAMES, factOf } from '../facts/fact-targets.ts'
import { measureDay } from '../facts/measure-day.ts'
import { formatBand, formatFigure, formatNumber } from './figures.ts'
import { reportPage } from './page.ts'
import { panelsOf } from './panels.ts'
import { type Sample, sampleOf, tally } from './sample.ts'
import { textTable } from './text-table.ts'

const days = [1, 2, 3].map(seed => measureDay(simulateDay({ preset: 'small-tick', seed, durationMs: 300_000 })))
const terms = { name: 'a <b> & c', origin: 'Seeds 1 to 3', preset: 'small-tick', isSimulated: true } as const
const sample = sampleOf(terms, days)

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
  const bands = (['returnAcfLag1', 'kurtosis1s', 'kurtosis10s', 'minuteReturnSd'] as const).map(name =>
    formatBand((factOf(name).bands as Record<string, never> | undefined)?.['small-tick'], factOf(name)),
  )
  assert.deepEqual(bands, ['± 0.05', '≥ 10', '3 to 12', '–'])
})

test('the page is self-contained, escapes text, and shows every plot and every fact', () => {
  const page = reportPage([sample, { ...sample, preset: 'large-tick', name: 'second' }], [])
  assert.doesNotMatch(page, /<script|https?:|<b> & c|url\((?!#)|@import|NaN|undefined/)
  assert.match(page, /a &lt;b&gt; &amp; c/)
  assert.equal(page.match(/<svg/g)!.length, panelsOf(sample, []).length * 2)
  const ids = [...page.matchAll(/clipPath id="([^"]+)"/g)].map(match => match[1])
  assert.equal(new Set(ids).size, ids.length)
  for (const name of FACT_NAMES) assert.ok(page.includes(factOf(name).title.replaceAll('&', '&amp;')), name)
})

test('metaorders add a plot', () => {
  const impact = { x: [0.001, 0.01, 0.1], y: [0.03, 0.1, 0.3], orders: 2000 }
  const title = 'Impact of metaorders'
  assert.ok(!panelsOf(sample, []).some(panel => panel.plot.title === title))
  assert.ok(panelsOf({ ...sample, impact }, []).some(panel => panel.plot.title === title))
})

test('a real market is drawn from its data if available, otherwise from published points', () => {
  const curve = { x: [1, 2, 3], y: [0.9, 0.5, 0.4] }
  const layersOf = (title: string, real: Parameters<typeof panelsOf>[1]) => {
    const { plot } = panelsOf(sample, real).find(panel => panel.plot.title === title)!
    return plot.layers.flatMap(layer => ('name' in layer ? [`${layer.name} ${layer.type}`] : []))
  }
  const title = 'Autocorrelation of trade signs'
  assert.deepEqual(layersOf(title, []), ['AMZN points', 'AAPL points', 'Papertape line'])
  const real = [{ name: 'AMZN', curves: { signAcf: curve } }] as const
  assert.deepEqual(layersOf(title, real), ['AMZN line', 'AAPL points', 'Papertape line'])
})
