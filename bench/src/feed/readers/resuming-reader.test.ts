// Counting of ids in a stream that arrives in pieces.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IdCounter } from './resuming-reader.ts'

const event = (seq: number) => `id: k3f9-${seq}\nevent: quote\ndata: {"seq":${seq},"ts":1700000000000000}\n\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
const stream = (...seqs: number[]) =>
  Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${chunk('event: hello\ndata: {}\n\n')}${seqs.map(event).map(chunk).join('')}`)

function count(bytes: Buffer, pieceBytes: number) {
  const ids = new IdCounter(6)
  for (let at = 0; at < bytes.length; at += pieceBytes) ids.push(bytes.subarray(at, at + pieceBytes))
  return [ids.last, ids.isWhole]
}

test('whatever the pieces, each id is counted once', () => {
  for (const pieceBytes of [1, 2, 7, 64, 100_000]) {
    assert.deepEqual(count(stream(7, 8, 9, 10, 11), pieceBytes), [11, true], `${pieceBytes}`)
  }
})

test('a missing and a repeated event are seen', () => {
  for (const pieceBytes of [3, 100_000]) {
    assert.deepEqual(count(stream(7, 9, 10), pieceBytes), [10, false])
    assert.deepEqual(count(stream(7, 8, 8, 9), pieceBytes), [9, false])
  }
})

test('nothing is known before an id has arrived to its end', () => {
  const ids = new IdCounter(6)
  const bytes = stream(17)
  const cut = bytes.indexOf('k3f9-17') + 'k3f9-1'.length
  ids.push(bytes.subarray(0, cut))
  assert.equal(ids.last, 6)
  ids.push(bytes.subarray(cut))
  assert.equal(ids.last, 17)
})
