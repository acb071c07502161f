// Frames of a connection for its subscribers: kept ones first, none read without need, no token shown.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TappedFrame } from '@papertape/client'
import { createFrameSource } from './frame-source.ts'

const frame = (text: string): TappedFrame => ({
  transport: 'rest',
  direction: 'in',
  event: '200',
  id: '1',
  text,
  bytes: text.length,
  atMs: 0,
})

test('keeps the newest frames for later subscribers, then passes each on', () => {
  const source = createFrameSource(2)
  for (const text of ['a', 'b', 'c']) source.tap.onFrame!(frame(text))
  const seen: string[] = []
  const stop = source.subscribe(({ text }) => seen.push(text))
  source.tap.onFrame!(frame('d'))
  stop()
  source.tap.onFrame!(frame('e'))
  assert.deepEqual(seen, ['b', 'c', 'd'])
})

test('a source that keeps none is read only while somebody subscribes', () => {
  const source = createFrameSource(0)
  assert.equal(source.tap.onFrame, undefined)
  const seen: string[] = []
  const stop = source.subscribe(({ text }) => seen.push(text))
  source.tap.onFrame!(frame('a'))
  stop()
  assert.equal(source.tap.onFrame, undefined)
  assert.deepEqual(seen, ['a'])
})

test('shows no token, and the size of what was sent', () => {
  const source = createFrameSource(1)
  const sent = frame('POST /v1/operator\n\n{"token":"secret"}')
  source.tap.onFrame!(sent)
  source.subscribe(({ text, bytes }) => {
    assert.equal(text, 'POST /v1/operator\n\n{"token":"(not shown)"}')
    assert.equal(bytes, sent.bytes)
  })
})
