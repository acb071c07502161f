// Books: a whole one in a snapshot, changes that fit onto each other, and a checksum after each.

import { crc32 } from 'node:zlib'
import { expectEqual, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import type { Json } from '../../target/answer.ts'
import { isDurable } from '../../target/feed-stream.ts'
import type { Probe } from '../../target/probe.ts'

const CHECKSUM_LEVELS = 10

/** A book as the contract says a reader keeps one. */
class ReaderBook {
  readonly bid = new Map<number, number>()
  readonly ask = new Map<number, number>()
  readonly #tickSize: number
  seq: number

  constructor({ seq, bids, asks }: Json, tickSize: number) {
    this.#tickSize = tickSize
    this.seq = seq
    for (const [price, size] of bids) this.bid.set(this.#ticks(price), size)
    for (const [price, size] of asks) this.ask.set(this.#ticks(price), size)
  }

  apply({ seq, prevSeq, changes }: Json): void {
    expectTrue(prevSeq <= this.seq, `a change that fits onto ${this.seq}: prevSeq not above it`, prevSeq)
    for (const [side, price, size] of changes) {
      const levels = side === 'bid' ? this.bid : this.ask
      if (size === 0) levels.delete(this.#ticks(price))
      else levels.set(this.#ticks(price), size)
    }
    this.seq = seq
  }

  checksum(): number {
    const asks = [...this.ask].sort(([a], [b]) => a - b)
    const bids = [...this.bid].sort(([a], [b]) => b - a)
    return crc32([asks, bids].map(joined).join('|'))
  }

  #ticks(price: number): number {
    return Math.round(price / this.#tickSize)
  }
}

function joined(levels: readonly (readonly [number, number])[]): string {
  const top = levels.slice(0, CHECKSUM_LEVELS)
  return top.map(([ticks, size]) => `${ticks}:${size}`).join()
}

/** The book of a snapshot, then its changes; each must fit and give the checksum. */
async function followBook(probe: Probe, query: string, changes: number) {
  const { symbol, tickSize } = await probe.tradableInstrument()
  const stream = await probe.stream(`symbols=${symbol}&events=book&${query}`)
  const snapshot = await stream.frames.first('snapshot')
  const book = new ReaderBook(snapshot.data.instruments[0].book, tickSize)
  const events = await stream.frames.count('books', changes, isDurable)
  return { book, sent: snapshot.data.instruments[0].book, events: events.map(({ data }) => data) }
}

export const BOOKS = chapter('Books', [
  requirement('book-snapshot', "A snapshot's book is whole, has a `seq` and the checksum.", async probe => {
    const { book, sent } = await followBook(probe, 'mode=raw', 0)
    expectTrue(Number.isInteger(sent.seq), 'a seq in the book of a snapshot', sent)
    expectTrue(sent.bids.length > 0 && sent.asks.length > 0, 'both sides of a trading market', sent)
    expectEqual('the checksum of the book', sent.checksum, book.checksum())
  }),

  requirement('book-only-when-asked', 'Snapshots have books only when they are asked for.', async probe => {
    const { data } = await (await probe.stream('events=quote,trade')).frames.first('snapshot')
    for (const { symbol, book } of data.instruments) expectEqual(`the book of ${symbol}`, book, undefined)
  }),

  requirement('book-raw-previous', "In raw mode prevSeq is exactly the symbol's previous book event.", async probe => {
    const { book, events } = await followBook(probe, 'mode=raw', 20)
    let previous = book.seq
    for (const { seq, prevSeq } of events) {
      expectEqual(`the prevSeq of ${seq}`, prevSeq, previous)
      previous = seq
    }
  }),

  requirement('book-raw-checksum', 'A raw book has the checksum after each change.', async probe => {
    const { book, events } = await followBook(probe, 'mode=raw', 30)
    for (const event of events) {
      if (event.seq <= book.seq) continue
      book.apply(event)
      expectEqual(`the checksum of ${event.seq}`, event.checksum, book.checksum())
    }
  }),

  requirement(
    'book-conflated-checksum',
    'A conflated book has no gap, and the checksum after each change.',
    async probe => {
      const { book, events } = await followBook(probe, 'maxHz=10', 20)
      for (const event of events) {
        if (event.seq <= book.seq) continue
        book.apply(event)
        expectEqual(`the checksum of ${event.seq}`, event.checksum, book.checksum())
      }
    },
  ),

  requirement('book-rest', 'GET …/book is ordered, not crossed, has `depth` levels and the checksum.', async probe => {
    const { symbol, tickSize } = await probe.tradableInstrument()
    const { bids, asks, checksum } = await probe.get(`/v1/instruments/${symbol}/book?depth=10`)
    const prices = (levels: Json) => levels.map(([price]: Json) => price)
    expectEqual(
      'the order of the bids',
      prices(bids),
      [...prices(bids)].sort((a, b) => b - a),
    )
    expectEqual(
      'the order of the asks',
      prices(asks),
      [...prices(asks)].sort((a, b) => a - b),
    )
    expectTrue(!(bids[0]?.[0] >= asks[0]?.[0]), 'the best bid below the best ask', [bids[0], asks[0]])
    expectEqual('the checksum', checksum, new ReaderBook({ seq: 0, bids, asks }, tickSize).checksum())
    const shallow = await probe.get(`/v1/instruments/${symbol}/book?depth=1`)
    expectTrue(shallow.bids.length <= 1 && shallow.asks.length <= 1, 'one level with depth=1', shallow)
  }),
])
