// Configurations: what is refused and how, what a whole one has, and that its difference from the usual gives it again.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { instrumentsOf } from '../market/instruments.ts'
import { parametersOf } from '../market/liquidity.ts'
import { SCENARIOS } from '../market/scenarios/catalogue.ts'
import { checkConfiguration, parseConfiguration } from './check-configuration.ts'
import { ConfigurationError } from './configuration-error.ts'
import { type GivenConfiguration, schemaText } from './configuration-schema.ts'
import { setValue } from './set-value.ts'
import { completeConfiguration, differenceFromUsual, liveMarketOf, symbolsOf } from './whole-configuration.ts'

const JUMP = { kind: 'jump', atMs: 0, fraction: -0.04, symbols: 'first' } as const

function refused(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, `${error}`)
    assert.ok(!error.message.includes('\n'), error.message)
    return error.message
  }
  return 'taken'
}

test('docs/market.schema.json is the schema: UPDATE_DOCS=1 writes it', () => {
  const file = new URL('../../../docs/market.schema.json', import.meta.url)
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, schemaText())
  assert.equal(readFileSync(file, 'utf8'), schemaText())
})

test('an error is one line with the path, what it takes, and the nearest known name', () => {
  const expected = { description: 'lower', measure: 'lowestMid', fromMs: 0, toMs: 60_000 } as const
  const cases: readonly [value: unknown, message: RegExp][] = [
    [[], /^f: a configuration takes an object, not \[\]$/],
    [{ sead: 7 }, /^f: there is no sead: a configuration has seed, .*; did you mean seed\?$/],
    [{ seed: '7' }, /^f: seed takes a whole number from 0 to 9007199254740991, not "7"$/],
    [{ preset: 'large' }, /^f: preset takes small-tick, large-tick or mixed, not "large"; did you mean large-tick\?$/],
    [{ symbols: ['VELTR', 'NIMBER'] }, /^f: symbols\.1: there is no instrument NIMBER; did you mean NIMBR\?$/],
    [{ symbols: 101 }, /^f: symbols takes a number from 1 to 100, or a list of different symbols/],
    [{ session: { start: '9' } }, /^f: session\.start takes a time of day such as 09:30 or 13:37:05, not "9"$/],
    [{ session: { duration: '500d' } }, /^f: session\.duration takes a duration .*, up to a year, not "500d"$/],
    [{ fees: { makerBp: 0.125 } }, /^f: fees\.makerBp takes basis points from 0 to 1000, with two decimals at most/],
    [{ fees: { makerBps: 1 } }, /^f: there is no fees\.makerBps: fees has .*; did you mean makerBp\?$/],
    [{ margin: { longPercent: 0 } }, /^f: margin\.longPercent takes a percentage from 1 to 100/],
    [{ rules: { bandsPercent: 'off' } }, /^f: rules\.bandsPercent takes a percentage .*, or null, not "off"$/],
    [{ rules: { schedule: '9:00' } }, /^f: rules\.schedule takes five ascending times of day \(UTC\)/],
    [{ instruments: { VELTR: { activity: 0 } } }, /^f: instruments\.VELTR\.activity takes a number from 0\.01 to 20/],
    [{ instruments: { VELTRR: { activity: 1 } } }, /VELTRR\.previousClose is missing: .*; did you mean VELTR\?$/],
    [{ instruments: { veltr: {} } }, /^f: instruments\.veltr: a name matches \^/],
    [{ instruments: { ACME: { previousClose: 10.005 } } }, /multiple of the tick size 0\.01, .*, not 10\.005$/],
    [{ instruments: { VELTR: { tickSize: 0.07 } } }, /VELTR\.previousClose takes a multiple of the tick size 0\.07/],
    [
      { instruments: { ACME: { previousClose: 0.5 } } },
      /^f: instruments\.ACME\.previousClose takes .* from 100 to 200000/,
    ],
    [{ regimes: { 'small-tick': { makerMs: 0 } } }, /^f: regimes\.small-tick\.makerMs takes a number from 1 to/],
    [{ agents: { chartist: {} } }, /^f: there is no agents\.chartist: agents has near-maker, .*momentum-trader/],
    [{ preset: 'large-tick', instruments: { NIMBR: { tickSize: 0.07 } } }, /size 0\.07, .*, not \d/],
    [{ scenarios: { mine: { title: 'x' } } }, /^f: scenarios\.mine\.steps is missing: it takes a list/],
    [{ scenarios: { mine: { steps: [{ ...JUMP, kind: 'jmp' }] } } }, /steps\.0\.kind takes .*; did you mean jump\?$/],
    [{ scenarios: { mine: { steps: [{ ...JUMP, side: 'buy' }] } } }, /^f: there is no scenarios\.mine\.steps\.0\.side/],
    [{ scenarios: { mine: { steps: [JUMP], expect: [expected] } } }, /mine\.expect\.0 needs least, most or both$/],
    [
      { scenarios: { mine: { steps: [JUMP], usualStartMs: 2_400_000, expect: [{ ...expected, most: 0 }] } } },
      /mine\.expect\.0\.toMs takes a time after fromMs \(0\) and up to 0/,
    ],
  ]
  for (const [value, message] of cases)
    assert.match(
      refused(() => checkConfiguration(value, 'f')),
      message,
    )
  assert.match(
    refused(() => parseConfiguration('{', 'f')),
    /^f is not JSON: /,
  )
  assert.deepEqual(parseConfiguration('\uFEFF{"seed":7}\r\n', 'f'), { seed: 7 })
})

test('a value is set by its path, as JSON or as a text', () => {
  const set = (...assignments: readonly string[]) => assignments.reduce(setValue, {} as GivenConfiguration)
  assert.deepEqual(set('preset=large-tick', 'symbols=3', 'symbols=["VELTR"]', 'rules.schedule='), {
    preset: 'large-tick',
    symbols: ['VELTR'],
    rules: { schedule: '' },
  })
  assert.deepEqual(set('instruments.ACME={"previousClose":50}', 'instruments.ACME.beta=2').instruments, {
    ACME: { previousClose: 50, beta: 2 },
  })
  // A part of a listed scenario, and of the list of symbols.
  const { scenarios, symbols } = set('scenarios.flash-crash.steps.1.fraction=-0.1', 'symbols.19=ZORRI')
  const [before, , ...after] = SCENARIOS['flash-crash'].steps
  assert.deepEqual(scenarios!['flash-crash']!.steps, [
    before,
    { ...SCENARIOS['flash-crash'].steps[1], fraction: -0.1 },
    ...after,
  ])
  assert.equal((symbols as string[]).at(-1), 'ZORRI')
  for (const [assignment, message] of [
    ['preset', /^--set takes path=value, such as preset=large-tick, not "preset"$/],
    [
      'instrument.VELTR.beta=2',
      /^--set instrument\.VELTR\.beta=2: there is no instrument: .*; did you mean instruments\?$/,
    ],
    ['scenarios.halt.steps.9.atMs=1', /: 9 is not the number of an item, from 0 to 2$/],
    ['seed.x=1', /: seed takes a whole number .*, not \{"x":1\}$/],
    ['__proto__.x=1', /: there is no __proto__$/],
  ] as const) {
    assert.match(
      refused(() => set(assignment)),
      message,
    )
  }
})

test('own instruments come first, listed ones are those without a configuration', () => {
  assert.deepEqual(symbolsOf({ symbols: 2 }), ['VELTR', 'NIMBR'])
  const own = { instruments: { NIMBR: { beta: 2 }, ACME: { previousClose: 50 } } }
  assert.deepEqual(symbolsOf(own).slice(0, 2), ['ACME', 'VELTR'])
  assert.equal(symbolsOf(own).length, 20)
  assert.deepEqual(symbolsOf({ ...own, symbols: ['NIMBR'] }), ['NIMBR'])
  assert.deepEqual(symbolsOf({ ...own, symbols: ['NIMBR'] }, 3), ['NIMBR', 'ACME', 'VELTR'])
})

test('the usual configuration differs in nothing, also after it was printed and read', () => {
  for (const preset of ['mixed', 'small-tick', 'large-tick'] as const) {
    const whole = completeConfiguration({ preset, symbols: 100 }, 7)
    assert.deepEqual(differenceFromUsual(whole), {})
    const given = parseConfiguration(JSON.stringify(whole), 'f')
    assert.deepEqual(completeConfiguration(given, 8), whole)
    assert.deepEqual(differenceFromUsual(completeConfiguration(given, 8)), {})
  }
})

test('a difference gives the same market again, and has nothing else', () => {
  const given: GivenConfiguration = {
    preset: 'small-tick',
    symbols: ['NIMBR', 'ACME'],
    fees: { takerBp: 2 },
    instruments: { ACME: { previousClose: 50, tickSize: 0.05 }, NIMBR: { activity: 2 }, ORVEX: { beta: 3 } },
    regimes: { 'small-tick': { makerMs: 500 } },
    impact: 22,
    agents: { 'momentum-trader': { enabled: false, rate: 1 } },
    scenarios: { mine: { steps: [JUMP] }, halt: { ...SCENARIOS.halt, title: 'A longer halt' } as never },
  }
  const whole = completeConfiguration(given, 7)
  const difference = differenceFromUsual(whole)
  assert.deepEqual(Object.keys(difference), ['fees', 'instruments', 'regimes', 'agents', 'scenarios'])
  assert.deepEqual(difference.fees, { takerBp: 2 })
  assert.deepEqual(difference.instruments?.NIMBR, { activity: 2 })
  assert.deepEqual(difference.regimes, { 'small-tick': { makerMs: 500 } })
  assert.deepEqual(difference.agents, { 'momentum-trader': { enabled: false } })
  assert.deepEqual(difference.scenarios?.halt?.steps, SCENARIOS.halt.steps)
  checkConfiguration(difference, 'f')
  assert.deepEqual(completeConfiguration({ ...difference, preset: 'small-tick', symbols: ['NIMBR', 'ACME'] }, 7), whole)
  const specs = instrumentsOf(whole.symbols, 'small-tick', given)
  assert.deepEqual(instrumentsOf(whole.symbols, 'small-tick', difference), specs)
  for (const spec of specs) {
    assert.deepEqual(parametersOf(spec, 'small-tick', difference), parametersOf(spec, 'small-tick', given))
  }
})

test('parameters follow the configuration', () => {
  const [spec] = instrumentsOf(['VELTR'], undefined, { instruments: { VELTR: { previousClose: 120, lotSize: 10 } } })
  assert.deepEqual([spec!.previousCloseTicks, spec!.lotSize, spec!.priceTicksMax], [12_000, 10, 65_536])
  const instruments = { VELTR: { activity: 1.4, beta: 0, dailyVolatility: 0.02, halfSpreadTicks: 5 } }
  const changed = parametersOf(spec!, undefined, { instruments, impact: 44, intervals: { noiseTraderMs: 1_000 } })
  assert.deepEqual(
    [changed.activity, changed.beta, changed.dailyVolatility, changed.noiseTraderMs],
    [1.4, 0, 0.02, 1_000],
  )
  assert.equal(changed.halfSpreadTicks, 5)
  assert.equal(changed.impactTicks, 2 * parametersOf(spec!, undefined, { instruments }).impactTicks)
  const regimes = { 'large-tick': { makerMs: 999, previousCloseTicks: 2_000 } }
  assert.equal(parametersOf(spec!, 'large-tick', { regimes }).makerMs, 999)
  assert.equal(parametersOf(spec!, 'small-tick', { regimes }).makerMs, parametersOf(spec!, 'small-tick').makerMs)
  assert.equal(instrumentsOf(['VELTR'], 'large-tick', { regimes })[0]!.previousCloseTicks, 2_000)
})

test('a live market leaves its rules to the settings of the server', () => {
  const given = { fees: { takerBp: 2 }, instruments: { ACME: { previousClose: 50 } }, impact: 20 }
  const { symbols, settings } = liveMarketOf(given, undefined, 2)
  assert.deepEqual(symbols, ['ACME', 'VELTR'])
  assert.deepEqual(Object.keys(settings), ['instruments', 'impact'])
})
