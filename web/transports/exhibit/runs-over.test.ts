// What is said of each transport over each version of HTTP.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runsOver, whyTcp } from './runs-over.ts'

const VERSIONS = ['http/1.1', 'h2', 'h3']

test('requests and streams run over the HTTP of the page, a WebSocket over TCP', () => {
  for (const version of VERSIONS) {
    for (const transport of ['rest', 'sse', 'longPoll'] as const) {
      assert.equal(runsOver(transport, version), version)
      assert.equal(whyTcp(transport, version), undefined)
    }
    assert.equal(runsOver('websocket', version), 'TCP')
  }
})

test('that the WebSocket stays behind is explained beside HTTP/3 alone', () => {
  assert.match(whyTcp('websocket', 'h3')!, /^A WebSocket over HTTP\/3 \(RFC 9220\)/)
  for (const version of ['http/1.1', 'h2']) assert.equal(whyTcp('websocket', version), undefined)
})
