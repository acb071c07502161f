// Parsing Bitstamp logs: the columns, and the error at an invalid line.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BitstampError } from './bitstamp-error.ts'
import { isBitstampLine, parseBitstamp } from './log.ts'

const CREATED =
  '1430438404518 order_created {"price": "236.47", "amount": "2.00000000", "id": 65595247, "order_type": 0}'
const DELETED =
  '1430438404637 order_deleted {"price": "236.48", "amount": "0.00000000", "id": 65595187, "order_type": 1}'
const TRADE = '1430438404645 trade {"price": 236.47, "amount": 0.21144331, "id": 8111041}'
const BOOK =
  '1430438405885 order_book {"bids": [["236.47", "1.78855669"]], "asks": [["236.64", "3.79520000"], ["236.65", "2"]]}'

test('parses columns, in cents and ten-thousandths of a bitcoin', () => {
  const log = parseBitstamp(`${[CREATED, DELETED, TRADE, BOOK].join('\n')}\n`)
  assert.equal(log.count, 4)
  assert.deepEqual([...log.times], [1430438404518, 1430438404637, 1430438404645, 1430438405885])
  assert.deepEqual([...log.kinds], [1, 3, 4, 5])
  assert.deepEqual([...log.ids], [65595247, 65595187, 8111041, 0])
  assert.deepEqual([...log.ticks], [23647, 23648, 23647, 0])
  assert.deepEqual([...log.lots], [20_000, 0, 2114, 0])
  assert.deepEqual([...log.directions], [1, -1, 0, 0])
  assert.deepEqual(
    [...log.books],
    [
      [
        3,
        {
          bids: [[23647, 17_886]],
          asks: [
            [23664, 37_952],
            [23665, 20_000],
          ],
        },
      ],
    ],
  )
})

const damaged: readonly [what: string, text: string, message: RegExp][] = [
  ['nothing', '', /the file is empty/],
  ['an unknown event', CREATED.replace('created', 'made'), /line 1: expected a time, one of order_created/],
  ['no time', CREATED.slice(3), /line 1: expected a time/],
  ['JSON that was cut', `${CREATED}\n${DELETED.replace('187,', '187,,')}`, /line 2: expected JSON/],
  ['a text in place of a price', CREATED.replace('236.47', 'much'), /line 1: expected a number as price, found "much"/],
  ['no amount', CREATED.replace('amount', 'sum'), /line 1: expected a number as amount/],
  ['no id', CREATED.replace('"id": 65595247', '"id": "a"'), /line 1: expected a whole number as id/],
  ['no side', CREATED.replace('type": 0', 'type": 2'), /line 1: expected 0 \(buy\) or 1/],
  ['an invalid book', BOOK.replace('"bids": [[', '"bids": [[["a"], '), /line 1: expected a number as price/],
  ['a price below 0', CREATED.replace('236.47', '-5.00'), /line 1: expected a number as price, found "-5.00"/],
  ['an amount below 0', CREATED.replace('2.00000000', '-2'), /line 1: expected a number as amount, found "-2"/],
  ['a buy at 0', CREATED.replace('236.47', '0.00'), /line 1: expected a price above 0, found "0.00"/],
  ['NaN', CREATED.replace('"2.00000000"', 'NaN'), /line 1: expected JSON/],
  ['the text NaN', CREATED.replace('2.00000000', 'NaN'), /line 1: expected a number as amount, found "NaN"/],
  ['no text', CREATED.replace('236.47', ''), /line 1: expected a number as price, found ""/],
  ['an exponent', CREATED.replace('2.00000000', '2e0'), /line 1: expected a number as amount, found "2e0"/],
  [
    'less than a cent',
    CREATED.replace('236.47', '236.475'),
    /line 1: expected a price in whole cents, found "236.475"/,
  ],
  ['2^32 + 100 lots', CREATED.replace('2.00000000', '429496.7396'), /line 1: expected an amount of at most 214748/],
  [
    'an id far from the first one',
    `${CREATED}\n${DELETED.replace('65595187', '1339885839564805000')}`,
    /line 2: expected an id within 2\^51 of the first one, found 1339885839564805000/,
  ],
  [
    'an id that is not a whole number',
    CREATED.replace('65595247', '1.5'),
    /line 1: expected a whole number as id, found 1.5/,
  ],
  ['an id below 0', CREATED.replace('65595247', '-1'), /line 1: expected a whole number as id, found -1/],
  [
    'a large id for another order',
    [236.47, 236.48]
      .map(
        price =>
          `1430438404518 order_created {"price":"${price}","amount":"1","id":1339885839564805123,"order_type":1}`,
      )
      .join('\n'),
    /line 2: order 1339885839564805123 was created before, with another price/,
  ],
  ['null for an order', CREATED.replace(/\{.*/, 'null'), /line 1: expected a JSON object/],
  [
    'an id for another order',
    `${CREATED}\n${CREATED.replace('236.47', '236.48')}`,
    /line 2: order 65595247 was created before, with another price/,
  ],
  ['a blank line inside', `${CREATED}\n\n${DELETED}`, /line 2: blank line before other lines/],
  ['only heartbeats', '1430438404518 bts:heartbeat {}', /no orders, trades or books/],
  ['time that runs backwards', `${DELETED}\n${CREATED}`, /line 2: expected lines in order of time/],
]
for (const [what, text, message] of damaged) {
  test(`${what} is an error with the line number`, () => {
    assert.throws(
      () => parseBitstamp(text),
      (error: unknown) => error instanceof BitstampError && message.test(error.message),
    )
  })
}

test('recognises a log by its first line', () => {
  for (const line of [CREATED, DELETED, TRADE, BOOK, `${TRADE}\r`]) assert.equal(isBitstampLine(line), true)
  for (const line of ['', '34200.004,1,161,18,5853300,1', '{"format":"papertape"}', '1430438404645 toString {}']) {
    assert.equal(isBitstampLine(line), false)
  }
})

test('skips and counts lines without market data; rows keep their line numbers', () => {
  const log = parseBitstamp(
    [
      '1430438404000 bts:subscription_succeeded {}',
      CREATED,
      CREATED,
      '1430438404518 bts:heartbeat {"status":"success"}',
      '1430438404519 bts:request_reconnect {}',
      DELETED,
      '',
      '',
    ].join('\r\n'),
  )
  assert.deepEqual(log.skipped, { control: 3, duplicates: 1 })
  assert.deepEqual([...log.lines], [2, 6])
})

test('later feeds: microseconds, ids as strings, JSON numbers, market orders', () => {
  const log = parseBitstamp(
    [
      '1430438404518123 order_created {"price": 236.47, "amount": 2, "id": 65595247, "order_type": 0}',
      '1430438404518 order_created {"price":"236.50","amount":"1","id":1339885839564805000,"id_str":"1339885839564805","order_type":1}',
      '1430438404519 order_created {"price":"9999999999.99","amount":"1","id":"7","order_type":0}',
      '1430438404520 order_created {"price":"0.00","amount":"1","id":8,"order_type":1}',
    ].join('\n'),
  )
  assert.deepEqual([...log.times], [1430438404518, 1430438404518, 1430438404519, 1430438404520])
  assert.deepEqual([...log.ids], [65595247, 1339885839564805, 7, 8])
  assert.deepEqual([...log.ticks], [23647, 23650, 0, 0])
})

test('ids of nineteen digits keep order and identity, as numbers and as strings', () => {
  const ids = ['1339885839564805123', '1339885839564805124', '1339885839564805122', '1339885839564805123']
  for (const write of [
    (id: string) => `"id":${id}`,
    (id: string) => `"id":"${id}"`,
    (id: string) => `"id":${Number(id)},"id_str":"${id}"`,
  ]) {
    const line = (id: string, n: number) =>
      `143043840451${n} order_${n < 3 ? 'created' : 'deleted'} {"price":"236.50","amount":"1",${write(id)},"order_type":1}`
    const trade = '1430438404519 trade {"price":236.47,"amount":0.2,"id":8111041}'
    const log = parseBitstamp([...ids.map(line), trade].join('\n'))
    const [first] = log.ids
    assert.deepEqual(
      [...log.ids].map(id => id - first!),
      [0, 1, -1, 0, 8111041 - first!],
    )
  }
})
