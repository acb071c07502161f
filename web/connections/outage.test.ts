// What a loss cost: counted from the events that a server sends to a reader that resumes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import { outageText } from './connection-texts.ts'
import { createOutageRecorder, type FeedOutage } from './outage.ts'

function open() {
  let nowMs = 1_000
  const recorder = createOutageRecorder(() => nowMs)
  const receive = (event: string, data: object, id?: string) =>
    recorder.receive({ event, data } as unknown as FeedEvent | ControlEvent, id)
  const trade = (seq: number) => receive('trade', { seq }, `test-${seq}`)
  return {
    recorder,
    trade,
    quote: (seq: number) => receive('quote', { seq }),
    hello: (head: number) => receive('hello', { head }),
    reset: () => receive('reset', { reason: 'expired' }),
    snapshot: (seq: number) => receive('snapshot', { id: `test-${seq}`, instruments: [] }),
    lose: () => recorder.update({ freshness: 'stale', lastArrivalMs: nowMs }),
    returnAfter(ms: number) {
      nowMs += ms
      recorder.update({ freshness: 'live', lastArrivalMs: nowMs })
    },
  }
}

test('a resumed feed: the events since the last one seen, those that were replayed, once the snapshot is there', () => {
  const feed = open()
  feed.trade(10)
  feed.quote(14)
  feed.lose()
  assert.equal(feed.recorder.latest.get(), null)
  feed.hello(40)
  feed.trade(20)
  feed.returnAfter(12_000)
  feed.trade(33)
  assert.equal(feed.recorder.latest.get(), null, 'not before it has caught up')
  feed.snapshot(44)
  const expected: FeedOutage = { awayMs: 12_000, missed: 30, replayed: 2, isReset: false }
  assert.deepEqual(feed.recorder.latest.get(), expected)
  feed.trade(45)
  feed.snapshot(46)
  assert.deepEqual(feed.recorder.latest.get(), expected, 'what follows is not part of it')
  feed.recorder.dismiss()
  assert.equal(feed.recorder.latest.get(), null)
})

test('a loss over several attempts is one loss', () => {
  const feed = open()
  feed.trade(10)
  feed.lose()
  feed.hello(20)
  feed.trade(15)
  feed.returnAfter(3_000)
  feed.lose()
  feed.hello(50)
  feed.trade(30)
  feed.snapshot(50)
  feed.returnAfter(4_000)
  assert.deepEqual(feed.recorder.latest.get(), { awayMs: 7_000, missed: 40, replayed: 2, isReset: false })
})

test('without a snapshot it has caught up at the head of the log', () => {
  const feed = open()
  feed.trade(10)
  feed.lose()
  feed.hello(12)
  feed.trade(11)
  feed.returnAfter(2_000)
  assert.equal(feed.recorder.latest.get(), null)
  feed.quote(12)
  assert.deepEqual(feed.recorder.latest.get(), { awayMs: 2_000, missed: 2, replayed: 1, isReset: false })
})

test('a reset replays nothing; a kept connection misses nothing; another market has no past', () => {
  const feed = open()
  feed.trade(10)
  feed.lose()
  feed.hello(900)
  feed.reset()
  feed.snapshot(900)
  feed.returnAfter(60_000)
  assert.deepEqual(feed.recorder.latest.get(), { awayMs: 60_000, missed: 890, replayed: 0, isReset: true })
  feed.lose()
  assert.equal(feed.recorder.latest.get(), null, 'a new loss takes the place of the old one')
  feed.trade(901)
  feed.returnAfter(5_000)
  assert.deepEqual(feed.recorder.latest.get(), { awayMs: 5_000, missed: null, replayed: 0, isReset: false })
  feed.lose()
  feed.recorder.clear()
  feed.returnAfter(1_000)
  assert.equal(feed.recorder.latest.get(), null)
})

test('the text says what is known, and no more', () => {
  const text = (change: Partial<FeedOutage>) =>
    outageText({ awayMs: 12_300, missed: 345, replayed: 41, isReset: false, ...change })
  assert.equal(
    text({}),
    'Back after 12 s: 345 events were missed. The 41 trades, halts and news among them were replayed; quotes and books are up to date.',
  )
  assert.match(
    text({ missed: 1, replayed: 1 }),
    /: 1 event was missed\. The trade, halt or news among them was replayed;/,
  )
  assert.match(text({ replayed: 0 }), /: 345 events were missed, all of quotes and books, which are up to date\.$/)
  assert.equal(text({ missed: 0 }), 'Back after 12 s. Nothing was missed.')
  assert.equal(text({ missed: null, awayMs: 400 }), 'Back after 1 s. Nothing was missed.')
  assert.equal(
    text({ missed: 12_345, isReset: true }),
    'Back after 12 s: 12,345 events were missed, too many to replay. Everything is shown anew from a snapshot.',
  )
})
