// Recordings in child processes: written, played from any position, verified, interrupted; and users' orders of a run.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { done, refusal, sim, testFolder } from '../testing/sim.ts'

const { folder, path } = testFolder()
const MARKET = ['--seed', '9', '--symbols', '6', '--duration', '12m', '--orders', path('orders.ndjson')]
const order = (at: string | number, fields: object) => JSON.stringify({ at, accountId: 'ann', ...fields })
const bought = { type: 'order.place', symbol: 'VELTR', side: 'buy', orderType: 'market' }
const ORDERS = [
  order('09:31:00', { type: 'account.open', cash: 50_000 }),
  order('09:31:00.250', { ...bought, clientOrderId: 'a', size: 100 }),
  order('09:35:00', { ...bought, clientOrderId: 'b', size: 100_000 }),
  order('09:36:00', { type: 'order.cancel', origClientOrderId: 'none' }),
]
writeFileSync(path('orders.ndjson'), `${ORDERS.join('\n')}\n`)

/** Written once, read by the tests. */
await done(['run', ...MARKET, '--out', path('a.tape')])
const recorded = await done(['record', ...MARKET, '--out', path('a.rec')])
const tape = readFileSync(path('a.tape'), 'utf8')
const lines = tape.trimEnd().split('\n')
const seqOf = (line: string) => Number(/"seq":(\d+)/.exec(line)![1])
const tsOf = (line: string) => Number(/"ts":(\d+)/.exec(line)![1])

test('a recording prints its results and plays as the tape of the same flags', async () => {
  assert.match(
    recorded,
    /^seed 9\nfile \S+a\.rec\norders 4\nrefused 2\nevents \d+\nsnapshots \d+\nbytes \d+\nrecording-sha256 \S+\n$/,
  )
  assert.ok(Number(/snapshots (\d+)/.exec(recorded)![1]) >= 2)
  assert.equal(await done(['replay', path('a.rec')]), tape)
  const verified = await done(['verify', path('a.rec')])
  assert.match(verified, /^seed 9\nevents \d+\nverified \S+\nsha256 \S+\n$/)
  assert.equal(
    verified.split('sha256 ')[1],
    (await done(['verify', path('a.tape'), '--orders', path('orders.ndjson')])).split('sha256 ')[1],
  )
})

test('from any position, recording and tape play the rest of the whole tape', async () => {
  const events = lines.slice(1)
  const atNoon = events.findIndex(line => tsOf(line) >= Date.UTC(2026, 0, 5, 14, 37, 5) * 1000)
  const cases: readonly [flags: readonly string[], first: number][] = [
    [['--at', '09:37:05'], atNoon],
    [['--from', '10001'], 10_000],
    [['--from', `abcd-${events.length}`], events.length - 1],
  ]
  for (const [flags, first] of cases) {
    const rest = events
      .slice(first)
      .map(line => `${line}\n`)
      .join('')
    for (const file of ['a.rec', 'a.tape']) {
      assert.equal(await done(['replay', path(file), ...flags]), rest, `${file} ${flags.join(' ')}`)
    }
  }
  assert.equal(seqOf(events[10_000]!), 10_001)
  const late = await refusal(['replay', path('a.rec'), '--at', '12:00:00'])
  assert.match(late, /^2 .* is from 09:30:00 to 09:42:00: 12:00:00 is not in it$/)
})

test('an interrupted recording resumes to the same bytes, wherever it was cut', async () => {
  const day = ['record', '--seed', '9', '--duration', '6.5h', '--out', path('day.rec')]
  const stopped = await sim(day, child => {
    const stop = (progress: Buffer) => {
      if (!/"events":\d{5}/.test(progress.toString())) return
      child.stderr!.off('data', stop)
      child.kill('SIGINT')
    }
    child.stderr!.on('data', stop)
  })
  assert.equal(stopped.code, 130)
  assert.match(stopped.stderr, /papertape-sim: interrupted at \d\d:\d\d:\d\d; the same command resumes from there/)
  const partial = readFileSync(path('day.rec.partial'), 'utf8')
  assert.match(partial.trimEnd().split('\n').at(-1)!, /^\{"snapshot":/)

  // Cut in the middle of a line, as after a kill.
  const whole = readFileSync(path('a.rec'), 'utf8')
  writeFileSync(
    path('i.rec.partial'),
    whole.slice(0, whole.indexOf('{"snapshot"', whole.indexOf('{"snapshot"') + 1) + 99),
  )
  const { code, stderr } = await sim(['record', ...MARKET, '--out', path('i.rec')])
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^resuming from 09:3\d:\d\d in \S+i\.rec\.partial\n/)
  assert.equal(readFileSync(path('i.rec'), 'utf8'), whole)
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('i.rec')),
    ['i.rec'],
  )
})

test('a changed or truncated recording is refused with the place', async () => {
  const text = readFileSync(path('a.rec'), 'utf8')
  const damaged: readonly [what: string, text: string, message: RegExp][] = [
    ['cut', text.slice(0, -100), /is damaged or truncated: it has no end/],
    [
      'an order less',
      text.replace(`${text.split('\n')[2]}\n`, ''),
      /is damaged: the snapshot at byte \d+ does not match its hash/,
    ],
    [
      'another size',
      text.replace('"size":100,', '"size":101,'),
      /differs from a run of its seed between 09:30:00 and 09:3/,
    ],
    [
      'another state',
      text.replace('"seed":9,"symbols"', '"seed":8,"symbols"'),
      /is damaged: the snapshot at byte \d+ does not match its hash/,
    ],
    ['not one at all', 'a\nb\n', /is not a tape, or a damaged one/],
  ]
  for (const [what, changed, message] of damaged) {
    writeFileSync(path('d.rec'), changed)
    const { code, stderr } = await sim(['verify', path('d.rec')])
    assert.equal(code, 1, what)
    assert.match(stderr.trimEnd().split('\n').at(-1)!, message)
  }
})

test('orders are validated line by line; their tape is verified with them', async () => {
  const bad: readonly [line: string, message: RegExp][] = [
    ['{', /line 1: expected a JSON object/],
    [order('noon', { type: 'account.open' }), /line 1: at must be a time of day/],
    [
      order('11:00:00', { type: 'account.open' }),
      /line 1: at is outside of the run, which is from 09:30:00 to 09:42:00/,
    ],
    [order('09:31:00', { type: 'order.sell' }), /line 1: type must be one of account.open, order.place/],
    [order('09:31:00', { ...bought, clientOrderId: 'a', size: 1 }), /line 1: no account.open for the account/],
    [
      `${ORDERS[0]}\n${order('09:31:00', { ...bought, clientOrderId: 'a', size: 'x' })}`,
      /line 2: order.place: size must be integer/,
    ],
    [`${ORDERS[0]}\n${order('09:30:59', { type: 'order.cancelAll' })}`, /line 2: it is earlier than the line before/],
  ]
  for (const [text, message] of bad) {
    writeFileSync(path('bad.ndjson'), text)
    const flags = ['--seed', '1', '--symbols', '1', '--duration', '12m', '--orders', path('bad.ndjson')]
    const output = await refusal(['run', ...flags])
    assert.match(output, /^1 /)
    assert.match(output, message)
  }
  assert.match((await sim(['verify', path('a.tape')])).stderr, /was made with users. orders: give the same file/)
})
