// Figures and words: formats, selectors, the panels' needs, what a connection says of itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECISION_TREE } from '@papertape/protocol'
import * as format from './format.ts'
import { createFrames } from './frame.ts'
import { createLine, isDoubtful, type LineState, sayState } from './line.ts'
import { manualClock } from './manual-clock.ts'
import { choiceFor, PANEL_NAMES, PANELS } from './panels.ts'
import { matching } from './selectors.ts'

test('figures align: same decimals, a sign for gains too, a true minus', () => {
  assert.equal(format.formatPrice(1234.5, 2), '1,234.50')
  assert.equal(format.formatPrice(null, 2), format.NOTHING)
  assert.equal(format.formatSigned(1.5, 2), '+1.50')
  assert.equal(format.formatSigned(-1.5, 2), '\u22121.50')
  assert.equal(format.formatSigned(-0.001, 2), '0.00')
  assert.equal(format.formatPercent(-0.0123), '\u22121.23%')
})

test("somebody else's sentence has its numbers grouped, and no noise of binary fractions", () => {
  const cases = [
    ['It needs 18552000 of 1000000.', 'It needs 18,552,000 of 1,000,000.'],
    ['The price 184.19000000000003 is off.', 'The price 184.19 is off.'],
    ['Buy 1200 at 1184.50, GTC', 'Buy 1,200 at 1,184.50, GTC'],
    ['order o12345 of web-16k2-99999 at 13:37:05', 'order o12345 of web-16k2-99999 at 13:37:05'],
    ['already 1,000.50 here', 'already 1,000.50 here'],
    ['No answer in 10000 ms', 'No answer in 10,000 ms'],
  ]
  for (const [text, expected] of cases) assert.equal(format.groupNumbers(text!), expected)
})

test('large and old', () => {
  assert.equal(format.formatCompact(9_999), '9,999')
  assert.equal(format.formatCompact(12_345), '12.3K')
  assert.equal(format.formatCompact(123_456), '123K')
  assert.equal(format.formatCompact(1_234_567), '1.23M')
  assert.equal(format.formatAge(120), '120 ms')
  assert.equal(format.formatAge(2_300), '2.3 s')
  assert.equal(format.formatAge(44_400), '44 s')
  assert.equal(format.formatAge(null), format.NOTHING)
})

test('a filter looks at the beginnings of symbol and name', () => {
  const list = [
    { symbol: 'VELTR', name: 'Veltrane Semiconductor' },
    { symbol: 'NIMBR', name: 'Nimbra Cloud' },
  ]
  assert.deepEqual(matching(list, 'semi vel'), [list[0]])
  assert.deepEqual(matching(list, 'clo'), [list[1]])
  assert.deepEqual(matching(list, ' '), list)
  assert.deepEqual(matching(list, 'oud'), [])
})

test('history goes by REST, what is live by SSE, trading by WebSocket, and all of it by polls where streams do not pass', () => {
  const transports = Object.fromEntries(PANEL_NAMES.map(name => [name, choiceFor(name).transport]))
  assert.deepEqual(transports, {
    instruments: 'rest',
    history: 'rest',
    ticker: 'sse',
    candles: 'sse',
    tape: 'sse',
    depth: 'sse',
    trading: 'websocket',
  })
  for (const name of PANEL_NAMES) {
    const { path, transport } = choiceFor(name, false)
    assert.equal(transport, PANELS[name].need.realtime ? 'longPoll' : 'rest')
    assert.ok(path.every(id => id in DECISION_TREE))
  }
})

test('each state of a connection has its words, and three of them cast doubt', () => {
  const line = createLine(createFrames(manualClock()), 'tape', 'sse')
  const facts = { ...line.cell.get(), retryAtMs: 5_000 }
  const said = (state: LineState) => sayState({ ...facts, state }, 2_500)
  assert.equal(said('waiting'), 'reconnecting in 3 s')
  assert.equal(said('live'), 'live')
  const states: LineState[] = ['idle', 'connecting', 'live', 'waiting', 'stale', 'closed']
  assert.deepEqual(
    states.filter(state => isDoubtful({ ...facts, state })),
    ['waiting', 'stale', 'closed'],
  )
})
