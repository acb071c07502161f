// The shown book: verified by its checksum, stale after a loss, gap after a missed change.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Book, bookChecksum } from '@papertape/protocol'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { instrumentOf, stateOf } from '../testing/sample-market.ts'
import { createDepthStore, cumulate, fullBarSize, sweepCost } from './depth.ts'

const book = (seq: number, prevSeq: number, changes: Book['changes'], checksum: number): Book => {
  return { seq, ts: seq, time: seq, symbol: 'AAA', prevSeq, changes, checksum }
}

function open() {
  const clock = manualClock()
  const depth = createDepthStore(createFrameScheduler(clock))
  let gaps = 0
  depth.open(instrumentOf('AAA'), () => gaps++)
  const checksum = bookChecksum([[1000, 5]], [[1001, 7]])
  const snapshotBook = { seq: 4, bids: [[10, 5]], asks: [[10.01, 7]], checksum } as const
  const state = stateOf('AAA', { book: { ...snapshotBook, bids: [[10, 5]], asks: [[10.01, 7]] } })
  depth.applySnapshot({ id: 'test-4', instruments: [stateOf('BBB'), state] })
  const read = () => {
    clock.frames(10)
    return depth.state.get()
  }
  return { depth, read, gaps: () => gaps }
}

test('a change with the right checksum keeps the book verified', () => {
  const { depth, read, gaps } = open()
  const checksum = bookChecksum(
    [
      [1000, 5],
      [999, 3],
    ],
    [[1001, 7]],
  )
  depth.applyBook(book(6, 4, [['bid', 9.99, 3]], checksum))
  const { proof, bids } = read()
  assert.equal(proof, 'verified')
  assert.deepEqual(bids, [
    { price: 10, size: 5, total: 5 },
    { price: 9.99, size: 3, total: 8 },
  ])
  assert.equal(gaps(), 0)
})

test('a book whose connection was lost is stale until the next book event', () => {
  const { depth, read } = open()
  assert.equal(read().proof, 'verified')
  depth.markStale()
  assert.equal(read().proof, 'stale')
  depth.applySnapshot({ id: 'test-5', instruments: [stateOf('AAA')] })
  assert.equal(read().proof, 'stale', 'a snapshot without the book verifies nothing')
  const checksum = bookChecksum([[1000, 5]], [[1001, 7]])
  const book = { seq: 9, bids: [[10, 5]] as [number, number][], asks: [[10.01, 7]] as [number, number][], checksum }
  depth.applySnapshot({ id: 'test-9', instruments: [stateOf('AAA', { book })] })
  assert.equal(read().proof, 'verified')
})

test('books of other symbols are ignored, and another instrument starts empty', () => {
  const { depth, read, gaps } = open()
  depth.applyBook({ ...book(9, 7, [['bid', 9.99, 3]], 0), symbol: 'BBB' })
  assert.deepEqual([read().proof, gaps()], ['verified', 0])
  depth.open(instrumentOf('BBB'), () => {})
  const { symbol, proof, bids } = read()
  assert.deepEqual({ symbol, proof, bids }, { symbol: 'BBB', proof: 'waiting', bids: [] })
  depth.clear()
  assert.equal(read().symbol, '')
})

test('a snapshot closes a gap', () => {
  const { depth, read } = open()
  depth.applyBook(book(9, 7, [['bid', 9.99, 3]], 0))
  assert.equal(read().proof, 'gap')
  const checksum = bookChecksum([[1000, 5]], [])
  depth.applySnapshot({
    id: 'test-9',
    instruments: [stateOf('AAA', { book: { seq: 9, bids: [[10, 5]], asks: [], checksum } })],
  })
  assert.deepEqual([read().proof, read().seq], ['verified', 9])
})

test('a missed change or a wrong checksum reports a gap, once', () => {
  for (const change of [book(9, 7, [['bid', 9.99, 3]], 0), book(6, 4, [['bid', 9.99, 3]], 1)]) {
    const { depth, read, gaps } = open()
    depth.applyBook(change)
    depth.applyBook({ ...change, seq: change.seq + 1 })
    assert.equal(read().proof, 'gap')
    assert.equal(gaps(), 1)
  }
})

test('a sweep costs the prices of its levels, and is unknown past the end of the book', () => {
  const asks = cumulate([
    [10, 5],
    [11, 5],
  ])
  assert.equal(sweepCost(asks, 5), 50)
  assert.equal(sweepCost(asks, 7), 72)
  assert.equal(sweepCost(asks, 11), undefined)
})

test('one very large level does not make the bars of all others empty', () => {
  assert.equal(fullBarSize([300, 100, 200]), 300)
  assert.equal(fullBarSize([100, 200, 300, 200, 9_000]), 800)
  assert.equal(fullBarSize([]), 1)
})
