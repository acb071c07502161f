// Reading LOBSTER message files: columns, and a clear error at the line that is none.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLobsterFileName } from './file-name.ts'
import { LobsterError } from './lobster-error.ts'
import { parseLobster } from './messages.ts'

const ROW = '34200.004241176,1,16113575,18,5853300,1'

test('columns hold what the rows say; times are cut to milliseconds, not rounded', () => {
  const messages = parseLobster(`${ROW}\n34200.0299999,5,0,10,5855150,-1\r\n34201,7,0,0,-1,-1\n`)
  assert.equal(messages.count, 3)
  assert.deepEqual([...messages.timesMs], [34_200_004, 34_200_029, 34_201_000])
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
    'a word for a number',
    ROW.replace(',18,', ',many,'),
    'number',
    /line 1: expected a whole number as size, found "many"/,
  ],
  ['a time that is none', ROW.replace('34200', 'x'), 'number', /line 1: expected seconds after midnight/],
  ['a header line', `time,type,id,size,price,direction\n${ROW}`, 'number', /line 1/],
  ['an unknown type', ROW.replace(',1,16', ',9,16'), 'message-type', /line 1: .*from 1 to 7, found 9/],
  ['no direction', ROW.replace(/1$/, '0'), 'direction', /line 1: expected 1 \(buy\) or -1/],
  ['no size', ROW.replace(',18,', ',0,'), 'number', /line 1: expected a size and a price above 0/],
  ['time that runs backwards', `${ROW}\n${ROW.replace('34200', '34199')}`, 'time-order', /line 2/],
]
for (const [what, text, code, message] of damaged) {
  test(`${what} is an error that names the line`, () => {
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

test('a file name says symbol and day; midnight in New York is 4 or 5 hours after midnight UTC', () => {
  const name = (day: string) => parseLobsterFileName(`AAPL_${day}_34200000_37800000_message_50.csv.gz`)
  assert.equal(name('2012-06-21').symbol, 'AAPL')
  const summer = ['2012-06-21', '2012-03-11', '2012-11-03', '2026-03-08', '2024-10-31']
  const winter = ['2012-01-03', '2012-03-10', '2012-11-04', '2026-03-07', '2024-12-31', '2024-02-29']
  for (const day of summer) assert.equal(name(day).midnightTime, Date.parse(`${day}T04:00:00Z`), day)
  for (const day of winter) assert.equal(name(day).midnightTime, Date.parse(`${day}T05:00:00Z`), day)
  assert.throws(() => parseLobsterFileName('aapl.csv'), LobsterError)
})
