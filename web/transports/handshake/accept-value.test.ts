// The accept value: the pair of the RFC, the misprinted pair, keys that are none.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { acceptSteps, keyProblem, PRINTED_PAIRS, randomKey } from './accept-value.ts'

test('is the one that RFC 6455 prints for its key, step by step', async () => {
  assert.deepEqual(await acceptSteps('dGhlIHNhbXBsZSBub25jZQ==', crypto.subtle), {
    keyBytes: '74 68 65 20 73 61 6d 70 6c 65 20 6e 6f 6e 63 65',
    hashed: 'dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11',
    sha1: 'b3 7a 4f 2c c0 62 4f 16 90 f6 46 06 cf 38 59 45 b2 be c4 ea',
    accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  })
})

test('holds for every printed pair without a note, and for none with one', async () => {
  for (const pair of PRINTED_PAIRS) {
    const { accept } = await acceptSteps(pair.key, crypto.subtle)
    assert.equal(accept === pair.accept, !('note' in pair), pair.source)
  }
})

test('of a random key is the one that another implementation computes', async () => {
  const key = randomKey()
  assert.equal(keyProblem(key), undefined)
  const { hashed, accept } = await acceptSteps(key, crypto.subtle)
  assert.equal(accept, createHash('sha1').update(hashed).digest('base64'))
})

test('a key that is none is described by what is wrong with it', () => {
  assert.match(keyProblem('') ?? '', /24 characters. This one has 0/)
  assert.match(keyProblem('dGhlIHNhbXBsZSBub25jZQ=') ?? '', /This one has 23/)
  assert.match(keyProblem('dGhlIHNhbXBsZSBub25j Q==') ?? '', /“ ” is not a character/)
  assert.match(keyProblem('dGhlIHNhbXBsZSBub2😀jZQ==') ?? '', /“😀” is not a character/)
  assert.match(keyProblem('dGhlIHNhbXBsZSBub25jZQQ=') ?? '', /ends with ==/)
  assert.match(keyProblem('dGhlIHNhbXBsZSBub25jZR==') ?? '', /A, Q, g or w/)
})
