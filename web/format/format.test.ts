// Figures and words: formats, selectors, the panels' needs, what a connection says of itself.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECISION_TREE } from '@papertape/protocol'
import { createLine, type LineFacts, type LineState, sayLoss, sayState } from '../connections/connection.ts'
import { choiceFor, PANEL_NAMES, PANELS } from '../connections/panels.ts'
import { matching } from '../market/selectors.ts'
import { createFrames } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import * as format from './format.ts'

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

const FACTS = createLine(createFrames(manualClock()), 'tape', 'sse').facts
const facts = (change: Partial<LineFacts>): LineFacts => ({ ...FACTS, state: 'live', ...change })

test('each state of a connection has its words, and they do not count', () => {
  const said = (state: LineState, change: Partial<LineFacts> = {}) => sayState(facts({ state, ...change }))
  const states: LineState[] = ['idle', 'connecting', 'live', 'waiting', 'stale', 'closed']
  assert.deepEqual(
    states.map(state => said(state)),
    ['not open', 'connecting', 'live', 'reconnecting', 'silent', 'closed'],
  )
  assert.equal(said('connecting', { doubtfulSinceMs: 1 }), 'reconnecting')
  assert.equal(said('live', { doubtfulSinceMs: 1 }), 'silent', 'connected again is not live yet')
})

test('a loss is one sentence over all lines and retries, with a steady count', () => {
  const lost = { doubtfulSinceMs: 10_000, retryAtMs: 17_000 }
  const say = (nowMs: number, tape: Partial<LineFacts>, book = tape, orders: Partial<LineFacts> = {}) =>
    sayLoss({ tape: facts(tape), book: facts(book), orders: facts(orders) }, nowMs)
  assert.equal(say(13_000, {}), undefined)
  assert.equal(
    say(13_001, { ...lost, state: 'waiting' }),
    'Prices may be old: nothing has come for 4 s. Next try in 4 s.',
  )
  assert.equal(
    say(14_001, { ...lost, state: 'connecting' }, { ...lost, state: 'waiting', doubtfulSinceMs: 12_000 }),
    'Prices may be old: nothing has come for 5 s. Trying now.',
  )
  assert.equal(
    say(14_001, { ...lost, state: 'live', retryAtMs: null }),
    'Prices may be old: nothing has come for 5 s. Waiting for the market.',
  )
  assert.equal(
    say(14_001, { ...lost, state: 'waiting' }, { ...lost, state: 'waiting' }, { ...lost, state: 'waiting' }),
    'Prices may be old and orders cannot be sent: nothing has come for 5 s. Next try in 3 s.',
  )
  assert.match(say(14_001, {}, {}, { ...lost, state: 'waiting' })!, /^Orders cannot be sent: /)
  assert.match(say(14_001, {}, { ...lost, state: 'waiting' })!, /^Prices may be old: /)
})
