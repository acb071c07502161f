// What may be simulated, and the words for what may not.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CodedError } from '@papertape/gateway'
import { readConfig } from '../settings/config.ts'
import { commandOf, marketCommandOf, readSimulation } from './simulation-request.ts'

const seed = () => 41

describe('a simulation that is asked for', () => {
  test('has defaults, and a drawn seed', () => {
    const header = readSimulation({}, seed)
    const { preset, durationMs, symbols, scenarios } = header
    assert.deepEqual([header.seed, preset, durationMs, symbols.length, scenarios], [41, 'mixed', 3_600_000, 2, []])
  })

  test('can be made again on the command line', () => {
    const request = { preset: 'large-tick', scenario: 'halt+20m', seed: 7, duration: '1h30m', symbols: 3 }
    assert.equal(
      commandOf(readSimulation(request, seed)),
      'npm run sim -- run --preset large-tick --symbols 3 --seed 7 --duration 5400s --scenario halt@09:50:00',
    )
  })

  test('can be opened as a live market, with a command that the settings take', () => {
    const header = readSimulation({ preset: 'large-tick', scenario: 'halt+20m', seed: 7, symbols: 3 }, seed)
    const [, line] = marketCommandOf(header).split('npm start -- ')
    const config = readConfig(line!.split(' '), {}, '/')
    assert.ok(config !== 'help')
    const { preset, symbols, port, scenario, memory } = config
    assert.deepEqual([preset, symbols, config.seed, port, scenario, memory], ['large-tick', 3, 7, 8090, ['halt'], true])
  })

  for (const [what, request, words] of [
    [
      'an unknown preset',
      { preset: 'smalltick' },
      /no preset "smalltick".*small-tick, large-tick, mixed; did you mean small-tick\?/,
    ],
    ['a year', { duration: '365d' }, /6\.5 hours, a trading day, at most, not 365d/],
    ['an instant', { duration: '1s' }, /a minute at least, not 1s/],
    ['a length in words', { duration: 'long' }, /such as 10m, 1h30m or 6\.5h, not "long"/],
    ['no symbols', { symbols: 0 }, /from 1 to 8, not 0/],
    ['too many symbols', { symbols: 100 }, /from 1 to 8, not 100/],
    ['an unknown scenario', { scenario: 'flash-crush' }, /the scenarios are calm-day, .*did you mean flash-crash\?/],
    [
      'a scenario after the end',
      { scenario: 'halt+3h' },
      /within the run, not "halt\+3h": the run goes from 09:30:00 to 10:30:00/,
    ],
  ] as const) {
    test(`may not be ${what}`, () => {
      const isInWords = (error: unknown) =>
        error instanceof CodedError && error.code === 'bad-parameter' && words.test(error.message)
      assert.throws(() => readSimulation(request, seed), isInWords)
    })
  }
})
