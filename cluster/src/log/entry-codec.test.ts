// An entry as bytes: both parts come back as they were, and a gateway reads its own without the other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePublished, decodeVenuePart, encodeLogEntry, type PublishedPart, type VenuePart } from './entry-codec.ts'

const published: PublishedPart = {
  term: 3,
  time: 1_767_623_400_000,
  committed: 41,
  events: [{ seq: 7, event: 'trade', symbol: 'VELTR', data: '{"price":10.5,"text":"ü"}' }],
  privateEvents: [{ accountId: 'ann', seq: 2, data: '{}', origin: { gateway: 'a', number: 9 } }],
  answers: [{ origin: { gateway: 'a', number: 9 }, answer: { type: 'done' } }],
}
const venue: VenuePart = {
  commands: [{ number: 5, stamp: { ts: 1, time: 2 }, command: { type: 'clock.advance' } }],
  sourceChanges: { agents: { 3: [1, 2] } },
}

test('an entry comes back as it was', () => {
  const data = encodeLogEntry(published, venue)
  assert.deepEqual([decodePublished(data), decodeVenuePart(data)], [published, venue])
})

test('what is published is read where the rest is damaged, and from the middle of a buffer', () => {
  const data = encodeLogEntry(published, venue)
  const within = Buffer.concat([Buffer.alloc(3), data.subarray(0, data.length - 5), Buffer.alloc(5)]).subarray(3)
  assert.deepEqual(decodePublished(within), published)
  assert.throws(() => decodeVenuePart(within))
})
