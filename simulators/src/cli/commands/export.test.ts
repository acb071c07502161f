// Exports in child processes: LOBSTER, NDJSON and Parquet, from a tape, a recording and a run.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { readLobsterDay } from '../../analysis/days/lobster-day.ts'
import { FLOW } from '../../order-flow/order-flow.ts'
import { done, refusal, sim, testFolder } from '../testing/sim.ts'

const { path } = testFolder()
const MARKET = ['--seed', '4', '--symbols', '2', '--duration', '2m']
await done(['run', ...MARKET, '--out', path('a.tape')])
const tape = readFileSync(path('a.tape'), 'utf8').trimEnd().split('\n')
const trades = tape.filter(line => line.startsWith('trade ')).map(line => JSON.parse(line.slice(6)))

test('NDJSON has the events of the tape', async () => {
  await done(['export', path('a.tape'), '--to', 'ndjson', '--out', path('a.ndjson')])
  const lines = readFileSync(path('a.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.equal(lines[0].lines, 'ndjson')
  assert.deepEqual(
    lines.slice(1).map(({ event, data }) => `${event} ${JSON.stringify(data)}`),
    tape.slice(1),
  )
})

test('LOBSTER files have the names, rows and trades', async () => {
  const flags = ['--levels', '3', '--messages', 'all']
  await done(['export', path('a.tape'), '--to', 'lobster', ...flags, '--out', path('lobster')])
  const names = ['NIMBR', 'VELTR'].flatMap(symbol =>
    ['message', 'orderbook'].map(content => `${symbol}_2026-01-05_34200000_34320000_${content}_3.csv`),
  )
  assert.deepEqual(readdirSync(path('lobster')).sort(), names)
  const text = (content: string) =>
    readFileSync(path(`lobster/VELTR_2026-01-05_34200000_34320000_${content}_3.csv`), 'utf8')
  assert.equal(text('orderbook').split('\n')[0]!.split(',').length, 12)
  const { flow } = readLobsterDay('VELTR', text('message'), text('orderbook'))
  const executions: string[] = []
  for (let row = 0; row < flow.count; row++) {
    if (flow.kinds[row]! >= FLOW.execute)
      executions.push(`${flow.timesMs[row]} ${flow.lots[row]} at ${flow.pricesTicks[row]}`)
  }
  const midnightUs = JSON.parse(tape[0]!).midnightTime * 1000
  assert.deepEqual(
    executions,
    trades
      .filter(({ symbol }) => symbol === 'VELTR')
      .map(({ ts, size, price }) => `${(ts - midnightUs) / 1000} ${size} at ${Math.round(price * 100)}`),
  )
  // The same from a seed.
  await done(['run', ...MARKET, '--format', 'lobster', ...flags, '--out', path('lobster2')])
  for (const name of names)
    assert.deepEqual(readFileSync(path(`lobster2/${name}`)), readFileSync(path(`lobster/${name}`)))
  assert.match(
    await refusal(['export', path('a.tape'), '--to', 'lobster', '--levels', '3', '--out', path('lobster')]),
    /^1 .* exists/,
  )
})

test('Parquet has every message of every symbol', async () => {
  await done(['record', ...MARKET, '--out', path('a.rec')])
  await done(['export', path('a.rec'), '--to', 'parquet', '--out', path('a.parquet')])
  const { buffer, byteOffset, byteLength } = readFileSync(path('a.parquet'))
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
  const messages = ['NIMBR', 'VELTR'].reduce((sum, symbol) => {
    const file = path(`lobster/${symbol}_2026-01-05_34200000_34320000_message_3.csv`)
    return sum + readFileSync(file, 'utf8').trimEnd().split('\n').length
  }, 0)
  assert.equal(rows.length, messages)
  const executed = rows.filter(({ message }) => message === 'execute' || message === 'executeHidden')
  const describe = (row: Record<string, unknown>) => `${row.symbol} ${row.size} at ${row.price}`
  assert.deepEqual(executed.map(describe).sort(), trades.map(describe).sort())
  // Microseconds, which this reader makes dates of.
  const ms = (times: readonly number[]) => times.toSorted((a, b) => a - b)
  assert.deepEqual(ms(executed.map(({ time }) => (time as Date).getTime())), ms(trades.map(({ time }) => time)))
})

test('--truth adds a column or a file, and changes nothing else', async () => {
  const flags = ['--to', 'lobster', '--levels', '3', '--messages', 'all', '--truth']
  await done(['export', path('a.tape'), ...flags, '--out', path('true')])
  const name = (symbol: string, content: string) => `${symbol}_2026-01-05_34200000_34320000_${content}_3.csv`
  const text = (file: string) => readFileSync(path(file), 'utf8')
  const truth: string[] = []
  for (const symbol of ['VELTR', 'NIMBR']) {
    for (const content of ['message', 'orderbook']) {
      assert.equal(text(`true/${name(symbol, content)}`), text(`lobster/${name(symbol, content)}`))
    }
    const [header, ...rows] = text(`true/${name(symbol, 'truth')}`)
      .trimEnd()
      .split('\n')
    assert.equal(header, 'agent,aggressor,metaorder,value')
    const messages = text(`true/${name(symbol, 'message')}`)
      .trimEnd()
      .split('\n')
    assert.equal(rows.length, messages.length)
    // An aggressor is in the rows of executions.
    for (const [i, row] of rows.entries()) assert.equal(row.split(',')[1] !== '', messages[i]!.split(',')[1] === '4')
    truth.push(...rows)
  }

  await done(['export', path('a.tape'), '--to', 'parquet', '--truth', '--out', path('true.parquet')])
  const { buffer, byteOffset, byteLength } = readFileSync(path('true.parquet'))
  const rows = await parquetReadObjects({ file: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer })
  const described = rows.map(({ agent, aggressor, metaorder, value }) =>
    [agent, aggressor ?? '', metaorder ?? '', Math.round((value as number) * 10_000)].join(),
  )
  assert.deepEqual(described.sort(), truth.sort())

  const words = ['--truth', '--out']
  await done(['export', path('a.rec'), '--to', 'ndjson', ...words, path('true.ndjson')])
  await done(['run', ...MARKET, '--format', 'ndjson', ...words, path('run.ndjson')])
  assert.equal(text('true.ndjson'), text('run.ndjson'))
  const lines = text('true.ndjson')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    lines.slice(1).map(({ event, data }) => `${event} ${JSON.stringify(data)}`),
    tape.slice(1),
  )
  for (const { event, truth } of lines.slice(1)) {
    assert.equal(truth !== undefined, ['trade', 'book', 'quote'].includes(event))
  }
  assert.match(await done(['verify', path('true.ndjson')]), /verified/)
  assert.match(await refusal(['run', ...MARKET, '--truth', '--out', path('x')]), /^2 .*--truth needs --format ndjson/)
})

test('reports what cannot be exported', async () => {
  assert.match(
    await refusal(['export', path('a.tape'), '--out', path('x')]),
    /^2 .*--to takes ndjson or lobster or parquet/,
  )
  assert.match(await refusal(['export', path('a.tape'), '--to', 'parquet']), /^2 .*--out is needed/)
  const { stderr } = await sim(['export', path('a.ndjson'), '--to', 'parquet', '--out', path('a.parquet')])
  assert.match(stderr, /a\.parquet exists/)
})
