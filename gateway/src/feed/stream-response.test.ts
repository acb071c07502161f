// The pieces of a chunk on a slow link.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutEvenly, pieceCount } from './stream-response.ts'

test('pieces of a chunk are the chunk, and none has more bytes than a segment carries', () => {
  for (const length of [1, 1_399, 1_400, 1_401, 50_000]) {
    const bytes = Uint8Array.from({ length }, (_, n) => n % 251)
    const pieces = cutEvenly(bytes, pieceCount(length))
    assert.deepEqual(Uint8Array.from(pieces.flatMap(piece => [...piece])), bytes)
    assert.ok(pieces.every(piece => piece.length > 0 && piece.length <= 1_400))
  }
})
