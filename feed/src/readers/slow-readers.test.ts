// Readers that were live and do not keep up: when a raw one is ended, and what a conflated one is spared, step by step.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createFeed, dataOf, LAG_MAX_MS } from '../testing/test-feed.ts'

const upTo = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)

describe('a raw reader', () => {
  test('that takes nothing is ended when the oldest event that it was not sent is 5 s old, and resumes from there', () => {
    const { open, publish, pass, feed } = createFeed()
    const { wire } = open()
    wire.fillsUp = true
    publish(1)
    pass(2_000)
    assert.equal(feed.measures.read().slowReaders.raw, 1)
    publish(3)
    pass(4_900)
    assert.equal(wire.ended, false)
    pass(600)
    assert.equal(wire.ended, 'lagging')
    const { ageMs, folded, maxHz } = dataOf(wire.frames.at(-1))
    assert.ok(ageMs >= 5_000 && ageMs <= 5_500, `${ageMs} ms`)
    assert.deepEqual([folded, maxHz], [0, null])
    const { slowReaders, slowSteps } = feed.measures.read()
    assert.deepEqual([slowReaders.raw, slowSteps.raw, slowSteps.end], [0, 1, 1])
    const { wire: next } = open({ last: `k3f9-${wire.seqs.at(-1)}` })
    assert.deepEqual([wire.seqs, next.seqs], [[1], [2, 3, 4]])
  })

  test('that takes nothing is ended within a second or so when more than a mebibyte waits for it', () => {
    const { open, publish, pass } = createFeed()
    const { wire } = open()
    wire.fillsUp = true
    publish(1)
    for (let n = 0; n < 10; n++) publish(1_000)
    pass(1_000)
    publish(1)
    pass(500)
    assert.equal(wire.ended, 'lagging')
    assert.ok(dataOf(wire.frames.at(-1)).ageMs >= 1_000)
  })

  test('that reads a burst of some mebibytes within a second is not ended', () => {
    const { open, publish, pass } = createFeed()
    const { wire } = open()
    wire.fillsUp = true
    publish(1)
    for (let n = 0; n < 20; n++) publish(1_000)
    while (wire.seqs.length < 20_001 && wire.ended === false) {
      pass(5)
      wire.drain()
    }
    assert.deepEqual([wire.ended, wire.seqs], [false, upTo(1, 20_001)])
  })

  test('that reads on ever older is ended, although it takes a page now and then', () => {
    const { open, publish, pass } = createFeed()
    const { wire } = open()
    wire.fillsUp = true
    publish(600)
    let seconds = 0
    for (; wire.ended === false; seconds++) {
      assert.ok(seconds < 60)
      publish(400)
      pass(1_000)
      wire.drain()
    }
    assert.ok(seconds > 5, `${seconds} s`)
    assert.ok(dataOf(wire.frames.at(-1)).ageMs >= 5_000)
    assert.deepEqual(wire.seqs, upTo(1, wire.seqs.length))
  })

  for (const [published, ends] of [
    [200, false],
    [300, true],
  ] as const) {
    const name = ends ? 'is ended when it falls further behind' : 'has the time that it takes'
    test(`that replays the past ${name}`, async () => {
      const { open, publish, pass } = createFeed({ old: 20_000 })
      const { wire } = open({ last: 'k3f9-0' })
      wire.fillsUp = true
      for (let n = 0; n < 60 && wire.ended === false; n++) {
        // A page of the journal.
        await new Promise(setImmediate)
        publish(published)
        pass(1_000)
        wire.drain()
      }
      assert.deepEqual([wire.ended, wire.seqs], [ends && 'lagging', upTo(1, wire.seqs.length)])
      assert.equal(wire.seqs.length > 10_000, !ends)
    })
  }
})

describe('a conflated reader whose peer is slow', () => {
  /** Takes one burst in so long; the market goes on. */
  function readSlowly(burstMs: number, seconds: number, hub = createFeed(), opened = hub.open({ maxHz: 10 })) {
    const { wire } = opened
    wire.isSlow = true
    wire.fillsUp = true
    const at = new Map<string, number[]>()
    for (let ms = 0; ms < seconds * 1_000; ms += 10) {
      hub.publish(5)
      hub.pass(10)
      if (ms % burstMs === 0) wire.drain()
      for (const { event, data } of wire.take()) {
        const key = event === 'lagging' ? event : `${event} ${JSON.parse(data).symbol}`
        at.set(key, [...(at.get(key) ?? []), ...(event === 'lagging' ? [JSON.parse(data)] : [ms])])
      }
    }
    return { hub, opened, at }
  }

  test('goes down the ladder: each step is notified of once, counted, and never an end', () => {
    const { hub, opened, at } = readSlowly(2_000, 20)
    const notices = at.get('lagging') as unknown as { maxHz: number; folded: number; ageMs: number }[]
    assert.deepEqual(
      notices.map(({ maxHz }) => maxHz),
      [5, 2.5, 2.5, 2.5, 1.25],
    )
    for (const { folded, ageMs } of notices) assert.ok(folded > 0 && ageMs > 0 && ageMs < 20_000)
    assert.equal(opened.wire.ended, false)
    const { slowReaders, slowSteps } = hub.feed.measures.read()
    assert.deepEqual(slowReaders, { raw: 0, conflate: 0, rate: 0, book: 0, lagging: 1 })
    assert.deepEqual(slowSteps, { raw: 0, conflate: 1, rate: 1, book: 1, lagging: 1, end: 0 })
    opened.reader.close()
    assert.equal(hub.feed.measures.read().slowReaders.lagging, 0)
  })

  test('that takes more again goes up, and is live once its peer is not slow any more', () => {
    const { hub, opened } = readSlowly(2_000, 20)
    readSlowly(10, 100, hub, opened)
    assert.equal(hub.feed.measures.read().slowReaders.conflate, 1)
    opened.wire.isSlow = false
    opened.wire.fillsUp = false
    opened.wire.drain()
    hub.pass(100)
    const { slowReaders } = hub.feed.measures.read()
    assert.equal(
      Object.values(slowReaders).reduce((sum, count) => sum + count),
      0,
    )
  })

  test('that takes nothing is ended after the time that a reader has', () => {
    const { hub, opened } = readSlowly(2_000, 20)
    hub.pass(LAG_MAX_MS + 2_000)
    assert.equal(opened.wire.ended, 'lagging')
    assert.equal(hub.feed.measures.read().slowSteps.end, 1)
  })

  test('says that it stays slow while it is written less than there is', () => {
    const hub = createFeed()
    const opened = hub.open({ maxHz: 10 })
    let stays = 0
    Object.assign(opened.wire, { staySlow: () => stays++ })
    readSlowly(2_000, 20, hub, opened)
    assert.ok(stays > 5)
  })
})
