// Parameters of the feed: the same by query and by message, the defaults of the contract, and refusals with the valid
// values.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CodedError } from '../errors/coded-error.ts'
import { type FeedParameters, parseByteRate, parseFeedRequest } from './feed-request.ts'

const KNOWN = ['PPR', 'TAPE', 'VELTR']
const parse = (parameters: FeedParameters, lastEventId?: string) => parseFeedRequest(parameters, KNOWN, lastEventId)
const DEFAULTS = parse({})

test('the default is all symbols, without books and candles, at 10 Hz, with a snapshot', () => {
  assert.deepEqual(DEFAULTS, {
    symbols: [],
    events: ['quote', 'trade', 'status', 'news'],
    books: [],
    maxHz: 10,
    snapshot: true,
    last: undefined,
  })
  const empty = { symbols: '', events: '', books: '', maxHz: '', mode: '', snapshot: '', last: '' }
  assert.deepEqual(parse(empty, ''), DEFAULTS, 'empty is absent')
})

test('a query and a message with the same parameters give the same request', () => {
  const asked = {
    symbols: ['PPR', 'TAPE'],
    events: ['book', 'trade'],
    books: ['TAPE'],
    maxHz: 0.5,
    snapshot: false,
    last: 'k3f9-5',
  } as const
  const query = {
    symbols: 'TAPE,PPR,TAPE',
    events: 'book,trade',
    books: 'TAPE,TAPE',
    maxHz: '0.5',
    snapshot: 'false',
    last: 'k3f9-5',
  }
  assert.deepEqual(parse(asked), asked)
  assert.deepEqual(parse(query), asked)
  assert.deepEqual(parse({ ...query, symbols: ['TAPE', 'PPR'] }), asked, 'a parameter given twice is a list')
})

test('raw mode has no rate', () => {
  assert.equal(parse({ mode: 'raw' }).maxHz, null)
  assert.equal(parse({ mode: 'conflated', maxHz: 60 }).maxHz, 60)
})

describe('the position', () => {
  test('of the header wins over the parameter; empty is absent', () => {
    assert.equal(parse({ last: 'k3f9-5' }, 'k3f9-7').last, 'k3f9-7')
    assert.equal(parse({ last: 'k3f9-5' }, '').last, 'k3f9-5')
    assert.equal(parse({}, 'k3f9-7').last, 'k3f9-7')
  })

  test('of `lastEventId`, which polyfills send, wins over `last`', () => {
    assert.equal(parse({ lastEventId: 'k3f9-7' }).last, 'k3f9-7')
    assert.equal(parse({ last: 'k3f9-5', lastEventId: 'k3f9-7' }).last, 'k3f9-7')
    assert.equal(parse({ last: 'k3f9-5', lastEventId: '' }).last, 'k3f9-5')
    assert.equal(parse({ lastEventId: 'k3f9-7' }, 'k3f9-9').last, 'k3f9-9')
  })

  test('is passed on as received, also when it is malformed', () => {
    assert.equal(parse({ last: 'nonsense' }).last, 'nonsense')
    assert.equal(parse({ last: ['k3f9-5', 'k3f9-6'] as unknown as string }).last, 'k3f9-5,k3f9-6')
  })
})

describe('a refusal', () => {
  const CASES: readonly [name: string, parameters: FeedParameters, code: string, says: RegExp][] = [
    [
      'an unknown symbol',
      { symbols: 'PPR,NOPE,NIX' },
      'unknown-symbol',
      /no NIX, NOPE; the symbols are PPR, TAPE, VELTR/,
    ],
    ['a symbol in small letters', { symbols: 'ppr' }, 'unknown-symbol', /ppr/],
    ['a book of an unknown symbol', { books: 'TAPE,NOPE' }, 'unknown-symbol', /no NOPE; the symbols are PPR, TAPE/],
    ['an unknown event', { events: 'trade,tick' }, 'bad-parameter', /events has tick; it takes quote, trade, book/],
    ['a control event', { events: ['heartbeat'] }, 'bad-parameter', /heartbeat/],
    ['a rate too low', { maxHz: '0.09' }, 'bad-parameter', /from 0.1 to 60, not 0.09/],
    ['a rate too high', { maxHz: 61 }, 'bad-parameter', /from 0.1 to 60, not 61/],
    ['a rate that is none', { maxHz: 'fast' }, 'bad-parameter', /not fast/],
    ['a rate in hexadecimal', { maxHz: '0x10' }, 'bad-parameter', /not 0x10/],
    ['a rate with an exponent', { maxHz: '1e1' }, 'bad-parameter', /not 1e1/],
    ['a rate of spaces around a number', { maxHz: ' 5 ' }, 'bad-parameter', /maxHz is a number/],
    ['a rate that is NaN', { maxHz: 'NaN' }, 'bad-parameter', /not NaN/],
    ['raw with a rate', { mode: 'raw', maxHz: '10' }, 'bad-parameter', /leave maxHz out/],
    ['a mode of its own', { mode: 'fast' }, 'bad-parameter', /mode is raw or left out, not fast/],
    ['a snapshot of its own', { snapshot: '0' }, 'bad-parameter', /snapshot is true or false, not 0/],
  ]
  for (const [name, parameters, code, says] of CASES) {
    test(`of ${name} is a 400 with the valid values`, () => {
      assert.throws(
        () => parse(parameters),
        error => error instanceof CodedError && error.code === code && error.status === 400 && says.test(error.message),
      )
    })
  }
})

describe('the bytes that a reader declares to read a second', () => {
  test('are a number; empty is absent', () => {
    const rates = [undefined, '', '1000', '20000.5', '1000000000']
    assert.deepEqual(
      rates.map(maxBytesPerSecond => parseByteRate({ maxBytesPerSecond })),
      [undefined, undefined, 1_000, 20_000.5, 1_000_000_000],
    )
  })

  for (const maxBytesPerSecond of ['999', '0', '-1', '1e6', 'fast', '1000000001']) {
    test(`are refused when they are ${maxBytesPerSecond}`, () => {
      assert.throws(
        () => parseByteRate({ maxBytesPerSecond }),
        error => error instanceof CodedError && error.status === 400 && error.message.includes(maxBytesPerSecond),
      )
    })
  }
})
