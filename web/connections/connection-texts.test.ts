// The texts about connections: states, losses, which tab holds them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFrameScheduler } from '../reactive/frame-scheduler.ts'
import { manualClock } from '../testing/manual-clock.ts'
import { type ConnectionFacts, type ConnectionState, createPageConnection } from './connection.ts'
import { lossText, sharingText, stateText } from './connection-texts.ts'

const IDLE = createPageConnection(createFrameScheduler(manualClock()), 'tape', 'sse').current
const facts = (change: Partial<ConnectionFacts>): ConnectionFacts => ({ ...IDLE, state: 'live', ...change })

test('each state has a text without a count', () => {
  const text = (state: ConnectionState, change: Partial<ConnectionFacts> = {}) => stateText(facts({ state, ...change }))
  const states: ConnectionState[] = ['idle', 'connecting', 'live', 'waiting', 'stale', 'closed']
  assert.deepEqual(
    states.map(state => text(state)),
    ['not connected', 'connecting', 'live', 'reconnecting', 'no response', 'closed'],
  )
  assert.equal(text('connecting', { staleSinceMs: 1 }), 'reconnecting')
  assert.equal(text('live', { staleSinceMs: 1 }), 'no response', 'connected again is not live yet')
})

test('a loss is one sentence over all connections and attempts, with a steady count', () => {
  const lost = { staleSinceMs: 10_000, retryAtMs: 17_000 }
  const text = (nowMs: number, tape: Partial<ConnectionFacts>, book = tape, orders: Partial<ConnectionFacts> = {}) =>
    lossText({ tape: facts(tape), book: facts(book), orders: facts(orders) }, nowMs)
  assert.equal(text(13_000, {}), undefined)
  assert.equal(text(13_001, { ...lost, state: 'waiting' }), 'Prices may be old: no data for 3 s. Retrying in 4 s.')
  assert.equal(
    text(14_001, { ...lost, state: 'connecting' }, { ...lost, state: 'waiting', staleSinceMs: 12_000 }),
    'Prices may be old: no data for 4 s. Retrying…',
  )
  assert.equal(
    text(14_001, { ...lost, state: 'live', retryAtMs: null }),
    'Prices may be old: no data for 4 s. Waiting for data…',
  )
  assert.equal(
    text(14_001, { ...lost, state: 'closed', retryAtMs: null }),
    'Prices may be old: no data for 4 s. Reload the page.',
  )
  assert.equal(
    text(14_001, { ...lost, state: 'waiting' }, { ...lost, state: 'waiting' }, { ...lost, state: 'waiting' }),
    'Prices may be old and orders cannot be sent: no data for 4 s. Retrying in 3 s.',
  )
  assert.match(
    text(14_001, { ...lost, state: 'waiting', staleSinceMs: 12_000 }, {}, { ...lost, state: 'waiting' })!,
    /no data for 4 s/,
    'counted from the first loss of all, as everywhere on the page',
  )
  assert.match(text(14_001, {}, {}, { ...lost, state: 'waiting' })!, /^Orders cannot be sent: /)
  assert.match(text(14_001, {}, { ...lost, state: 'waiting' })!, /^Prices may be old: /)
})

test('a shared connection names the tab that holds it', () => {
  const text = (sharing: ConnectionFacts['sharing']) => sharingText(facts({ sharing }))
  assert.equal(text(null), 'of this tab alone')
  assert.equal(text({ role: 'leader', tabs: 1 }), 'held by this tab')
  assert.equal(text({ role: 'leader', tabs: 2 }), 'held by this tab for 1 other tab')
  assert.equal(text({ role: 'follower', tabs: 3 }), 'shared with 2 other tabs; another tab holds it')
})
