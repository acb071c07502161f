// `scenarios`, and runs with a scenario, in child processes.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SCENARIO_NAMES } from '../../planned-scenario.ts'
import { refusal, sim, testFolder } from '../testing/sim.ts'

const { path } = testFolder()

test('scenarios lists all, describes one, and checks one', async () => {
  const list = await sim(['scenarios'])
  assert.equal(list.code, 0)
  for (const name of SCENARIO_NAMES) assert.match(list.stdout, new RegExp(`^${name}\n  \\w.*\n(  - .*\n)+`, 'm'))
  const one = await sim(['scenarios', 'halt'])
  assert.match(one.stdout, /^Halt \(halt\)\n/)
  assert.match(one.stdout, /"kind":"phase","atMs":300000,.*"phase":"paused"/)
  const check = await sim(['scenarios', 'halt', '--check', '--seed', '3', '--preset', 'large-tick'])
  assert.equal(check.code, 0, check.stdout)
  assert.match(check.stdout, /^halt, seed 3, large-tick\n( {2}met .*: \S.*\n){5}$/)
})

test('an unknown name is refused with the known ones, exit code 2', async () => {
  for (const words of [
    ['scenarios', 'crash'],
    ['run', '--scenario', 'crash@10:00'],
  ]) {
    assert.match(await refusal(words), /^2 papertape-sim: there is no scenario "crash": the scenarios are calm-day, /)
  }
  assert.match(await refusal(['scenarios', '--check']), /^2 .*--check needs the NAME/)
})

test('a run with a scenario has it in its header, and is repeated with it', async () => {
  const market = ['--seed', '7', '--symbols', '1', '--duration', '2m']
  const out = await sim(['run', ...market, '--scenario', 'fat-finger+1m', '--out', path('a.tape')])
  assert.equal(out.code, 0, out.stderr)
  const [header] = readFileSync(path('a.tape'), 'utf8').split('\n')
  const { scenarios, startTime } = JSON.parse(header!)
  assert.deepEqual(scenarios, [{ name: 'fat-finger', startTime: startTime + 60_000 }])
  assert.equal((await sim(['verify', path('a.tape')])).code, 0)
  const usual = await sim(['run', ...market])
  assert.notEqual(usual.stdout.split('\n').at(-2), out.stdout.split('\n').at(-2))
  // A recording plays the same from its snapshots.
  const recorded = await sim(['record', ...market, '--scenario', 'fat-finger@09:31', '--out', path('a.rec')])
  assert.equal(recorded.code, 0, recorded.stderr)
  const late = await sim(['replay', path('a.rec'), '--at', '09:31:30'])
  assert.ok(late.stdout.length > 1000 && readFileSync(path('a.tape'), 'utf8').endsWith(late.stdout))
})
