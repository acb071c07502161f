// The market view, compared with a simple reference book, and the rules that keep a page from showing outdated data.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Book, bookChecksum, type FeedEvent, type LevelChange, type Snapshot, ticksOf } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { MarketView } from './market-view.ts'

const TICK = 0.01
const instruments = [
  { symbol: 'VELTR', tickSize: TICK, phase: 'continuous' },
  { symbol: 'NIMBR', tickSize: TICK, phase: 'continuous' },
] as const
const stamp = (seq: number) => ({ seq, ts: seq, time: 1_700_000_000_000 + seq })
const day = { open: null, high: null, low: null, volume: 0, previousClose: 100 }

type Levels = Map<number, number>
const sides = () => ({ bid: new Map() as Levels, ask: new Map() as Levels })
const sorted = (levels: Levels, direction: 1 | -1) => [...levels].sort(([a], [b]) => (a - b) * direction)
function checksum({ bid, ask }: ReturnType<typeof sides>): number {
  const inTicks = (levels: [number, number][]) => levels.map(([price, size]) => [ticksOf(price, TICK), size] as const)
  return bookChecksum(inTicks(sorted(bid, -1)), inTicks(sorted(ask, 1)))
}
const snapshotAt = (seq: number, book = sides()): { event: 'snapshot'; data: Snapshot } => ({
  event: 'snapshot',
  data: {
    id: `k3f9-${seq}`,
    instruments: [
      {
        symbol: 'VELTR',
        phase: 'continuous',
        quote: null,
        lastTrade: null,
        day,
        book: { seq, bids: sorted(book.bid, -1), asks: sorted(book.ask, 1), checksum: checksum(book) },
      },
    ],
  },
})

const anyChange = fc.tuple(fc.constantFrom('bid', 'ask'), fc.integer({ min: 9_990, max: 10_010 }), fc.nat({ max: 3 }))
const anyBooks = fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 30 })

function bookEvents(batches: readonly (readonly (readonly ['bid' | 'ask', number, number])[])[]) {
  const reference = sides()
  const events = batches.map((changes, i): FeedEvent => {
    const wire = changes.map(([side, ticks, size]): LevelChange => [side, ticks / 100, size])
    for (const [side, price, size] of wire) {
      if (size === 0) reference[side].delete(price)
      else reference[side].set(price, size)
    }
    const data: Book = { ...stamp(i + 1), symbol: 'VELTR', prevSeq: i, changes: wire, checksum: checksum(reference) }
    return { event: 'book', data }
  })
  return { events, reference }
}

function createView() {
  const gaps: string[] = []
  const view = new MarketView({
    instruments,
    tradesMax: 3,
    newsMax: 2,
    onGap: (symbol, why) => gaps.push(`${symbol} ${why}`),
  })
  return { view, gaps }
}

describe('books', () => {
  test('equal the reference book and pass every checksum', () => {
    holds(
      import.meta.filename,
      fc.property(anyBooks, batches => {
        const { view, gaps } = createView()
        const { events, reference } = bookEvents(batches)
        view.apply(snapshotAt(0))
        for (const event of events) view.apply(event)
        assert.deepEqual(gaps, [])
        assert.deepEqual(view.book('VELTR')!.bids, sorted(reference.bid, -1))
        assert.deepEqual(view.book('VELTR')!.asks, sorted(reference.ask, 1))
      }),
    )
  })

  test('a missing change is reported once, and only a snapshot makes the book sound again', () => {
    holds(
      import.meta.filename,
      fc.property(anyBooks, fc.nat(), (batches, nat) => {
        const { view, gaps } = createView()
        const { events, reference } = bookEvents([...batches, [['bid', 9_000, 1]]])
        const missing = nat % (events.length - 1)
        view.apply(snapshotAt(0))
        for (const event of events.filter((_, i) => i !== missing)) view.apply(event)
        assert.deepEqual(gaps, ['VELTR gap'])
        assert.equal(view.bookState('VELTR'), 'gap')
        view.apply(snapshotAt(events.length, reference))
        assert.equal(view.bookState('VELTR'), 'sound')
        for (const event of events) view.apply(event)
        assert.equal(view.book('VELTR')!.checksum(), checksum(reference))
        assert.equal(gaps.length, 1)
      }),
    )
  })

  test('a wrong checksum is a gap too; before a snapshot there is no book', () => {
    const { view, gaps } = createView()
    assert.deepEqual([view.book('VELTR'), view.bookState('VELTR')], [undefined, 'none'])
    view.apply(snapshotAt(5))
    const data: Book = { ...stamp(6), symbol: 'VELTR', prevSeq: 5, changes: [['ask', 100, 1]], checksum: 1 }
    view.apply({ event: 'book', data })
    view.apply({ event: 'book', data: { ...data, seq: 7, prevSeq: 6 } })
    assert.deepEqual(gaps, ['VELTR checksum'])
  })
})

describe('trades, quotes, status and news', () => {
  const trade = (seq: number, symbol = 'VELTR'): FeedEvent => ({
    event: 'trade',
    data: { ...stamp(seq), symbol, tradeId: seq, price: 100 + seq, size: 1, aggressor: 'buy' },
  })
  const quote = (seq: number): FeedEvent => ({
    event: 'quote',
    data: { ...stamp(seq), symbol: 'VELTR', bid: seq, bidSize: 1, ask: null, askSize: 0 },
  })

  test('keeps a limited number of trades, newest first, and drops them at a reset', () => {
    const { view } = createView()
    for (let seq = 1; seq <= 20; seq++) view.apply(trade(seq))
    assert.deepEqual(
      view.trades('VELTR').map(({ seq }) => seq),
      [20, 19, 18],
    )
    assert.deepEqual(
      view.trades('VELTR', 1).map(({ seq }) => seq),
      [20],
    )
    assert.equal(view.ticker('VELTR')?.lastTrade?.seq, 20)
    view.apply({ event: 'reset', data: { reason: 'epoch', requested: '', epoch: 'k3f9', oldest: 1, head: 2 } })
    assert.deepEqual(view.trades('VELTR'), [])
  })

  test('an older quote does not replace a newer one', () => {
    const { view } = createView()
    for (const seq of [5, 4]) view.apply(quote(seq))
    assert.equal(view.ticker('VELTR')?.quote?.bid, 5)
  })

  test('after a reset sequence numbers start over', () => {
    const { view } = createView()
    view.apply(quote(500))
    view.apply({ event: 'reset', data: { reason: 'epoch', requested: '', epoch: 'zzzz', oldest: 1, head: 2 } })
    view.apply(snapshotAt(3))
    view.apply(quote(4))
    assert.equal(view.ticker('VELTR')?.quote?.seq, 4)
  })

  test('reports changed symbols once; a status of the whole market changes all; unknown symbols are ignored', () => {
    const { view } = createView()
    view.apply(trade(1))
    view.apply(trade(2, 'NOPE'))
    assert.deepEqual([...view.takeDirty()], ['VELTR'])
    assert.deepEqual([...view.takeDirty()], [])
    const halted = { ...stamp(3), symbol: null, phase: 'halted', reason: null, until: null } as const
    view.apply({ event: 'status', data: halted })
    assert.deepEqual([...view.takeDirty()], ['VELTR', 'NIMBR'])
    assert.equal(view.ticker('NIMBR')?.phase, 'halted')
    for (const seq of [4, 5, 6]) {
      view.apply({ event: 'news', data: { ...stamp(seq), headline: `${seq}`, symbols: [], severity: 'info' } })
    }
    assert.deepEqual(
      view.news.map(({ headline }) => headline),
      ['6', '5'],
    )
    assert.deepEqual([...view.takeDirty()], ['*'])
    assert.deepEqual(view.symbols, ['VELTR', 'NIMBR'])
  })

  test('joins the headlines of a snapshot and of REST with those that it has: each once, newest first, bounded', () => {
    const { view } = createView()
    const news = (seq: number) => ({ ...stamp(seq), headline: `${seq}`, symbols: [], severity: 'info' as const })
    const seqs = () => view.news.map(({ seq }) => seq)
    view.apply({ event: 'news', data: news(5) })
    view.apply({ event: 'snapshot', data: { id: 'k3f9-6', instruments: [], news: [news(6), news(5)] } })
    assert.deepEqual(seqs(), [6, 5])
    view.addNews([news(4)])
    assert.deepEqual(seqs(), [6, 5], 'there is no place for older ones')
    view.apply({ event: 'news', data: news(7) })
    assert.deepEqual(seqs(), [7, 6])
  })
})
