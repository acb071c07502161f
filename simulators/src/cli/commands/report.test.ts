// `report` in child processes: its output, files and exit codes.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Verdict } from '../../analysis/facts/verdict.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const REAL = fileURLToPath(new URL('../../../../../shared/data/lobster/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'papertape-report-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function report(words: readonly string[]): Promise<Outcome> {
  const flags = process.execArgv.filter(word => !word.startsWith('--test'))
  return new Promise(resolve => {
    execFile(process.execPath, [...flags, MAIN, 'report', ...words], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** The exit code and the one line on stderr. */
async function refusal(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await report(words)
  assert.equal(stdout, '')
  assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
  return `${code} ${stderr.trimEnd()}`
}

const SHORT = ['--preset', 'small-tick', '--seeds', '3', '--seed-from', '5', '--duration', '60s']

test('seeds: a table on stdout, JSON and a page, equal for any number of threads', async () => {
  const one = await report([...SHORT, '--workers', '1', '--out', path('one')])
  const three = await report([...SHORT, '--workers', '3', '--json', path('three.json')])
  assert.deepEqual(readdirSync(path('one')).sort(), ['report.html', 'report.json'])
  const json = readFileSync(path('one/report.json'), 'utf8')
  const withoutCommand = (text: string) => text.replace(/"command": .*/, '')
  assert.equal(withoutCommand(json), withoutCommand(readFileSync(path('three.json'), 'utf8')))
  assert.match(readFileSync(path('one/report.html'), 'utf8'), /^<!doctype html>.*<\/html>\n$/s)
  const { samples, command } = JSON.parse(json)
  assert.match(command, /^papertape-sim report --preset small-tick --seeds 3 /)
  assert.deepEqual(
    samples[0].perDay.map(({ day }: { day: string }) => day),
    ['seed 5', 'seed 6', 'seed 7'],
  )
  let compared = 0
  for (const { fact, value, interval } of samples[0].verdicts) {
    const perDay = samples[0].perDay.map(({ values }: { values: Record<string, number | null> }) => values[fact])
    const [low, middle, high] = perDay.toSorted((a: number, b: number) => a - b)
    if (perDay.includes(null) || perDay.includes(undefined)) continue
    assert.deepEqual([value, ...interval], [middle, low, high], fact)
    compared++
  }
  assert.ok(compared >= 20, `${compared} facts with values of each day`)
  assert.equal(samples.length, 1)
  assert.equal(samples[0].days, 3)
  const { lowQuartile, highQuartile } = samples[0].verdicts.find((verdict: Verdict) => verdict.fact === 'eventGapCv')
  assert.ok(lowQuartile < highQuartile, 'each seed is another day')
  assert.equal(samples[0].origin, 'Seeds 5 to 7, 1 min each')
  // A minute is too short for many facts: they are absent, which is a failure.
  assert.equal(one.code, 1)
  assert.equal(three.stdout.split('\n\nfile ')[0], one.stdout.split('\n\nfile ')[0])
  assert.match(one.stdout, /^small-tick: Seeds 5 to 7, .* of \d+ facts inside their targets\.\n/)
  assert.match(one.stdout, /\nfile \S+report.html\nfile \S+report.json\n$/)
  const lines = one.stderr.trimEnd().split('\n')
  assert.match(lines.pop()!, /^papertape-sim: \d+ facts are outside the target: .*Last half hour over midday volume/)
  for (const line of lines) assert.equal(typeof JSON.parse(line).progress, 'number')
})

test('errors are one line', async () => {
  writeFileSync(path('x.csv'), 'nothing\n')
  writeFileSync(path('A_2012-06-21_1_2_message_1.csv'), '34200.5,1,1,forty,100100,-1\n')
  mkdirSync(path('full'))
  writeFileSync(path('full/report.json'), 'mine')
  assert.match(await refusal([path('none')]), /^1 .*cannot read \S+none: there is no such file/)
  assert.match(await refusal([path('x.csv')]), /^1 .*x\.csv is neither a tape nor LOBSTER messages/)
  assert.match(await refusal([path('A_2012-06-21_1_2_message_1.csv')]), /^1 .*line 1: expected a whole number as size/)
  assert.match(await refusal([...SHORT, '--out', path('full')]), /^1 .*report\.json exists; .*--force/)
  assert.equal(readFileSync(path('full/report.json'), 'utf8'), 'mine')
  assert.match(await refusal(['--preset', 'odd']), /^2 .*--preset takes small-tick or large-tick, not "odd"/)
  assert.match(await refusal(['--seeds', '0']), /^2 .*--seeds takes a whole number from 1/)
  assert.match(await refusal(['--seed-from', '-1']), /^2 .*/)
  assert.match(await refusal([path('x.csv'), '--seeds', '3']), /^2 .*--seeds is for simulated days, not for files/)
})

const skip = existsSync(REAL) ? false : `no market data in ${REAL}`

test('a LOBSTER day: reads its orderbook file, chooses targets by its spread, does not fail on absent facts', {
  skip,
}, async () => {
  const file = join(REAL, 'AMZN_2012-06-21_34200000_57600000_message_1.csv.gz')
  const { code, stdout, stderr } = await report([file])
  assert.match(stdout, /^AMZN_\S+: One day, judged as small-tick\. \d+ of \d+ facts/)
  assert.match(stdout, /\nMedian spread, ticks +12 +– +8 to 25 +met /)
  assert.match(stdout, /\nImpact exponent of metaorders +– +– +0\.4 to 0\.6 +absent /)
  // One real day is noisy, and level 1 has few of the cancels.
  assert.equal(code, 1)
  assert.match(stderr, /outside the target: .*Cancels per limit order/)
  assert.doesNotMatch(stderr, /Impact/)
})
