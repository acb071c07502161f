// A class on a manual clock: heartbeats for readers without events, conflated quotes and books that leave when they are
// due, and chunks that gather what comes soon after one another.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BookView, HEARTBEAT_MS, type Snapshot } from '@papertape/protocol'
import { createFeed, dataOf, WALL_MS } from '../testing/test-feed.ts'

describe('a heartbeat', () => {
  test('comes after 15 s without a frame that carries an id, under the head', () => {
    assert.equal(HEARTBEAT_MS, 15_000)
    const { open, publish, pass, log } = createFeed()
    const { wire } = open({ symbols: ['TAPE'], events: ['quote'], maxHz: 10, snapshot: false })
    wire.take()
    pass(HEARTBEAT_MS - 1)
    assert.deepEqual(wire.names, [])
    publish(31)
    pass(1)
    const heartbeat = wire.frames.find(({ event }) => event === 'heartbeat')
    assert.equal(heartbeat?.id, `k3f9-${log.head}`, 'conflated quotes carry no id and delay no heartbeat')
    assert.deepEqual(dataOf(heartbeat), { head: 31, serverTime: WALL_MS + 1_000 + HEARTBEAT_MS })
    pass(HEARTBEAT_MS)
    assert.equal(wire.names.filter(name => name === 'heartbeat').length, 2)
  })

  test('is delayed by each frame that carries an id', () => {
    const { open, publish, pass } = createFeed()
    const { wire } = open()
    for (let i = 0; i < 4; i++) {
      pass(HEARTBEAT_MS - 1_000)
      publish(1)
    }
    assert.ok(!wire.names.includes('heartbeat'))
    pass(HEARTBEAT_MS - 1)
    assert.ok(!wire.names.includes('heartbeat'))
    pass(1)
    assert.ok(wire.names.includes('heartbeat'))
  })
})

describe('a conflated class', () => {
  test('sends what it conflates when it is due, as the newest state', () => {
    const { open, publish, pass, written } = createFeed()
    const { wire } = open({ symbols: ['PPR'], events: ['quote'], maxHz: 10, snapshot: false })
    wire.take()
    const quotes = () => written.filter(({ event, symbol }) => event === 'quote' && symbol === 'PPR')
    publish(30)
    const first = dataOf(wire.take()[0])
    const before = quotes().length
    assert.deepEqual([first.seq, first.folded], [quotes().at(-1)!.seq, before], 'at once, as it is after the batch')
    publish(30)
    pass(99)
    assert.equal(wire.frames.length, 0)
    pass(2)
    const { seq, folded } = dataOf(wire.frames[0])
    assert.deepEqual([seq, folded], [quotes().at(-1)!.seq, quotes().length - before])
  })

  test('keeps the book of a reader right that joins while books wait to be merged', () => {
    const { open, publish, pass, feed } = createFeed()
    open({ events: ['book'], maxHz: 1 })
    publish(20)
    pass(10)
    publish(20)
    const { wire } = open({ events: ['book'], maxHz: 1 })
    assert.equal(feed.classes, 1)
    publish(20)
    pass(2_000)
    const [, snapshot, ...books] = wire.frames
    for (const { symbol, book } of (dataOf(snapshot) as Snapshot).instruments) {
      const copy = new BookView(1)
      copy.reset(book!)
      const own = books.map(dataOf).filter(data => data.symbol === symbol)
      for (const data of own) assert.notEqual(copy.apply(data), 'gap')
      assert.deepEqual(copy.snapshot(), feed.view.instrument(symbol)!.book.snapshot())
    }
  })
})

describe('the pace of a class', () => {
  test('sends what comes after a pause at once, and what comes soon after it together', () => {
    const { open, publish, pass } = createFeed({ chunkGapMs: 10 })
    const { wire } = open()
    wire.take()
    publish(1)
    assert.deepEqual([wire.take().length, wire.writes], [1, 3], 'the greeting, the snapshot, and the event')
    publish(1)
    pass(4)
    publish(2)
    pass(5)
    assert.equal(wire.frames.length, 0)
    pass(1)
    assert.deepEqual([wire.take().length, wire.writes], [3, 4])
    pass(10)
    publish(1)
    assert.deepEqual([wire.take().length, wire.writes], [1, 5])
  })

  test('takes half of the thread at most, but for what comes soon after a pause', () => {
    const { open, publish, pass, clock } = createFeed({ chunkGapMs: 10 })
    const { wire } = open()
    wire.take()
    const startMs = clock.nowMs()
    const writtenAt: number[] = []
    // Writing takes 30 ms.
    wire.onWrite = () => {
      writtenAt.push(clock.nowMs() - startMs)
      pass(30)
    }
    while (clock.nowMs() < startMs + 1_000) {
      publish(1)
      pass(1)
    }
    assert.ok(writtenAt[1]! <= 41, `the second comes soon: ${writtenAt.join()}`)
    const writtenMs = writtenAt.length * 30
    assert.ok(writtenMs >= 450 && writtenMs <= 560, `writes for ${writtenMs} ms of a second`)
  })

  test('sends what is due also while there is always something to gather, to however many readers', () => {
    for (const readers of [1, 32, 33, 40]) {
      const { open, feed, pass, log, clock } = createFeed({ chunkGapMs: 10, streamsMax: readers })
      const wires = Array.from({ length: readers }, () => open({ events: ['trade', 'quote'], maxHz: 10 }).wire)
      const publishOne = (event: 'trade' | 'quote', symbol: string) => {
        const seq = log.head + 1
        const data = JSON.stringify({ seq, ts: seq, time: seq, symbol, price: 10, size: 1 })
        feed.publish([{ seq, event, symbol, data }])
      }
      publishOne('quote', 'PPR')
      pass(15)
      publishOne('quote', 'PPR')
      for (const wire of wires) wire.take()
      const sinceMs = clock.nowMs()
      while (!wires[readers - 1]!.names.includes('quote')) {
        assert.ok(clock.nowMs() - sinceMs < 200, `${readers} readers`)
        publishOne('trade', 'TAPE')
        pass(5)
      }
      assert.ok(wires.every(({ names }) => names.includes('quote')))
    }
  })

  test('keeps the gap when others have the thread while it writes', () => {
    const { open, publish, turn, clock } = createFeed({ chunkGapMs: 10, hasTurns: true })
    const { wire } = open()
    wire.take()
    wire.onWrite = () => clock.pass(6)
    const writtenAt: number[] = []
    const endMs = clock.nowMs() + 1_000
    for (let writes = wire.writes; clock.nowMs() < endMs; writes = wire.writes) {
      publish(1)
      turn()
      if (wire.writes > writes) writtenAt.push(clock.nowMs())
      clock.pass(1)
    }
    const gaps = writtenAt.slice(1).map((atMs, n) => atMs - writtenAt[n]!)
    assert.ok(Math.min(...gaps) >= 10, `${gaps.join()}`)
    // Each takes 12 ms with its gap, once the allowance is used up.
    assert.ok(gaps.length > 60 && gaps.length < 90, `${gaps.length} gaps`)
  })

  test('that is behind by a whole chunk gathers no more, and the venue waits for it', () => {
    const { open, feed, publish, turn, clock } = createFeed({ chunkGapMs: 10, hasTurns: true })
    const { wire } = open()
    publish(1)
    while (!wire.names.includes('quote') && wire.seqs.length === 0) turn()
    // Within the gap.
    publish(3_000)
    let isPublished = false
    feed.publish([], () => {
      isPublished = true
    })
    for (let turns = 0; turns < 3 && !isPublished; turns++) turn()
    assert.ok(wire.seqs.length >= 2_048, `${wire.seqs.length} events`)
    clock.pass(20)
    for (let turns = 0; turns < 3; turns++) turn()
    assert.deepEqual([wire.seqs.length, isPublished], [3_001, true])
    feed.close(() => 0)
  })

  test('does not wait as long again as the process was stopped', () => {
    const { open, publish, pass } = createFeed({ chunkGapMs: 10 })
    const { wire } = open()
    wire.onWrite = () => pass(5_000)
    publish(1)
    wire.onWrite = () => {}
    wire.take()
    publish(1)
    pass(250)
    assert.equal(wire.frames.length, 1)
  })

  test('does not hold up the venue while nothing is to be written', () => {
    const { open, feed, publish, log } = createFeed({ chunkGapMs: 10 })
    const { wire } = open()
    publish(1)
    wire.take()
    publish(1)
    let isPublished = false
    feed.publish([], () => {
      isPublished = true
    })
    assert.ok(isPublished)
    const { wire: late } = open()
    assert.deepEqual(wire.seqs, [log.head], 'a reader that joins has those before it sent what was gathered')
    assert.equal(late.frames[1]?.id, `k3f9-${log.head}`)
  })
})

describe('readers beyond those of one class', () => {
  test('are sent what is new when their turn comes, each event once', () => {
    const { open, publish, turn, feed } = createFeed({ hasTurns: true, classReadersMax: 1 })
    const wires = [open(), open(), open()].map(({ wire }) => wire)
    assert.equal(feed.classes, 3)
    for (const wire of wires) wire.take()
    const before = wires.map(({ writes }) => writes)
    wires[0]!.onWrite = () => {
      wires[0]!.onWrite = () => {}
      publish(1)
    }
    publish(1)
    for (let turns = 0; turns < 10; turns++) turn()
    assert.deepEqual(
      wires.map(({ writes }, n) => writes - before[n]!),
      [2, 1, 1],
    )
    for (const { seqs } of wires) assert.deepEqual(seqs, [1, 2])
  })

  test('take half of the thread together, but for what comes soon after a pause', () => {
    const { open, publish, pass, clock } = createFeed({ chunkGapMs: 10, classReadersMax: 1 })
    const wires = [open(), open(), open()].map(({ wire }) => wire)
    const startMs = clock.nowMs()
    let writtenMs = 0
    for (const wire of wires) {
      wire.onWrite = () => {
        writtenMs += 5
        pass(5)
      }
    }
    while (clock.nowMs() < startMs + 1_000) {
      publish(1)
      pass(1)
    }
    // Each may owe as much as one alone.
    assert.ok(writtenMs >= 450 && writtenMs <= 600, `writes for ${writtenMs} ms of a second`)
  })

  test('leave without holding up the others', () => {
    const { open, publish, turn, feed } = createFeed({ hasTurns: true, classReadersMax: 1 })
    const readers = [open(), open(), open()]
    for (const { wire } of readers) wire.take()
    publish(1)
    // It has the turn, and the others wait for it.
    readers[0]!.reader.close()
    let isPublished = false
    feed.publish([], () => {
      isPublished = true
    })
    for (let turns = 0; turns < 10 && !isPublished; turns++) turn()
    assert.deepEqual(
      readers.map(({ wire }) => wire.seqs),
      [[], [1], [1]],
    )
    assert.ok(isPublished)
    for (const { reader } of readers.slice(1)) reader.close()
    assert.equal(feed.classes, 0)
  })
})
