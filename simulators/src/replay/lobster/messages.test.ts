// Parsing LOBSTER message files: the columns, and the error at an invalid line.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLobsterFileName } from './file-name.ts'
import { LobsterError } from './lobster-error.ts'
import { parseLobster } from './messages.ts'

const ROW = '34200.004241176,1,16113575,18,5853300,1'

test('parses columns; times are truncated to microseconds', () => {
  const messages = parseLobster(`${ROW}\n34200.0299999,5,0,10,5855150,-1\r\n34201,7,0,0,-1,-1\n`)
  assert.equal(messages.count, 3)
  assert.deepEqual([...messages.timesMs], [34_200_004.241, 34_200_029.999, 34_201_000])
  assert.deepEqual([...messages.types], [1, 5, 7])
  assert.deepEqual([...messages.orderIds], [16_113_575, 0, 0])
  assert.deepEqual([...messages.sizes], [18, 10, 0])
  assert.deepEqual([...messages.prices], [5_853_300, 5_855_150, -1])
  assert.deepEqual([...messages.directions], [1, -1, -1])
})

const damaged: readonly [what: string, text: string, code: string, message: RegExp][] = [
  ['nothing', '', 'empty', /no messages/],
  ['a column too few', `${ROW}\n34200.1,1,2,3,4`, 'columns', /line 2: expected 6 columns .*found 5/],
  ['an empty line inside', `${ROW}\n\n${ROW}`, 'columns', /line 2/],
  [
    'a text in place of a number',
    ROW.replace(',18,', ',many,'),
    'number',
    /line 1: expected a whole number as size, found "many"/,
  ],
  ['an invalid time', ROW.replace('34200', 'x'), 'number', /line 1: expected seconds after midnight/],
  ['a header line', `time,type,id,size,price,direction\n${ROW}`, 'number', /line 1/],
  ['an unknown type', ROW.replace(',1,16', ',9,16'), 'message-type', /line 1: .*from 1 to 7, found 9/],
  ['no direction', ROW.replace(/1$/, '0'), 'direction', /line 1: expected 1 \(buy\) or -1/],
  ['no size', ROW.replace(',18,', ',0,'), 'number', /line 1: expected a size and a price above 0/],
  // These would overflow a column of bytes or of 32 bits.
  ['type 260', ROW.replace(',1,16', ',260,16'), 'message-type', /line 1: .*from 1 to 7, found 260/],
  ['direction 255', ROW.replace(/1$/, '255'), 'direction', /line 1: .* found 255/],
  ['a size of 2^32 + 100', ROW.replace(',18,', ',4294967396,'), 'number', /line 1: .*at most 2147483647, found 42949/],
  ['a size below 0', ROW.replace(',18,', ',-18,'), 'number', /line 1: expected a size and a price above 0/],
  ['a price of 0', ROW.replace('5853300', '0'), 'number', /line 1: expected a size and a price above 0/],
  ['a price below 0', ROW.replace('5853300', '-5'), 'number', /line 1: expected a size and a price above 0/],
  ['NaN', ROW.replace(',18,', ',NaN,'), 'number', /line 1: .*as size, found "NaN"/],
  ['Infinity', ROW.replace('5853300', 'Infinity'), 'number', /line 1: .*as price, found "Infinity"/],
  ['a fraction', ROW.replace(',18,', ',18.5,'), 'number', /line 1: .*as size, found "18.5"/],
  ['an exponent', ROW.replace(',18,', ',1e3,'), 'number', /line 1: .*as size, found "1e3"/],
  ['a hexadecimal', ROW.replace(',18,', ',0x12,'), 'number', /line 1: .*as size, found "0x12"/],
  ['nothing in a column', ROW.replace(',18,', ',,'), 'number', /line 1: .*as size, found ""/],
  ['an id beyond 2^53', ROW.replace('16113575', '9007199254740993'), 'number', /line 1: .*as order id, found "900719/],
  ['an id of 0', ROW.replace('16113575', '0'), 'order-id', /line 1: expected an order id above 0/],
  ['an id that is added twice', `${ROW}\n${ROW}`, 'order-id', /line 2: order 16113575 was added before/],
  ['a time after midnight', ROW.replace('34200', '86400'), 'number', /line 1: .*below 86400/],
  ['an exponent in the time', ROW.replace('34200.004241176', '3.42e4'), 'number', /line 1: expected seconds/],
  ['a halt of price 2', '34200,7,0,0,2,-1', 'number', /line 1: .*as the price of a halt, found 2/],
  [
    'a seventh column',
    `${ROW},MPID`,
    'columns',
    /line 1: expected 6 .*found 7: cut -d, -f1-6 keeps the first six, .*--extra-columns/,
  ],
  ['time that runs backwards', `${ROW}\n${ROW.replace('34200', '34199')}`, 'time-order', /line 2/],
]
for (const [what, text, code, message] of damaged) {
  test(`${what} is an error with the line number`, () => {
    assert.throws(
      () => parseLobster(text),
      (error: unknown) => {
        assert.ok(error instanceof LobsterError)
        assert.equal(error.code, code)
        assert.match(error.message, message)
        return true
      },
    )
  })
}

test('accepts blank lines at the end and blanks around a number', () => {
  assert.equal(parseLobster(`${ROW}\r\n\r\n \n\n`).count, 1)
  assert.deepEqual([...parseLobster(ROW.replaceAll(',', ' , ')).sizes], [18])
})

test('ignores more than six columns where asked to, but not fewer', () => {
  const rows = [`${ROW},MPID`, `${ROW.replace('16113575', '2')},,x`, ROW.replace('16113575', '3')]
  const parsed = parseLobster(rows.join('\n'), { extraColumns: true })
  assert.deepEqual([...parsed.orderIds], [16113575, 2, 3])
  assert.throws(() => parseLobster('34200.1,1,1,100,1000000', { extraColumns: true }), /line 1: .*found 5/)
})

test('writes a share class with a dot', () => {
  for (const name of ['BRK.B', 'BRK-B']) assert.equal(parseLobsterFileName(`${name}_2012-06-21_x`).symbol, 'BRK.B')
  assert.throws(() => parseLobsterFileName('AAPL_2012-13-41_34200000_message_1.csv'), /2012-13-41 in .* is not a day/)
})

test('parses symbol and day of a file name; midnight in New York is 4 or 5 hours after midnight UTC', () => {
  const name = (day: string) => parseLobsterFileName(`AAPL_${day}_34200000_37800000_message_50.csv.gz`)
  assert.equal(name('2012-06-21').symbol, 'AAPL')
  const summer = ['2012-06-21', '2012-03-11', '2012-11-03', '2026-03-08', '2024-10-31']
  const winter = ['2012-01-03', '2012-03-10', '2012-11-04', '2026-03-07', '2024-12-31', '2024-02-29']
  for (const day of summer) assert.equal(name(day).midnightTime, Date.parse(`${day}T04:00:00Z`), day)
  for (const day of winter) assert.equal(name(day).midnightTime, Date.parse(`${day}T05:00:00Z`), day)
  assert.throws(() => parseLobsterFileName('aapl.csv'), LobsterError)
})
