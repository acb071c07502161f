// The offset of the server's clock from round trips.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offsetOf } from './clock-offset.ts'

test('the offset is that of the shortest round trip, at its middle', () => {
  const trips = [
    { sentMs: 100, serverMs: 1_180, receivedMs: 200 },
    { sentMs: 300, serverMs: 1_305, receivedMs: 310 },
    { sentMs: 400, serverMs: 1_401, receivedMs: 440 },
  ]
  assert.equal(offsetOf(trips), 1_000)
  assert.equal(offsetOf([]), 0)
})
