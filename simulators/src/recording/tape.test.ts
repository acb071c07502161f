// The text of a tape: encoding and parsing of headers and lines.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { convertLine, encodeHeader, encodeLine, parseHeader, type TapeHeader } from './tape.ts'

const header: TapeHeader = {
  format: 'papertape',
  version: 3,
  lines: 'tape',
  seed: 7,
  preset: 'mixed',
  scenarios: [{ name: 'halt', startTime: 1_767_623_410_000 }],
  symbols: ['VELTR'],
  startTime: 1_767_623_400_000,
  midnightTime: 1_767_589_200_000,
  durationMs: 60_000,
  orders: null,
}

test('a header round-trips', () => {
  assert.deepEqual(parseHeader(encodeHeader(header)), header)
  assert.deepEqual(parseHeader(encodeHeader({ ...header, seed: null, lines: 'ndjson' }))?.seed, null)
})

test('anything else is not a header', () => {
  const damaged = [
    { ...header, version: 1 },
    { ...header, preset: 7 },
    { ...header, midnightTime: undefined },
    { ...header, seed: 1.5 },
    { ...header, symbols: 'VELTR' },
    { ...header, durationMs: -1 },
    { ...header, lines: 'csv' },
  ]
  for (const value of [...damaged, null, 7, []]) assert.equal(parseHeader(JSON.stringify(value)), undefined)
  assert.equal(parseHeader('34200.004241176,1,16113575,18,5853300,1'), undefined)
})

test('a line is name and data, or JSON', () => {
  const data = { seq: 1, ts: 2000, time: 2, symbol: null, phase: 'halted', reason: null, until: null } as const
  const json = JSON.stringify(data)
  assert.equal(encodeLine({ event: 'status', data }, 'tape'), `status ${json}\n`)
  assert.deepEqual(JSON.parse(encodeLine({ event: 'status', data }, 'ndjson')), { event: 'status', data })
  for (const [from, to] of [
    ['tape', 'ndjson'],
    ['ndjson', 'tape'],
    ['tape', 'tape'],
  ] as const) {
    const line = encodeLine({ event: 'status', data }, from).trimEnd()
    assert.equal(`${convertLine(line, from, to)}\n`, encodeLine({ event: 'status', data }, to))
  }
})
