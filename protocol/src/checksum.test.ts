// The checksum of a book against the contract's example, CRC-32's published check value, and zlib.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { bookChecksum, crc32, crc32Bytes } from './checksum.ts'
import { holds } from './testing/seeded-property.ts'

const anyAscii = fc.string({ unit: 'binary-ascii' })
const anyLevel = fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
const anySide = fc.array(anyLevel, { maxLength: 14, size: 'max' })

test("CRC-32's check value", () => {
  assert.equal(crc32('123456789'), 3_421_780_262)
  assert.equal(crc32(''), 0)
})

test("the contract's example", () => {
  const bids = [[58_533, 18] as const, [58_530, 150] as const]
  const asks = [[58_534, 200] as const, [58_591, 18] as const]
  assert.equal(bookChecksum(bids, asks), crc32('58534:200,58591:18|58533:18,58530:150'))
  assert.equal(bookChecksum(bids, asks), 3_973_915_048)
})

test('equals that of zlib, of text and of bytes, in one part and in two', () => {
  holds(
    import.meta.filename,
    fc.property(anyAscii, fc.nat(), (text, nat) => {
      const bytes = new TextEncoder().encode(text)
      const expected = zlibCrc32(bytes)
      assert.equal(crc32(text), expected)
      assert.equal(crc32Bytes(bytes, bytes.length), expected)
      const cut = nat % (bytes.length + 1)
      const first = crc32Bytes(bytes, cut)
      assert.equal(crc32Bytes(bytes.subarray(cut), bytes.length - cut, first), expected)
    }),
  )
})

test('covers the top ten levels of each side, and nothing below', () => {
  holds(
    import.meta.filename,
    fc.property(anySide, anySide, fc.nat(), (bids, asks, nat) => {
      const whole = bookChecksum(bids, asks)
      assert.equal(bookChecksum(bids.slice(0, 10), asks.slice(0, 10)), whole)
      if (bids.length === 0) return
      const at = nat % bids.length
      const changed = bids.map(([ticks, size], i) => [ticks, i === at ? size + 1 : size] as const)
      // CRC-32 detects any difference within four bytes between texts of the same length.
      assert.equal(bookChecksum(changed, asks) === whole, at >= 10, `level ${at}`)
    }),
  )
})

test('differs when the sides are swapped; an empty book has one too', () => {
  assert.notEqual(bookChecksum([[100, 5]], []), bookChecksum([], [[100, 5]]))
  assert.equal(bookChecksum([], []), crc32('|'))
})
