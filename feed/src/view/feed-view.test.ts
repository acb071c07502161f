// The market as snapshots and REST show it: the contents of a snapshot, bars that form and close, and events of other
// symbols.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { FeedEvent, FeedEventName, InstrumentSpec, Interval } from '@papertape/protocol'
import { createFilter } from '../classes/filter.ts'
import { FeedView } from './feed-view.ts'

const SPECS: readonly InstrumentSpec[] = ['PPR', 'TAPE'].map(symbol => ({
  symbol,
  name: symbol,
  tickUnits: 100,
  lotSize: 1,
  priceTicksMax: 4_096,
  previousCloseTicks: 1_000,
}))
const START = 1_767_623_400_000

function createView() {
  const book = { seq: 0, bids: [], asks: [], checksum: 0 }
  const view = new FeedView(
    SPECS,
    SPECS.map(({ symbol }) => ({ symbol, phase: 'continuous', book })),
  )
  let seq = 0
  const apply = (event: FeedEventName, symbol: string | null, fields: object, time = START) => {
    const data = { seq: ++seq, ts: seq, time, symbol, ...fields }
    view.apply({ event, data } as unknown as FeedEvent)
  }
  const trade = (time: number, price: number, symbol = 'PPR') =>
    apply('trade', symbol, { tradeId: seq, price, size: 2, aggressor: 'buy' }, time)
  return { view, apply, trade }
}

async function barsOf(view: FeedView, symbol: string, interval: Interval) {
  const range = { from: 0, to: Number.POSITIVE_INFINITY, limit: 5_000 }
  return (await view.instrument(symbol)!.bars(interval, range)).bars
}

const request = {
  symbols: [] as string[],
  events: ['trade' as FeedEventName],
  books: [],
  maxHz: 10,
  snapshot: true,
  last: undefined,
}

describe('a snapshot', () => {
  const { view, apply, trade } = createView()
  trade(START, 10)
  apply('book', 'PPR', { prevSeq: 0, changes: [['bid', 9.99, 5]], checksum: 0 })

  test('has books when they are asked for, and only the symbols asked for', () => {
    const plain = view.snapshot('k3f9-2', createFilter(request))
    assert.equal(plain.id, 'k3f9-2')
    assert.deepEqual(
      plain.instruments.map(({ symbol, book }) => [symbol, book]),
      [
        ['PPR', undefined],
        ['TAPE', undefined],
      ],
    )
    const booked = view.snapshot('k3f9-2', createFilter({ ...request, symbols: ['PPR'], events: ['book'] }))
    assert.deepEqual(
      booked.instruments.map(({ symbol, book }) => [symbol, book?.seq, book?.bids]),
      [['PPR', 2, [[9.99, 5]]]],
    )
  })
})

describe('the news of a snapshot', () => {
  const { view, apply } = createView()
  const publish = (headline: string, ...symbols: string[]) =>
    apply('news', null, { headline, symbols, severity: 'info' })
  const headlines = (change: object) =>
    view
      .snapshot('k3f9-9', createFilter({ ...request, events: ['news'], ...change }))
      .news?.map(({ headline }) => headline)

  test('are the last twenty that concern the symbols, newest first, when news is asked for', () => {
    assert.deepEqual(headlines({}), [])
    publish('of PPR', 'PPR')
    for (let i = 1; i <= 21; i++) publish(`of TAPE ${i}`, 'TAPE')
    publish('of all')
    assert.deepEqual(headlines({ symbols: ['PPR'] }), ['of all', 'of PPR'])
    const all = headlines({})!
    assert.deepEqual([all.length, all[0], all[1], all.at(-1)], [20, 'of all', 'of TAPE 21', 'of TAPE 3'])
    assert.equal(headlines({ events: ['trade'] }), undefined)
  })
})

describe('bars', () => {
  test('form with each trade, and minutes close with their candle', async () => {
    const { view, apply, trade } = createView()
    const bars = (interval: Interval) => barsOf(view, 'PPR', interval)
    assert.deepEqual(await bars('1m'), [])
    trade(START + 1_000, 10)
    trade(START + 1_500, 11)
    trade(START + 2_000, 12)
    assert.deepEqual(
      (await bars('1s')).map(({ time, open, close, trades }) => [time - START, open, close, trades]),
      [
        [1_000, 10, 11, 2],
        [2_000, 12, 12, 1],
      ],
    )
    const forming = await bars('1m')
    assert.deepEqual(
      forming.map(({ time, open, close, volume }) => [time, open, close, volume]),
      [[START, 10, 12, 6]],
    )
    apply('candle', 'PPR', { interval: '1m', ...forming[0] }, START)
    assert.deepEqual(await bars('1m'), forming, 'the closed bar is the one that was forming, once')
    trade(START + 60_000, 9)
    assert.deepEqual(
      (await bars('1m')).map(({ time }) => time - START),
      [0, 60_000],
    )
    assert.deepEqual(
      (await bars('5m')).map(({ volume, low, trades }) => [volume, low, trades]),
      [[8, 9, 4]],
    )
    assert.deepEqual(await barsOf(view, 'TAPE', '1s'), [])
  })

  test('of seconds cover at least an hour, and are bounded', async () => {
    const { view, trade } = createView()
    for (let second = 0; second < 5_000; second++) trade(START + second * 1_000, 10)
    const bars = await barsOf(view, 'PPR', '1s')
    assert.ok(bars.length > 3_600 && bars.length <= 3_600 + 257, `${bars.length}`)
    assert.equal(bars.at(-1)!.time, START + 4_999_000)
    assert.ok(bars.every(({ time }, i) => time === bars[0]!.time + i * 1_000))
  })
})

describe('an event', () => {
  test('of the whole market is applied to every instrument, one of an instrument only to that', () => {
    const { view, apply } = createView()
    const phases = () => view.all().map(instrument => instrument.describe().phase)
    apply('status', 'TAPE', { phase: 'halted', reason: null, until: null })
    assert.deepEqual(phases(), ['continuous', 'halted'])
    apply('status', null, { phase: 'paused', reason: null, until: null })
    assert.deepEqual(phases(), ['paused', 'paused'])
  })

  test('of news or of an unknown symbol changes no instrument', () => {
    const { view, apply, trade } = createView()
    const before = JSON.stringify(view.snapshot('k3f9-0', createFilter(request)))
    apply('news', null, { headline: 'x', symbols: [], severity: 'info' })
    trade(START, 10, 'NOPE')
    assert.equal(JSON.stringify(view.snapshot('k3f9-0', createFilter(request))), before)
    assert.equal(view.instrument('NOPE'), undefined)
  })

  test('of a book that does not follow the one before throws', () => {
    const { apply } = createView()
    const fields = { prevSeq: 5, changes: [['bid', 9, 1]], checksum: 0 }
    assert.throws(() => apply('book', 'PPR', fields), /book 1 does not follow 0/)
  })
})
