// The gateway on a venue that publishes while the view is restored: no event is missed, none is applied twice.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openGateway } from './open-gateway.ts'
import { connectSameThread } from './same-thread-venue.ts'
import { TestClock, turns } from './testing/test-clock.ts'
import type { ConnectVenue } from './venue-client.ts'

const WALL_MS = Date.UTC(2026, 0, 5, 15)
const TURNS_MAX = 2_000
const MARKET = {
  plan: { kind: 'simulated', seed: 1, symbols: 2 },
  pace: 1,
  pastMs: 5_000,
  pastDays: 0,
  eventsKept: 100_000,
} as const

/**
 * The venue trades for a second before the state query and each query of the view, and counts the events that it
 * publishes meanwhile.
 */
function tradeMeanwhile(connect: ConnectVenue, clock: TestClock) {
  const published = { whileRestoring: 0 }
  let isRestoring = false
  const connectCounting: ConnectVenue = receiver => {
    const connection = connect({
      ...receiver,
      receive(message) {
        if (message.type === 'batch' && isRestoring) published.whileRestoring += message.events.length
        receiver.receive(message)
      },
    })
    return {
      ...connection,
      send(message) {
        const isRestore = message.type === 'query' && (message.name === 'viewHistory' || message.name === 'state')
        if (isRestore) clock.pass(1_000)
        isRestoring ||= isRestore
        connection.send(message)
      },
    }
  }
  return { published, connectCounting }
}

const fail = (error: unknown) => {
  throw error
}

test('the feed has every event of a venue that trades while the view is restored, once', async () => {
  const clock = new TestClock(WALL_MS)
  const { published, connectCounting } = tradeMeanwhile(connectSameThread(MARKET, clock, 'k3f9'), clock)
  const { venue, feed } = await openGateway({
    connect: connectCounting,
    eventsKept: MARKET.eventsKept,
    clock,
    streamsMax: 1,
    lagMaxMs: 30_000,
    onCatchingUp: () => {},
    onOpened: () => {},
    onNotice: () => {},
    onFailure: fail,
    onError: fail,
  })
  assert.ok(published.whileRestoring > 20, `${published.whileRestoring} events`)
  await venue.submit({ type: 'pace.set', pace: '0x' }).answer
  const state = await venue.query('state', {})
  for (let i = 0; feed.log.head < state.seq && i < TURNS_MAX; i++) await turns(1)
  assert.equal(feed.log.head, state.seq)
  for (const { symbol, book, phase } of state.instruments) {
    const instrument = feed.view.instrument(symbol)!
    assert.deepEqual(instrument.snapshot(true).book, book)
    assert.equal(instrument.ticker.phase, phase)
    const [trade] = await venue.query('history', { symbol, event: 'trade', before: state.seq + 1, limit: 1 })
    assert.deepEqual(instrument.ticker.lastTrade, JSON.parse(trade!.data))
  }
  // The log has no gap: what is published next follows.
  await venue.submit({ type: 'pace.set', pace: '1x' }).answer
  for (let i = 0; feed.log.head <= state.seq && i < TURNS_MAX; i++) {
    clock.pass(10)
    await turns(2)
  }
  assert.ok(feed.log.head > state.seq)
  await venue.close()
})
