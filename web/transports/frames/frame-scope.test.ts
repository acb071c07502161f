// Which frames a panel has: those that it uses, and no others.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TappedFrame } from '@papertape/client'
import { frameScope, isInScope, SCOPE_NAMES, type ScopeName } from './frame-scope.ts'

const frame = (event: string, symbol: string, transport: TappedFrame['transport'] = 'sse'): TappedFrame => ({
  transport,
  direction: 'in',
  event,
  id: undefined,
  text: `event: ${event}\ndata: {"symbol":"${symbol}"}\n\n`,
  bytes: 1,
  atMs: 0,
})

test('each panel has the events that it uses, of its instrument', () => {
  const frames = ['quote', 'trade', 'book', 'heartbeat'].flatMap(event => ['AAA', 'AA'].map(of => frame(event, of)))
  const seen = (name: ScopeName) =>
    frames
      .filter(one => isInScope(frameScope(name, 'AA'), one))
      .map(({ event, text }) => `${event} ${/"symbol":"(.*)"/.exec(text)![1]}`)
  assert.deepEqual(seen('ticker'), ['quote AAA', 'quote AA', 'trade AAA', 'trade AA'])
  assert.deepEqual(seen('tape'), ['trade AA'])
  assert.deepEqual(seen('candles'), ['trade AA'])
  assert.deepEqual(seen('depth'), ['book AA'])
  assert.equal(seen('feed').length, frames.length)
})

test('a poll is of every panel of the feed', () => {
  for (const name of ['ticker', 'depth'] as const) {
    assert.ok(isInScope(frameScope(name, 'AA'), frame('200', 'B', 'longPoll')))
  }
})

test('each scope has a title and the connection that carries it', () => {
  const sources = SCOPE_NAMES.map(name => [name, frameScope(name, 'AA').source])
  assert.deepEqual(Object.fromEntries(sources), {
    feed: 'feed',
    orders: 'orders',
    requests: 'requests',
    instruments: 'requests',
    history: 'requests',
    ticker: 'feed',
    candles: 'feed',
    tape: 'feed',
    news: 'feed',
    depth: 'feed',
    trading: 'orders',
    rooms: 'orders',
  })
})
