// --config, --set and --print-config in child processes: the printed configuration gives the same bytes, and a tape of
// another market is repeated, resumed, exported and recorded from its header.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { done, refusal, sim, testFolder } from '../testing/sim.ts'

const { path } = testFolder()
const SHORT = ['--seed', '7', '--symbols', '2', '--duration', '2m']
const CONFIG = path('market.json')
writeFileSync(
  CONFIG,
  JSON.stringify({
    seed: 11,
    symbols: ['ACME', 'VELTR'],
    session: { start: '10:00', duration: '3m', scenario: 'slide@10:01' },
    fees: { takerBp: 10 },
    instruments: { ACME: { name: 'Acme', previousClose: 50, activity: 1 } },
    intervals: { noiseTraderMs: 11_000 },
    agents: { 'momentum-trader': { enabled: false }, 'noise-trader': { rate: 2 } },
    scenarios: {
      slide: {
        title: 'Slide',
        description: 'The first price falls by 4 %.',
        usualStartMs: 600_000,
        steps: [{ kind: 'press', atMs: 0, forMs: 60_000, symbols: 'first', side: 'sell', fraction: -0.04 }],
        expect: [
          { description: 'at least 2 % lower', measure: 'lowestMid', fromMs: 0, toMs: 90_000, most: -0.02 },
          { description: 'never 1 % lower', measure: 'lowestMid', fromMs: 0, toMs: 90_000, least: -0.01 },
        ],
      },
    },
  }),
)

const shaOf = (stdout: string) => stdout.trimEnd().split('\n').at(-1)

test('the printed configuration gives the same bytes, and a header without changes', async () => {
  const printed = await done(['run', ...SHORT, '--print-config'])
  writeFileSync(path('printed.json'), printed)
  const usual = await done(['run', ...SHORT, '--out', path('usual.tape')])
  const again = await done(['run', '--config', path('printed.json'), '--out', path('again.tape')])
  assert.equal(shaOf(again), shaOf(usual))
  assert.equal('configuration' in JSON.parse(readFileSync(path('again.tape'), 'utf8').split('\n')[0]!), false)
  assert.equal(await done(['record', '--config', path('printed.json'), '--print-config']), printed)
})

test('flags win over --set, which wins over --config', async () => {
  const words = ['--config', CONFIG, '--set', 'seed=12', '--set', 'symbols=1', '--set', 'impact=30', '--seed', '13']
  const { seed, symbols, impact, session, instruments } = JSON.parse(await done(['run', ...words, '--print-config']))
  assert.deepEqual([seed, symbols, impact, session.start], [13, ['ACME'], 30, '10:00'])
  assert.equal(instruments.ACME.previousClose, 50)
  const own = ['--symbols', '1', '--set', 'instruments.OWN={"previousClose":30}']
  assert.deepEqual(JSON.parse(await done(['run', ...own, '--print-config'])).symbols, ['OWN'])
})

test('a configured run is in its header: it is verified, recorded and exported from there', async () => {
  const out = await done(['run', '--config', CONFIG, '--out', path('c.tape')])
  const lines = readFileSync(path('c.tape'), 'utf8').trimEnd().split('\n')
  const { configuration, scenarios, symbols, startTime, midnightTime } = JSON.parse(lines[0]!)
  assert.deepEqual(symbols, ['ACME', 'VELTR'])
  assert.equal(startTime - midnightTime, 10 * 3_600_000)
  assert.deepEqual(scenarios, [{ name: 'slide', startTime: startTime + 60_000 }])
  assert.deepEqual(Object.keys(configuration), ['fees', 'instruments', 'intervals', 'agents', 'scenarios'])
  assert.deepEqual(Object.keys(configuration.scenarios), ['slide'])
  // The slide happens: a minute later the last trade of the first symbol is lower.
  const prices = lines.filter(line => /^trade .*"ACME"/.test(line)).map(line => JSON.parse(line.slice(6)).price)
  assert.ok(Math.min(...prices) < 49.2, `${Math.min(...prices)}`)

  assert.equal(shaOf(await done(['verify', path('c.tape')])), shaOf(out))
  await done(['record', '--config', CONFIG, '--out', path('c.rec')])
  assert.equal(shaOf(await done(['verify', path('c.rec')])), shaOf(out))
  assert.equal(await done(['replay', path('c.rec')]), readFileSync(path('c.tape'), 'utf8'))
  await done(['export', path('c.tape'), '--to', 'lobster', '--out', path('lobster')])
  const other = await done(['run', '--config', CONFIG, '--set', 'agents.backstop.enabled=false'])
  assert.notEqual(shaOf(other), shaOf(out))
})

test('an interrupted run of another configuration is not resumed', async () => {
  const [header] = readFileSync(path('c.tape'), 'utf8').split('\n')
  writeFileSync(path('r.tape.partial'), `${header}\n`)
  const line = await refusal(['run', '--config', CONFIG, '--set', 'impact=30', '--out', path('r.tape')])
  assert.match(line, /^1 .*was started with other flags \(.*, its --config and --set\)/)
  assert.equal((await sim(['run', '--config', CONFIG, '--out', path('r.tape')])).code, 0)
  assert.equal(readFileSync(path('r.tape'), 'utf8'), readFileSync(path('c.tape'), 'utf8'))
})

test('a tape whose configuration this simulator does not take is refused', async () => {
  const [header, ...lines] = readFileSync(path('c.tape'), 'utf8').split('\n')
  const changed = header!.replace('"noiseTraderMs":11000', '"noiseTraderMs":0')
  assert.notEqual(changed, header)
  writeFileSync(path('x.tape'), [changed, ...lines].join('\n'))
  const line = await refusal(['verify', path('x.tape')])
  assert.match(line, /^1 .*a configuration that this simulator does not know: intervals\.noiseTraderMs takes a number/)
})

test('an own scenario is listed, described and checked', async () => {
  assert.match(
    await done(['scenarios', '--config', CONFIG]),
    /\nslide\n {2}The first price falls by 4 %\.\n {2}- at least 2 % lower\n/,
  )
  assert.match(await done(['scenarios', 'slide', '--config', CONFIG]), /^Slide \(slide\)\n.*\n\nSteps/)
  const { code, stdout } = await sim(['scenarios', 'slide', '--config', CONFIG, '--check'])
  assert.match(
    stdout,
    /^slide, seed 11, mixed\n {2}met .*at least 2 % lower: -\d.*\n {2}NOT MET {2}never 1 % lower: -\d/,
  )
  assert.equal(code, 1)
  assert.match(await refusal(['scenarios', 'slide']), /^2 .*there is no scenario "slide"/)
})

test('what is wrong is one line, exit code 2', async () => {
  assert.match(await refusal(['run', '--set', 'preset=large']), /^2 papertape-sim: --set preset=large: preset takes /)
  assert.match(
    await refusal(['run', '--set', 'session.scenario=crash']),
    /^2 .*: session\.scenario: there is no scenario "crash"/,
  )
  writeFileSync(path('bad.json'), '{"instruments":{"ARKTO":{"previousClose":13.685}}}')
  assert.match(
    await refusal(['run', '--config', path('bad.json'), '--preset', 'large-tick', '--print-config']),
    /^2 papertape-sim: \S+bad\.json: instruments\.ARKTO\.previousClose takes a multiple of the tick size 0\.01/,
  )
  writeFileSync(path('bad.json'), '{"instruments":{"VELTR":{"activty":2}}}')
  assert.match(
    await refusal(['run', '--config', path('bad.json'), '--print-config']),
    /^2 papertape-sim: \S+bad\.json: there is no instruments\.VELTR\.activty: .*; did you mean activity\?$/,
  )
  assert.match(await refusal(['run', '--config', path('none.json')]), /^1 papertape-sim: cannot read /)
})
