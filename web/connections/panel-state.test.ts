// What a panel says about its data in each state of its connection.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PanelState, panelState } from './panel-state.ts'

type Facts = Parameters<typeof panelState>[0]
const LIVE: Facts['connection'] = { state: 'live', retries: 0, staleSinceMs: null, lastAtMs: 100_000 }

const stateOf = (connection: Partial<Facts['connection']>, change: Partial<Facts> = {}): PanelState =>
  panelState({ connection: { ...LIVE, ...connection }, isStale: false, frozenAtMs: null, nowMs: 100_400, ...change })
const shown = ({ kind, text, age, next }: PanelState) => [kind, text, age, next].filter(one => one !== '').join(' | ')

test('live data has an age only when it is older than usual', () => {
  assert.equal(shown(stateOf({})), 'live | live')
  assert.equal(shown(stateOf({ lastAtMs: 95_401 })), 'live | live')
  assert.equal(shown(stateOf({ lastAtMs: 92_000 })), 'live | live | 8 s')
  assert.equal(shown(stateOf({ lastAtMs: null })), 'live | live')
})

test('stale data says for how long, and whether the page waits to try again', () => {
  const lost = { staleSinceMs: 86_000, lastAtMs: 99_000 } as const
  assert.equal(shown(stateOf({ ...lost, state: 'connecting' }, { isStale: true })), 'stale | not live | 14 s')
  assert.equal(
    shown(stateOf({ ...lost, state: 'waiting' }, { isStale: true })),
    'stale | not live | 14 s | waiting to retry',
  )
  assert.equal(shown(stateOf({}, { isStale: true })), 'stale | not live | < 1 s', 'stale with the rest of the market')
})

test('a connection that has had no data yet is not called stale', () => {
  assert.equal(shown(stateOf({ state: 'connecting', lastAtMs: null })), 'connecting | connecting')
  assert.equal(shown(stateOf({ state: 'waiting', lastAtMs: null, retries: 1 })), 'waiting | waiting to retry')
  assert.equal(shown(stateOf({ state: 'idle', lastAtMs: null })), 'connecting | not connected')
})

test('a frozen panel says at which time of the market, whatever its connection does', () => {
  const frozenAtMs = Date.UTC(2026, 0, 5, 14, 3, 7)
  assert.equal(shown(stateOf({}, { frozenAtMs })), 'frozen | frozen at 14:03:07')
  assert.equal(shown(stateOf({ state: 'waiting' }, { frozenAtMs, isStale: true })), 'frozen | frozen at 14:03:07')
  assert.equal(shown(stateOf({}, { frozenAtMs: 0 })), 'frozen | frozen')
})
