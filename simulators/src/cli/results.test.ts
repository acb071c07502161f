// --results in child processes: what becomes of users' orders in a run, in a recording and against real tapes, and that
// a resumed run gives the same bytes.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { done, type Outcome, refusal, sim, testFolder } from './testing/sim.ts'

const { folder, path } = testFolder()
const MARKET = ['--seed', '4', '--symbols', '2', '--duration', '4m']
const order = (at: string, fields: object) => JSON.stringify({ at, accountId: 'me', ...fields })
const place = (at: string, clientOrderId: string, fields: object) =>
  order(at, { type: 'order.place', clientOrderId, symbol: 'VELTR', size: 100, ...fields })

interface WrittenResult {
  readonly time: number
  readonly ts: number
  readonly accountId: string
  readonly type: string
  readonly [field: string]: unknown
}
const linesOf = (file: string): WrittenResult[] =>
  readFileSync(path(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
const fillsOf = (results: readonly WrittenResult[]) => results.filter(({ lastSize }) => (lastSize as number) > 0)

before(() => {
  // Limits at the best prices of the run: one side of each pair trades as it moves.
  const quotes = Array.from({ length: 20 }, (_, i) => [
    place(`09:31:${10 + i}`, `bid-${i}`, { side: 'buy', orderType: 'limit', price: 184.4 + i / 100, size: 10 }),
    place(`09:32:${10 + i}`, `ask-${i}`, { side: 'sell', orderType: 'limit', price: 184.8 - i / 100, size: 5 }),
  ])
  const lines = [
    order('09:31:00', { type: 'account.open', cash: 100_000 }),
    place('09:31:00.250', 'a', { side: 'buy', orderType: 'market' }),
    // More than it holds; an order that it does not have; an id that was used.
    place('09:31:02', 'd', { side: 'sell', orderType: 'market', size: 500 }),
    order('09:31:03', { type: 'order.cancel', origClientOrderId: 'none' }),
    place('09:31:03', 'a', { side: 'buy', orderType: 'market' }),
    ...quotes.map(([bid]) => bid),
    ...quotes.map(([, ask]) => ask),
  ]
  writeFileSync(path('mine.ndjson'), `${lines.join('\n')}\n`)
})

test('a run: executions with the ids of the tape, rejects, positions, and the account at the end', async () => {
  const words = [...MARKET, '--orders', path('mine.ndjson')]
  const printed = await done(['run', ...words, '--out', path('a.tape'), '--results', path('a.ndjson')])
  assert.match(printed, /\nresults \S+a\.ndjson\norders 45\nrefused \d+\n/)
  const results = linesOf('a.ndjson')
  for (const { time, ts, accountId } of results) assert.deepEqual([time, accountId], [Math.floor(ts / 1000), 'me'])

  const tape = readFileSync(path('a.tape'), 'utf8').trimEnd().split('\n')
  const trades = new Map(
    tape
      .filter(line => line.startsWith('trade '))
      .map(line => JSON.parse(line.slice(6)))
      .map(each => [each.tradeId, each]),
  )
  const fills = fillsOf(results)
  assert.ok(
    fills.some(({ liquidity }) => liquidity === 'maker') && fills.some(({ liquidity }) => liquidity === 'taker'),
  )
  for (const { tradeId, time, lastPrice, lastSize } of fills) {
    const trade = trades.get(tradeId)
    assert.deepEqual([time, lastPrice, lastSize], [trade.time, trade.price, trade.size])
  }
  assert.ok(results.some(({ type, aheadSize }) => type === 'queue' && typeof aheadSize === 'number'))
  const [rejected] = results.filter(({ clientOrderId }) => clientOrderId === 'd')
  assert.deepEqual(
    [rejected!.execType, (rejected!.reason as { code: string }).code],
    ['rejected', 'insufficient-position'],
  )
  const [refused] = results.filter(({ type }) => type === 'cancel.reject')
  assert.deepEqual([refused!.code, refused!.origClientOrderId], ['unknown-order', 'none'])
  const [repeated] = results.filter(({ duplicate }) => duplicate === true)
  assert.deepEqual([repeated!.clientOrderId, repeated!.orderId], ['a', fills[0]!.orderId])

  const last = results.at(-1)!
  assert.deepEqual([last.type, last.time], ['account.snapshot', Date.UTC(2026, 0, 5, 14, 34)])
  const signed = fills.map(fill => (fill.side === 'buy' ? 1 : -1) * (fill.lastSize as number))
  const cash = fills.reduce((sum, fill, i) => sum - signed[i]! * (fill.lastPrice as number), 100_000)
  const { positions, balance } = last as unknown as {
    positions: { size: number; realised: number; unrealised: number }[]
    balance: { cash: number }
  }
  assert.equal(
    positions[0]!.size,
    signed.reduce((sum, size) => sum + size, 0),
  )
  assert.ok(Math.abs(balance.cash - cash) < 1e-6)
  // The result of the position, by average cost and the last trade of the tape.
  const held = { size: 0, avgCost: 0, realised: 0 }
  for (const [i, { lastPrice }] of fills.entries()) {
    const price = lastPrice as number
    if (signed[i]! < 0) held.realised -= signed[i]! * (price - held.avgCost)
    else held.avgCost += ((price - held.avgCost) * signed[i]!) / (held.size + signed[i]!)
    held.size += signed[i]!
  }
  const mark = [...trades.values()].findLast(({ symbol }) => symbol === 'VELTR').price
  const unrealised = held.size * (mark - held.avgCost)
  const result = positions[0]!
  assert.ok(Math.abs(result.realised - held.realised) < 0.01 && held.realised !== 0, JSON.stringify([result, held]))
  assert.ok(Math.abs(result.unrealised - unrealised) < 0.01 && unrealised !== 0, JSON.stringify([result, unrealised]))

  // A recording and an export have the same results.
  await done(['record', ...words, '--out', path('a.rec'), '--results', path('b.ndjson')])
  await done(['run', ...words, '--format', 'lobster', '--out', path('lobster'), '--results', path('c.ndjson')])
  for (const other of ['b.ndjson', 'c.ndjson']) assert.deepEqual(linesOf(other), results)
})

test('as Parquet by its name: the same messages, an account as a row for its cash and one a position', async () => {
  const words = [...MARKET, '--orders', path('mine.ndjson')]
  await done(['run', ...words, '--results', path('p.parquet')])
  await done(['run', ...words, '--results', path('p.ndjson')])
  const { buffer, byteOffset, byteLength } = readFileSync(path('p.parquet'))
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
  const results = linesOf('p.ndjson')
  const whole = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value)
  const described = (row: Record<string, unknown>) =>
    ['type', 'seq', 'clientOrderId', 'execType', 'lastSize', 'lastPrice', 'tradeId', 'realised', 'cash'].map(name =>
      whole(row[name] ?? null),
    )
  assert.deepEqual(
    rows.filter(({ type }) => type !== 'account.snapshot').map(described),
    results.slice(0, -1).map(described),
  )
  assert.deepEqual(
    rows.slice(0, 40).map(({ time }) => (time as Date).getTime()),
    results.slice(0, 40).map(({ ts }) => Math.floor(ts / 1000)),
  )
  const [balance, position] = rows.filter(({ type }) => type === 'account.snapshot')
  const last = results.at(-1) as unknown as { balance: { cash: number }; positions: { size: number }[] }
  assert.deepEqual([balance!.cash, Number(position!.size)], [last.balance.cash, last.positions[0]!.size])
  assert.deepEqual(
    readdirSync(folder).filter(name => name.startsWith('p.')),
    ['p.ndjson', 'p.parquet'],
  )
})

test('an interrupted run resumes to the same bytes of results, with its state or without', async () => {
  const words = [...MARKET, '--orders', path('mine.ndjson')]
  await done(['run', ...words, '--out', path('w.tape'), '--results', path('w.ndjson')])
  const whole = readFileSync(path('w.ndjson'), 'utf8')
  for (const [name, signal] of [
    ['state', 'SIGINT'],
    ['killed', 'SIGKILL'],
  ] as const) {
    const files = ['--out', path(`${name}.tape`), '--results', path(`${name}.ndjson`)]
    // It has reached the orders before it is stopped.
    const partial = path(`${name}.ndjson.partial`)
    const hasBegun = () => existsSync(partial) && readFileSync(partial, 'utf8').split('\n').length > 10
    const stopped = await stoppedWhen(hasBegun, ['run', ...words, ...files, '--pace', '120x'], signal)
    assert.equal(stopped.code, signal === 'SIGINT' ? 130 : null)
    assert.equal(existsSync(path(`${name}.tape.partial.state`)), signal === 'SIGINT')
    const begun = readFileSync(partial, 'utf8')
    assert.ok(begun.length < whole.length && whole.startsWith(begun))
    await done(['run', ...words, ...files])
    assert.equal(readFileSync(path(`${name}.ndjson`), 'utf8'), whole)
    assert.deepEqual(readFileSync(path(`${name}.tape`)), readFileSync(path('w.tape')))
  }
})

/** Sends one signal as soon as the files show how far the command is. */
function stoppedWhen(isDue: () => boolean, words: readonly string[], signal: NodeJS.Signals): Promise<Outcome> {
  return sim(words, child => {
    const watch = setInterval(() => {
      if (!isDue()) return
      clearInterval(watch)
      child.kill(signal)
    }, 10)
    child.on('close', () => clearInterval(watch))
  })
}

test('a recording that is interrupted resumes to the same results; lost ones are refused', async () => {
  const words = ['record', ...MARKET.slice(0, 4), '--duration', '10m', '--orders', path('mine.ndjson')]
  await done([...words, '--out', path('w.rec'), '--results', path('rw.ndjson')])
  const files = ['--out', path('i.rec'), '--results', path('i.ndjson')]
  const partial = path('i.rec.partial')
  const hasSnapshot = () => existsSync(partial) && readFileSync(partial, 'utf8').includes('{"snapshot"')
  const stopped = await stoppedWhen(hasSnapshot, [...words, ...files], 'SIGINT')
  assert.equal(stopped.code, 130, stopped.stderr)
  const lost = await sim([...words, '--out', path('i.rec'), '--results', path('other.ndjson')])
  assert.equal(lost.code, 1)
  assert.match(
    lost.stderr,
    /papertape-sim: .*other\.ndjson\.partial lacks results from before the interruption: give the --results of/,
  )
  await done([...words, ...files])
  assert.deepEqual(readFileSync(path('i.ndjson')), readFileSync(path('rw.ndjson')))
  assert.deepEqual(readFileSync(path('i.rec')), readFileSync(path('w.rec')))
  await done(['verify', path('i.rec')])
})

test('a LOBSTER tape: users trade in the replay, with its queue, and with its halts', async () => {
  const csv = path('TEST_2012-06-21_34200000_37800000_message_1.csv')
  const rows = [
    '34200,1,1,100,1000000,1',
    '34200,1,2,100,1001000,-1',
    '34203,4,1,100,1000000,1',
    '34204,4,1,30,1000000,1',
    '34206,7,0,0,-1,-1',
    '34230,7,0,0,0,-1',
    '34240,6,-1,300,1003000,-1',
    '34241,7,0,0,1,-1',
    '34242,1,6,10,999000,1',
  ]
  writeFileSync(csv, `${rows.join('\n')}\n`)
  const test = { symbol: 'TEST', orderType: 'limit', side: 'buy' }
  const mine = [
    order('09:30:01', { type: 'account.open' }),
    place('09:30:01', 'rest', { ...test, price: 100, size: 50 }),
    place('09:30:02', 'take', { ...test, price: 100.1, size: 40 }),
    place('09:30:08', 'halted', { ...test, price: 101 }),
    place('09:30:31', 'crosses', { ...test, price: 101, size: 70 }),
    place('09:30:31', 'behind', { ...test, price: 100.2, size: 70 }),
  ]
  writeFileSync(path('lobster.ndjson'), mine.join('\n'))
  const words = ['replay', csv, '--orders', path('lobster.ndjson')]
  const { code, stderr } = await sim([...words, '--out', path('l.tape'), '--results', path('l.ndjson')])
  assert.equal(code, 0, stderr)
  assert.match(stderr, /"orders":6,"refused":1\}\n$/)
  const results = linesOf('l.ndjson')
  const reports = results.flatMap(({ type, execType, clientOrderId, lastSize, lastPrice, aheadSize }) =>
    type === 'execution' || type === 'queue'
      ? [[clientOrderId, execType ?? type, lastSize ? `${lastSize} at ${lastPrice}` : aheadSize].join(' ')]
      : [],
  )
  assert.deepEqual(reports, [
    'rest new 100',
    'take new 0',
    'take fill 40 at 100.1',
    'rest queue 0',
    'halted rejected ',
    'crosses new 0',
    'behind new 0',
    'crosses fill 70 at 100.3',
  ])
})

test('a Bitstamp log: users trade in the replay', async () => {
  const line = (ms: number, id: number, side: 0 | 1, price: number, amount: number, name = 'order_created') =>
    `${1_430_438_400_000 + ms} ${name} ${JSON.stringify({ id, order_type: side, price, amount })}`
  const log = [line(0, 1, 0, 230, 1), line(10, 2, 1, 231, 1), line(5000, 3, 0, 229, 1)]
  writeFileSync(path('bitstamp.log'), `${log.join('\n')}\n`)
  const mine = [
    order('00:00:01', { type: 'account.open', cash: 100_000_000 }),
    place('00:00:02', 'take', { symbol: 'BTCUSD', side: 'buy', orderType: 'market', size: 4000 }),
  ]
  writeFileSync(path('bitstamp.ndjson'), mine.join('\n'))
  const words = ['replay', path('bitstamp.log'), '--orders', path('bitstamp.ndjson'), '--out', path('bitstamp.tape')]
  const { code, stderr } = await sim([...words, '--results', path('bitstamp.out')])
  assert.equal(code, 0, stderr)
  const [fill] = fillsOf(linesOf('bitstamp.out'))
  assert.deepEqual([fill!.lastSize, fill!.lastPrice, fill!.liquidity], [4000, 231, 'taker'])
})

test('usage errors: what --results and --orders need', async () => {
  const mine = ['--orders', path('mine.ndjson')]
  const refused: readonly [words: readonly string[], message: RegExp][] = [
    [['run', ...MARKET, '--results', path('x')], /^2 .*--results needs --orders FILE/],
    [['run', ...MARKET, ...mine, '--results', '-'], /^2 .*--results needs the name of a file/],
    [
      ['run', ...MARKET, ...mine, '--out', path('x'), '--results', path('x')],
      /^2 .*are both \S+: give one another name/,
    ],
    [
      ['run', ...MARKET, ...mine, '--results', path('a.ndjson')],
      /^1 .*a\.ndjson exists; give another name, or --force/,
    ],
    [['replay', path('a.tape'), ...mine], /^2 .*--orders are for real data, but \S+a\.tape is a finished run/],
    [['replay', path('a.rec'), ...mine], /^2 .*give them to run or record/],
  ]
  for (const [words, message] of refused) assert.match(await refusal(words), message)
})
