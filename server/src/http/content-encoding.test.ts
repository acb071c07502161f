// The encoding that a reader accepts, and bytes that it can decode.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { chooseEncoding, compress } from './content-encoding.ts'

describe('the content encoding', () => {
  for (const [accepted, encoding] of [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0', undefined],
    ['zstd', undefined],
  ] as const) {
    test(`for Accept-Encoding ${JSON.stringify(accepted)} is ${encoding ?? 'none'}`, () => {
      assert.equal(chooseEncoding(accepted), encoding)
    })
  }

  test('is decoded to the same bytes', async () => {
    const bytes = Buffer.from('a page of text, '.repeat(500))
    const [br, gzip] = await Promise.all([compress(bytes, 'br'), compress(bytes, 'gzip')])
    assert.deepEqual([brotliDecompressSync(br), gunzipSync(gzip)], [bytes, bytes])
    assert.ok(br.length < bytes.length / 10 && gzip.length < bytes.length / 10)
  })
})
