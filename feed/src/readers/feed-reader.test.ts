// Readers on wires that are slow when the test says so: their greeting, how they catch up, how one that does not read
// is ended, and that nothing is lost or sent twice.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { BookView, HEARTBEAT_MS, type Snapshot } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { createFeed, dataOf, LAG_MAX_MS, WALL_MS } from '../testing/test-feed.ts'

const upTo = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
const settled = () => new Promise(setImmediate)
/** Pages of the journal arrive one after the other. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries++) await new Promise(resolve => setTimeout(resolve, 2))
}

describe('the greeting', () => {
  test('is hello and a snapshot with its position; live events follow', () => {
    const { open, publish } = createFeed()
    publish(7)
    const { wire } = open()
    assert.deepEqual(
      wire.frames.map(({ event, id }) => [event, id]),
      [
        ['hello', undefined],
        ['snapshot', 'k3f9-7'],
      ],
    )
    publish(2)
    assert.deepEqual(wire.seqs, [8, 9])
  })

  test('without a snapshot is hello alone, under a position', () => {
    const { open, publish } = createFeed()
    publish(7)
    const { wire } = open({ snapshot: false })
    assert.deepEqual(
      wire.frames.map(({ event, id }) => [event, id]),
      [['hello', 'k3f9-7']],
    )
  })

  test('has the parameters of the request and the limits of the service', () => {
    const { open } = createFeed()
    assert.deepEqual(dataOf(open({ symbols: ['PPR'] }).wire.frames[0]), {
      epoch: 'k3f9',
      head: 0,
      oldest: 1,
      serverTime: WALL_MS + 1_000,
      heartbeatMs: HEARTBEAT_MS,
      maxHz: null,
      mode: 'raw',
      symbols: ['PPR'],
      books: ['PPR'],
      limits: { streamsMax: 3, lagMaxMs: LAG_MAX_MS },
    })
    const { maxHz, mode, symbols } = dataOf(open({ maxHz: 5 }).wire.frames[0])
    assert.deepEqual([maxHz, mode, symbols], [5, 'conflated', ['PPR', 'TAPE']])
  })
})

describe('a position', () => {
  const CASES: readonly [name: string, last: string, reason: string][] = [
    ['that is malformed', 'nonsense', 'bad-id'],
    ['of another epoch', 'zzzz-5', 'epoch'],
    ['ahead of the log', 'k3f9-2001', 'ahead'],
    ['older than what is kept', 'k3f9-999', 'expired'],
  ]
  for (const [name, last, reason] of CASES) {
    test(`${name} is answered with one reset and a snapshot; live events follow`, () => {
      const { open, publish } = createFeed({ eventsKept: 1_000 })
      publish(2_000)
      const { wire } = open({ last, snapshot: false })
      assert.deepEqual(wire.names, ['hello', 'reset', 'snapshot'])
      assert.deepEqual(dataOf(wire.frames[1]), { reason, requested: last, epoch: 'k3f9', oldest: 1_001, head: 2_000 })
      assert.deepEqual(
        wire.frames.map(({ id }) => id),
        [undefined, undefined, 'k3f9-2000'],
      )
      publish(1)
      assert.deepEqual(wire.seqs, [2_001])
    })
  }

  test('that is kept is answered with each event after it once, from memory and from the journal', async () => {
    for (const from of [0, 1, 255, 256, 600, 699, 700, 900, 1_000]) {
      const { open, publish } = createFeed({ old: 700 })
      publish(300)
      const { wire } = open({ last: `k3f9-${from}` })
      publish(5)
      await until(() => wire.seqs.at(-1) === 1_005)
      publish(5)
      assert.equal(wire.names[0], 'hello')
      assert.deepEqual(wire.seqs, upTo(from + 1, 1_010), `from ${from}`)
    }
  })

  test('of a filtered reader is answered with the events that it asked for', async () => {
    const { open, publish, written } = createFeed({ old: 300 })
    publish(300)
    const { wire } = open({ last: 'k3f9-10', symbols: ['TAPE'], events: ['trade', 'status'] })
    await settled()
    const expected = written.filter(
      ({ seq, symbol, event }) => seq > 10 && symbol === 'TAPE' && /trade|status/.test(event),
    )
    assert.deepEqual(
      wire.seqs,
      expected.map(({ seq }) => seq),
    )
  })

  test('of a conflated reader is answered with what is never conflated, and a snapshot for the rest', async () => {
    const { open, publish, written } = createFeed({ old: 300 })
    publish(50)
    const { wire } = open({ last: 'k3f9-10', maxHz: 10, snapshot: false })
    await settled()
    const expected = written.filter(({ seq, event }) => seq > 10 && !['quote', 'book'].includes(event))
    assert.deepEqual(
      wire.seqs,
      expected.map(({ seq }) => seq),
    )
    assert.deepEqual([wire.frames.at(-1)!.event, wire.frames.at(-1)!.id], ['snapshot', 'k3f9-350'])
  })

  test('whose page cannot be read ends the stream, and the error is reported', async () => {
    const { open, errors, breakJournal } = createFeed({ old: 300 })
    breakJournal()
    const { wire } = open({ last: 'k3f9-10' })
    await settled()
    assert.deepEqual([wire.ended, errors.length, wire.names], ['failed', 1, ['hello']])
  })
})

describe('a slow wire', () => {
  test('leaves the class, and in raw mode rejoins it without loss', () => {
    const { open, publish } = createFeed()
    const { wire } = open()
    const fast = open().wire
    wire.fillsUp = true
    publish(10)
    publish(500)
    assert.deepEqual(wire.seqs, upTo(1, 10), 'the chunk that filled it is written; nothing after it')
    wire.drain()
    assert.deepEqual(wire.seqs, upTo(1, 10 + 256), 'a page, and it is full again')
    wire.fillsUp = false
    wire.drain()
    publish(1)
    assert.deepEqual(wire.seqs, upTo(1, 511))
    assert.deepEqual(fast.seqs, upTo(1, 511), 'the other reader never waited')
  })

  test('when conflated gets what is never conflated, then each quote and book once, as it is now', () => {
    const { open, publish, written } = createFeed()
    const { wire } = open({ maxHz: 10 })
    wire.fillsUp = true
    publish(10)
    wire.take()
    publish(40)
    wire.fillsUp = false
    wire.drain()
    const isUnconflated = (event: string) => !['quote', 'book'].includes(event)
    const unconflated = written.filter(({ seq, event }) => seq > 10 && isUnconflated(event))
    assert.deepEqual(
      wire.seqs,
      unconflated.map(({ seq }) => seq),
    )
    const newest = (event: string, symbol: string) =>
      written.findLast(one => one.event === event && one.symbol === symbol)!.seq
    const conflated = wire.take().filter(({ event }) => !isUnconflated(event))
    assert.deepEqual(
      conflated.map(frame => [frame.event, dataOf(frame).symbol, dataOf(frame).seq]).sort(),
      ['book', 'quote'].flatMap(event => ['PPR', 'TAPE'].map(symbol => [event, symbol, newest(event, symbol)])),
    )
    publish(5)
    assert.ok(wire.names.includes('trade'), 'it is live again')
  })

  test('when conflated ends with every quote and book as it is, however it stalls', () => {
    const anyMove = fc.oneof(
      { weight: 4, arbitrary: fc.record({ publish: fc.integer({ min: 1, max: 300 }) }) },
      { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: 1, max: 150 }) }) },
      { weight: 3, arbitrary: fc.record({ wire: fc.constantFrom('slow', 'fast', 'drain') }) },
    )
    holds(
      import.meta.filename,
      fc.property(fc.array(anyMove, { maxLength: 25 }), moves => {
        const { open, publish, pass, written, feed } = createFeed()
        const { wire, reader } = open({ maxHz: 10 })
        for (const move of moves) {
          if ('publish' in move) publish(move.publish)
          else if ('passMs' in move) pass(move.passMs)
          else if (move.wire === 'drain') wire.drain()
          else wire.fillsUp = move.wire === 'slow'
        }
        wire.fillsUp = false
        wire.drain()
        pass(200)
        const [, snapshot, ...frames] = wire.take()
        const unconflated = written.filter(({ event }) => !['quote', 'book'].includes(event))
        assert.deepEqual(
          frames.filter(({ id }) => id !== undefined).map(({ id }) => id),
          unconflated.map(({ seq }) => `k3f9-${seq}`),
        )
        for (const { symbol, book } of (dataOf(snapshot) as Snapshot).instruments) {
          const of = (event: string) => frames.filter(one => one.event === event && dataOf(one).symbol === symbol)
          const instrument = feed.view.instrument(symbol)!
          const copy = new BookView(1)
          copy.reset(book!)
          for (const frame of of('book')) assert.notEqual(copy.apply(dataOf(frame)), 'gap')
          assert.deepEqual(
            [copy.seq, copy.bids, copy.asks],
            [instrument.book.seq, instrument.book.bids, instrument.book.asks],
          )
          const quotes = of('quote').map(frame => dataOf(frame).seq)
          assert.equal(quotes.at(-1), instrument.ticker.quote?.seq)
          assert.deepEqual(
            quotes,
            [...quotes].sort((x, y) => x - y),
            'never an older quote after a newer one',
          )
        }
        reader.close()
      }),
      60,
    )
  })

  test('in raw mode loses nothing and sees nothing twice, however it stalls', () => {
    const anyMove = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 400 }) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('slow', 'fast', 'drain') }) },
    )
    holds(
      import.meta.filename,
      fc.property(fc.array(anyMove, { maxLength: 25 }), fc.boolean(), (moves, isFiltered) => {
        const { open, publish, written, feed } = createFeed()
        const { wire, reader } = open(isFiltered ? { symbols: ['TAPE'] } : {})
        for (const move of moves) {
          if (move.do === 'publish') publish((move as { count: number }).count)
          else if (move.do === 'drain') wire.drain()
          else wire.fillsUp = move.do === 'slow'
        }
        wire.fillsUp = false
        wire.drain()
        const expected = written.filter(({ symbol }) => !isFiltered || symbol === 'TAPE')
        assert.deepEqual(
          wire.seqs,
          expected.map(({ seq }) => seq),
        )
        reader.close()
        assert.deepEqual([feed.readers, feed.classes], [0, 0])
      }),
      60,
    )
  })

  test('that takes nothing for too long is sent `lagging` and ended; nothing follows', () => {
    const { open, publish, pass } = createFeed()
    const { wire, reader } = open()
    wire.fillsUp = true
    publish(1)
    pass(LAG_MAX_MS - 1)
    assert.equal(wire.ended, false)
    pass(1)
    assert.equal(wire.ended, 'lagging')
    assert.deepEqual(dataOf(wire.frames.at(-1)), { ageMs: LAG_MAX_MS, folded: 0, maxHz: null })
    assert.equal(wire.names.at(-1), 'lagging')
    publish(5)
    wire.drain()
    pass(LAG_MAX_MS)
    reader.close()
  })

  test('when conflated is sent how many quotes and books it has missed', () => {
    const { open, publish, pass, written } = createFeed()
    const { wire } = open({ maxHz: 10 })
    wire.fillsUp = true
    publish(10)
    publish(400)
    pass(LAG_MAX_MS)
    const sent = wire.frames.filter(({ event }) => event === 'quote' || event === 'book').map(frame => dataOf(frame))
    const conflatable = written.filter(({ event }) => event === 'quote' || event === 'book').length
    const received = sent.reduce((sum, { folded }) => sum + folded, 0)
    assert.deepEqual(dataOf(wire.frames.at(-1)), { ageMs: LAG_MAX_MS, folded: conflatable - received, maxHz: 10 })
  })

  test('that is full already is written nothing, and goes on from before it', () => {
    const { open, publish, written } = createFeed()
    for (const maxHz of [null, 10]) {
      const { wire, reader } = open({ maxHz })
      const from = written.length
      wire.take()
      wire.isFull = true
      publish(20)
      publish(20)
      assert.deepEqual(wire.frames, [], 'nothing piles up')
      wire.drain()
      const unconflated = written
        .slice(from)
        .filter(({ event }) => maxHz === null || !['quote', 'book'].includes(event))
      assert.deepEqual(
        wire.seqs,
        unconflated.map(({ seq }) => seq),
      )
      reader.close()
    }
  })

  test('that takes a little at a time is not ended while it is conflated', () => {
    const { open, publish, pass } = createFeed()
    const { wire } = open({ maxHz: 10 })
    wire.fillsUp = true
    publish(1)
    publish(256 * 5)
    for (let i = 0; i < 4; i++) {
      pass(LAG_MAX_MS - 1)
      wire.drain()
    }
    assert.equal(wire.ended, false)
  })

  test('that has gone is not written to, also when a page was being fetched', async () => {
    const { open, publish } = createFeed({ old: 300 })
    const { wire, reader } = open({ last: 'k3f9-10' })
    reader.close()
    reader.close()
    wire.ended = 'drain'
    await settled()
    publish(3)
    assert.deepEqual(wire.names, ['hello'])
  })
})

describe('a slow peer', () => {
  test('has room after each burst, and gets each quote and book no more often than it asked for', () => {
    const { open, publish, pass, clock } = createFeed()
    const { wire } = open({ events: ['quote', 'book'], maxHz: 10, snapshot: false })
    wire.take()
    wire.isSlow = true
    wire.fillsUp = true
    const sent = new Map<string, number[]>()
    for (let n = 0; n < 400; n++) {
      publish(5)
      for (const { event, data } of wire.take()) {
        const key = `${event} ${JSON.parse(data).symbol}`
        sent.set(key, [...(sent.get(key) ?? []), clock.nowMs()])
      }
      // It takes each burst within 5 ms.
      wire.drain()
      pass(5)
    }
    assert.equal(sent.size, 4)
    for (const [key, times] of sent) {
      assert.ok(times.length >= 12 && times.length <= 21, `${key}: ${times.length} times in two seconds`)
    }
  })
})

describe('in turns of the event loop', () => {
  const anyMove = fc.oneof(
    { weight: 5, arbitrary: fc.record({ publish: fc.integer({ min: 1, max: 300 }) }) },
    { weight: 4, arbitrary: fc.constant('turn' as const) },
    { weight: 3, arbitrary: fc.record({ open: fc.constantFrom('fresh', 'head', 'old') }) },
    { weight: 2, arbitrary: fc.record({ slow: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ drain: fc.nat(4) }) },
  )

  test('a reader that joins between an event and its sending has every event after its position once, and none before', () => {
    holds(
      import.meta.filename,
      fc.property(fc.array(anyMove, { maxLength: 40 }), moves => {
        const { open, publish, turn, written, log, isIdle: _, ...hub } = createFeed({ hasTurns: true })
        const readers: { wire: ReturnType<typeof open>['wire']; after: number }[] = []
        for (const move of moves) {
          if (move === 'turn') turn()
          else if ('publish' in move) publish(move.publish)
          else if ('open' in move) {
            const after = move.open === 'old' ? Math.floor(log.head / 2) : log.head
            readers.push({ wire: open(move.open === 'fresh' ? {} : { last: `k3f9-${after}` }).wire, after })
          } else if ('slow' in move) {
            const reader = readers[move.slow]
            if (reader !== undefined) reader.wire.fillsUp = !reader.wire.fillsUp
          } else readers[move.drain]?.wire.drain()
        }
        for (const { wire } of readers) {
          wire.fillsUp = false
          wire.drain()
        }
        for (let turns = 0; turns < 500; turns++) turn()
        for (const { wire, after } of readers) {
          assert.deepEqual(wire.seqs, upTo(after + 1, written.length))
        }
        hub.feed.close(() => 0)
      }),
      60,
    )
  })

  test('publish calls back when every reader that keeps up has the batch', () => {
    const { open, feed, publish, turn, written } = createFeed({ hasTurns: true })
    const { wire } = open()
    const slow = open().wire
    slow.fillsUp = true
    publish(3)
    let isPublished = false
    feed.publish([{ ...written.at(-1)!, seq: 4 }], () => {
      isPublished = true
      assert.deepEqual(wire.seqs, [1, 2, 3, 4])
    })
    assert.deepEqual([isPublished, wire.seqs, feed.log.head], [false, [], 4], 'the log has it at once')
    for (let turns = 0; turns < 10; turns++) turn()
    assert.equal(isPublished, true)
    feed.close(() => 0)
  })
})
