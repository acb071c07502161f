// The file of --config: which settings it has, and that flags and variables win over them.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestFolder } from '../testing/test-folder.ts'
import { ConfigError, readConfig } from './config.ts'
import { marketOf, readMarketFile, settingDefaultsOf } from './market-file.ts'
import type { Config } from './settings.ts'

const FILE = join(createTestFolder('market-file'), 'market.json')

function read(market: unknown, args: readonly string[] = [], env = {}): Config {
  writeFileSync(FILE, JSON.stringify(market))
  return readConfig(args, env, undefined, settingDefaultsOf(readMarketFile(FILE), FILE)) as Config
}

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    assert.ok(error instanceof ConfigError, `${error}`)
    assert.ok(!error.message.includes('\n'))
    return error.message.replace(FILE, 'FILE')
  }
  return 'taken'
}

test('its seed, preset, instruments, fees, margins and rules are defaults; flags and variables win', () => {
  const market = {
    seed: 7,
    preset: 'large-tick',
    symbols: ['ACME', 'VELTR'],
    instruments: { ACME: { previousClose: 50 } },
    fees: { makerBp: 0.25, takerBp: 3, perShare: 0.0035 },
    margin: { initialPercent: 60, graceMs: 60_000 },
    rules: { bandsPercent: null, collarPercent: 2.5, openOrdersMax: 50 },
  }
  const config = read(market)
  const { seed, preset, symbols, feeMaker, feeTaker, feePerShare, marginInitial, marginLong, marginGraceMs } = config
  assert.deepEqual([seed, preset, symbols], [7, 'large-tick', 2])
  assert.deepEqual([feeMaker, feeTaker, feePerShare], ['0.25', '3', '0.0035'])
  assert.deepEqual([marginInitial, marginLong, marginGraceMs], ['60', '25', 60_000])
  assert.deepEqual([config.bands, config.collar, config.openOrdersMax], ['off', '2.5', 50])
  const other = read(market, ['--seed', '9', '--bands', '10'], { PAPERTAPE_FEE_TAKER: '0' })
  assert.deepEqual([other.seed, other.bands, other.feeTaker, other.feeMaker], [9, '10', '0', '0.25'])
  assert.deepEqual(read({}), readConfig([], {}))
})

test('what is wrong is one line that names the file and the path', () => {
  assert.match(
    refusal(() => read({ fees: { makerBps: 1 } })),
    /^FILE: there is no fees\.makerBps: .*did you mean makerBp\?$/,
  )
  assert.match(
    refusal(() => read({ seed: 2 ** 40 })),
    /^FILE: seed takes a whole number from 0 to 4294967295, not/,
  )
  writeFileSync(FILE, '{"seed":')
  assert.match(
    refusal(() => readMarketFile(FILE)),
    /^FILE is not JSON: /,
  )
  assert.match(
    refusal(() => readMarketFile(`${FILE}.none`)),
    /^cannot read FILE\.none: there is no such file or folder$/,
  )
})

test('the instruments are those of the count and the preset of the settings', () => {
  // Half a cent is off the grid of a preset, whose ticks are cents.
  writeFileSync(
    FILE,
    JSON.stringify({ instruments: { ARKTO: { previousClose: 13.685 }, ACME: { previousClose: 50 } } }),
  )
  const { symbols, settings } = marketOf(FILE, undefined, 3)
  assert.deepEqual(symbols, ['ACME', 'VELTR', 'NIMBR'])
  assert.deepEqual(Object.keys(settings.instruments!), ['ACME'])
  assert.match(
    refusal(() => marketOf(FILE, 'large-tick', 3)),
    /^FILE: instruments\.ARKTO\.previousClose takes a multiple of the tick size 0\.01/,
  )
})
