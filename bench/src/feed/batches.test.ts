// Recording of batches from a stream, and what of them a peer is sent, and when.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchRecorder, createFrameReader, encodeEvents, frameBatch, parseEvents, stampEvents } from './batches.ts'

const quote = (seq: number) => `id: e-${seq}\nevent: quote\ndata: {"seq":${seq},"ts":1700000000000000,"bid":1}\n\n`
const HELLO = 'retry: 4000\n\nid: e-0\nevent: hello\ndata: {"head":0}\n\n'

function record(pieces: readonly (readonly [number, string])[]) {
  const recorder = new BatchRecorder()
  for (const [atMs, text] of pieces) recorder.push(text, atMs)
  return recorder.batches
}

test('a batch is what came in one piece', () => {
  const batches = record([
    [10, quote(1) + quote(2)],
    [12, quote(3)],
  ])
  assert.deepEqual(
    batches.map(({ atMs, events }) => [atMs, events.map(({ id }) => id)]),
    [
      [10, ['e-1', 'e-2']],
      [12, ['e-3']],
    ],
  )
})

test('a batch that came in two pieces has the time of the first', () => {
  const text = quote(1) + quote(2)
  const batches = record([
    [10, text.slice(0, 30)],
    [11, text.slice(30)],
  ])
  assert.deepEqual(
    batches.map(({ atMs, events }) => [atMs, events.length]),
    [[10, 2]],
  )
})

test('what is about the stream itself is not recorded', () => {
  assert.deepEqual(record([[0, HELLO]]), [])
  assert.equal(parseEvents(HELLO + quote(1)).length, 1)
})

test('ts becomes the time of the publication, and nothing else changes', () => {
  const [batch] = record([[0, quote(7)]])
  assert.equal(encodeEvents(stampEvents(batch!, 1_800_000_000_000_001)), quote(7).replace(/17\d+/, '1800000000000001'))
})

test('what was sent without an id is sent without one', () => {
  const text = quote(7).replace(/^id: .*\n/, '')
  assert.equal(encodeEvents(parseEvents(text)), text)
})

test('frames are read in whatever pieces they arrive', () => {
  const bytes = Buffer.concat([frameBatch(parseEvents(quote(1))), frameBatch(parseEvents(quote(2) + quote(3)))])
  for (const size of [1, 3, 50, bytes.length]) {
    const read: string[] = []
    const push = createFrameReader(text => read.push(text))
    for (let start = 0; start < bytes.length; start += size) push(bytes.subarray(start, start + size))
    assert.deepEqual(read, [quote(1), quote(2) + quote(3)])
  }
})
