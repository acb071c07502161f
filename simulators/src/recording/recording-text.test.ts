// The text of a recording, there and back.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry, encodeRecordingHeader, parseEntry, parseRecordingHeader } from './recording-text.ts'
import { encodeHeader, parseHeader } from './tape.ts'
import { isBefore } from './tape-position.ts'

const tape = parseHeader(
  '{"format":"papertape","version":2,"lines":"tape","seed":7,"preset":"mixed","scenarios":[],"symbols":["A"],"startTime":1,"midnightTime":0,"durationMs":9,"orders":null}',
)!

test('a header gives the header of its tape, and nothing else is one', () => {
  const line = encodeRecordingHeader(tape)
  assert.equal(encodeHeader(parseRecordingHeader(line)!), encodeHeader(tape))
  const damaged = [
    line.slice(1),
    encodeHeader(tape),
    line.replace('"version":1', '"version":9'),
    line.replace('"A"]', '"A"'),
  ]
  for (const text of [...damaged, '', 'null']) assert.equal(parseRecordingHeader(text), undefined)
  // Neither is taken for the other.
  assert.equal(parseHeader(line), undefined)
})

test('an entry is read as it was written, and nothing else is one', () => {
  const order = { time: 5, command: { type: 'clock.advance' } } as const
  assert.deepEqual(parseEntry(encodeEntry({ order })), { order })
  for (const text of ['', '{', 'null', '7', '{"other":1}']) assert.equal(parseEntry(text), undefined)
})

test('a position is a number or a moment', () => {
  assert.deepEqual(
    [4, 5, 6].map(seq => isBefore({ seq: 5 }, seq, 0)),
    [true, false, false],
  )
  assert.deepEqual(
    [4999, 5000, 5001].map(ts => isBefore({ time: 5 }, 0, ts)),
    [true, false, false],
  )
})
