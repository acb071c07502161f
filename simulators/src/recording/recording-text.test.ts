// The text of a recording: encoding and parsing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry, encodeRecordingHeader, parseEntry, parseRecordingHeader } from './recording-text.ts'
import { encodeHeader, parseHeader } from './tape.ts'
import { isBefore } from './tape-position.ts'

const tape = parseHeader(
  '{"format":"papertape","version":3,"lines":"tape","seed":7,"preset":"mixed","scenarios":[],"symbols":["A"],"startTime":1,"midnightTime":0,"durationMs":9,"orders":null}',
)!

test('a recording header has the tape header; anything else is refused', () => {
  const line = encodeRecordingHeader(tape)
  assert.equal(encodeHeader(parseRecordingHeader(line)!), encodeHeader(tape))
  const damaged = [
    line.slice(1),
    encodeHeader(tape),
    line.replace('"version":1', '"version":9'),
    line.replace('"A"]', '"A"'),
  ]
  for (const text of [...damaged, '', 'null']) assert.equal(parseRecordingHeader(text), undefined)
  // A recording header is not a tape header.
  assert.equal(parseHeader(line), undefined)
})

test('an entry round-trips; anything else is refused', () => {
  const order = { time: 5, command: { type: 'clock.advance' } } as const
  assert.deepEqual(parseEntry(encodeEntry({ order })), { order })
  for (const text of ['', '{', 'null', '7', '{"other":1}']) assert.equal(parseEntry(text), undefined)
})

test('a position is an event number or a time', () => {
  assert.deepEqual(
    [4, 5, 6].map(seq => isBefore({ seq: 5 }, seq, 0)),
    [true, false, false],
  )
  assert.deepEqual(
    [4999, 5000, 5001].map(ts => isBefore({ time: 5 }, 0, ts)),
    [true, false, false],
  )
})
