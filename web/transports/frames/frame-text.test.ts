// A frame as text: the start for the list, the whole for the detail, what a page cannot see.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoggedFrame } from './frame-log.ts'
import { headText, textStart, wholeText } from './frame-text.ts'

const frame = (change: Partial<LoggedFrame>): LoggedFrame => ({
  number: 1,
  transport: 'sse',
  direction: 'in',
  event: 'trade',
  id: 'k-1',
  text: 'id: k-1\nevent: trade\ndata: {"seq":1}\n\n',
  bytes: 39,
  atMs: 0,
  ...change,
})

test('SSE is shown as it came, JSON indented, other text unchanged', () => {
  const block = frame({})
  assert.deepEqual([textStart(block), wholeText(block)], ['{"seq":1}', block.text])
  assert.equal(textStart(frame({ text: 'retry: 5\n\n' })), 'retry: 5')
  assert.equal(wholeText(frame({ transport: 'websocket', text: '{"type":"pong"}' })), '{\n  "type": "pong"\n}')
  const request = frame({ transport: 'rest', direction: 'out', text: 'POST /v1/orders\n\n{"size":1}' })
  assert.deepEqual([textStart(request), wholeText(request)], ['POST /v1/orders {"size":1}', request.text])
})

test('the bytes around a frame are computed for its transport and direction', () => {
  assert.match(headText(frame({ bytes: 300 })), /7 B of chunk head over HTTP\/1.1, or 9 B of frame head/)
  assert.match(headText(frame({ transport: 'websocket', bytes: 300 })), /Computed: 4 B of frame head\.$/)
  assert.match(headText(frame({ transport: 'websocket', direction: 'out' })), /Computed: 6 B .* mask/)
  assert.doesNotMatch(headText(frame({ transport: 'websocket', event: 'close' })), /Computed/)
  assert.doesNotMatch(headText(frame({ transport: 'tab' })), /Computed/)
})
