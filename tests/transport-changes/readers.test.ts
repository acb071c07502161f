// The readers find what they are there to find: frames that the contract does not allow, one of each kind. Without a
// server of ours.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { ConflatedReader } from './conflated-reader.ts'
import type { ArrivedFrame } from './feed-transports.ts'
import { LogTruth } from './log-truth.ts'
import { RawReader } from './raw-reader.ts'

const TICKS = new Map([['VELTR', 0.01]])
/** Of an empty book. */
const EMPTY = 2_343_686_810

function frame(event: string, data: object, id?: string): ArrivedFrame {
  return { event, id, data, text: JSON.stringify(data) }
}
const idOf = (seq: number) => `k3f9-${seq}`
const trade = (seq: number, size = 1) => frame('trade', { seq, symbol: 'VELTR', size }, idOf(seq))
const quote = (seq: number, more: object) => frame('quote', { seq, symbol: 'VELTR', ...more })
const snapshot = (seq: number, checksum: number) => {
  const book = { seq, bids: [], asks: [], checksum }
  return frame('snapshot', { id: idOf(seq), instruments: [{ symbol: 'VELTR', quote: null, book }] }, idOf(seq))
}
const book = (seq: number, prevSeq: number, checksum: number) =>
  frame('book', { seq, symbol: 'VELTR', prevSeq, changes: [['bid', 1, 0]], checksum }, idOf(seq))
const reset = (data: object) => frame('reset', { reason: 'expired', requested: idOf(500), epoch: 'k3f9', ...data })

describe('a reader', () => {
  const pages = createServer((request, response) => {
    const first = Number(request.url!.split('/').at(-1))
    const events = Array.from({ length: 512 }, (_, i) => trade(first + i)).map(({ id, event, data }) => ({
      id,
      event,
      data,
    }))
    response.end(JSON.stringify({ epoch: 'k3f9', from: first, to: first + 511, events }))
  })
  let truth: LogTruth
  before(async () => {
    await once(pages.listen(0, '127.0.0.1'), 'listening')
    truth = new LogTruth(`http://127.0.0.1:${(pages.address() as AddressInfo).port}`)
  })
  after(() => {
    pages.close()
    pages.closeAllConnections()
  })

  const raw = (seq = 500) => {
    const reader = new RawReader('reader', truth, TICKS, { epoch: 'k3f9', seq })
    reader.connect('sse')
    return reader
  }
  const conflated = () => {
    const reader = new ConflatedReader('reader', truth, TICKS, 10)
    reader.connect('sse')
    reader.take(snapshot(500, EMPTY))
    return reader
  }

  it('takes what the contract allows', async () => {
    const reader = raw()
    reader.take(trade(501))
    reader.take(frame('heartbeat', { head: 501 }))
    reader.take(frame('position', {}, idOf(501)))
    reader.take(book(502, 0, EMPTY))
    reader.take(reset({ requested: idOf(502), oldest: 600 }))
    reader.take(snapshot(700, EMPTY))
    reader.take(trade(701))
    const other = conflated()
    other.take(quote(503, { folded: 3 }))
    other.take(trade(504))
    other.take(frame('heartbeat', { head: 600 }))
    assert.deepEqual([reader.last, other.last, reader.resets], [idOf(701), idOf(600), 1])
  })

  const FORBIDDEN: Readonly<Record<string, readonly ArrivedFrame[]>> = {
    'a gap': [trade(501), trade(503)],
    'a repeat': [trade(501), trade(501)],
    'an id that is not the seq': [frame('trade', { seq: 502 }, idOf(501))],
    'a prevSeq that is not the book before': [book(501, 0, EMPTY), book(502, 0, EMPTY)],
    'a wrong checksum': [book(501, 0, EMPTY + 1)],
    'a snapshot in place of events': [snapshot(700, EMPTY)],
    'a heartbeat that is ahead': [frame('heartbeat', { head: 501 })],
    'a poll that is ahead of its events': [frame('position', {}, idOf(501))],
    'a reset of a position that is kept': [reset({ oldest: 501 })],
    'a reset for another reason': [reset({ reason: 'ahead', oldest: 600 })],
    'events after a reset, before the snapshot': [reset({ oldest: 600 }), trade(501)],
    'events after lagging': [frame('lagging', {}), trade(501)],
  }
  for (const [name, frames] of Object.entries(FORBIDDEN)) {
    it(`of every event finds ${name}`, () => {
      const reader = raw()
      for (const one of frames.slice(0, -1)) reader.take(one)
      assert.throws(() => reader.take(frames.at(-1)!), assert.AssertionError)
    })
  }

  const GOING_BACK: Readonly<Record<string, readonly ArrivedFrame[]>> = {
    'a quote that goes back': [quote(510, { folded: 1 }), quote(509, { folded: 1 })],
    'a quote without a count': [quote(510, {})],
    'a quote with a position': [{ ...quote(510, { folded: 1 }), id: idOf(510) }],
    'a trade that comes twice': [trade(501), trade(501)],
    'a snapshot that is older': [trade(600), snapshot(550, EMPTY)],
    'a book that follows one that did not come': [{ ...bookAfter(520, 510), id: undefined }],
    'a reset of a position that is kept': [reset({ oldest: 1 })],
  }
  function bookAfter(seq: number, prevSeq: number): ArrivedFrame {
    const { data } = book(seq, prevSeq, EMPTY)
    return frame('book', { ...data, folded: 1 })
  }
  for (const [name, frames] of Object.entries(GOING_BACK)) {
    it(`of conflated ones finds ${name}`, () => {
      const reader = conflated()
      for (const one of frames.slice(0, -1)) reader.take(one)
      assert.throws(() => reader.take(frames.at(-1)!), assert.AssertionError)
    })
  }

  it('finds an event that is another one in the log', async () => {
    const reader = raw()
    for (let seq = 501; seq <= 512; seq++) reader.take(trade(seq, seq === 507 ? 2 : 1))
    await assert.rejects(reader.settle(), /event 507 is not the log's/)
  })

  it('of conflated ones finds a trade that did not come', async () => {
    const reader = conflated()
    for (let seq = 501; seq <= 513; seq++) if (seq !== 507) reader.take(trade(seq))
    await assert.rejects(reader.settle(), /what is never conflated, of the page from 1\b/)
  })

  it('of conflated ones finds a quote that the log does not have', async () => {
    const reader = conflated()
    reader.take(quote(503, { folded: 1 }))
    for (let seq = 501; seq <= 513; seq++) reader.take(trade(seq))
    await assert.rejects(reader.settle(), /quote 503/)
  })
})
