// The sizes of frame heads at the borders that the RFCs set.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkHeadBytes, webSocketHeadBytes } from './frame-heads.ts'

test('a WebSocket head has 2, 4 or 10 bytes, and 4 more with a mask', () => {
  const sizes = [0, 125, 126, 65_535, 65_536]
  assert.deepEqual(
    sizes.map(size => webSocketHeadBytes(size, false)),
    [2, 2, 4, 4, 10],
  )
  assert.deepEqual(
    sizes.map(size => webSocketHeadBytes(size, true)),
    [6, 6, 8, 8, 14],
  )
})

test('a chunk of HTTP/1.1 has its size in hexadecimal and two line ends', () => {
  for (const size of [1, 15, 16, 255, 256]) {
    const chunk = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`
    assert.equal(chunkHeadBytes(size), chunk.length - size)
  }
})
