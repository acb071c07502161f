// The panels' needs give the transports that the decision tree names.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECISION_TREE } from '@papertape/protocol'
import { PANEL_NAMES, PANELS, transportChoice } from './panels.ts'

test('history uses REST, live data SSE, trading WebSocket, and long polls where streams do not pass', () => {
  const transports = Object.fromEntries(PANEL_NAMES.map(name => [name, transportChoice(name).transport]))
  assert.deepEqual(transports, {
    instruments: 'rest',
    history: 'rest',
    ticker: 'sse',
    candles: 'sse',
    tape: 'sse',
    news: 'sse',
    depth: 'sse',
    trading: 'websocket',
    rooms: 'websocket',
  })
  for (const name of PANEL_NAMES) {
    const { path, transport } = transportChoice(name, false)
    assert.equal(transport, PANELS[name].need.realtime ? 'longPoll' : 'rest')
    assert.ok(path.every(id => id in DECISION_TREE))
  }
})
