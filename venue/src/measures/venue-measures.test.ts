// What the venue counts, as the gateway gets it by a query.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buyAtMarket, openTestAccount, openTestVenue } from '../testing/test-venue.ts'
import type { HistogramCounts } from './histogram.ts'

const countOf = ({ counts }: HistogramCounts) => counts.reduce((sum, count) => sum + count, 0)

test('orders are counted by what happened to them, refusals by their code', () => {
  const market = openTestVenue()
  market.runUntilReady()
  market.send(openTestAccount)
  market.send(buyAtMarket('a'))
  market.send(buyAtMarket('a'))
  market.send({ ...buyAtMarket('b'), symbol: 'NONE' } as never)
  market.send({ type: 'order.cancel', accountId: 'ann', origClientOrderId: 'c' })
  market.pass(10)
  const { executions, rejects, duplicates, privateEvents } = market.query('counts', {})
  assert.ok(executions.fill + executions.partialFill > 0)
  assert.deepEqual([executions.rejected, duplicates], [1, 1])
  assert.deepEqual(rejects, { 'unknown-symbol': 1, 'unknown-order': 1 })
  assert.equal(privateEvents, market.batches().flatMap(batch => batch.privateEvents).length)
})

test('each flush is measured; a query of the counts makes none', () => {
  const market = openTestVenue()
  market.runUntilReady()
  market.pass(1_000)
  const flushes = market.batches().length
  const counts = market.query('counts', {})
  assert.equal(market.batches().length, flushes)
  assert.deepEqual([countOf(counts.flushSeconds), countOf(counts.journalSeconds)], [flushes, flushes])
  assert.equal(counts.flushCommands.sum, counts.commands)
  assert.ok(counts.commands > 0)
  assert.equal(counts.pace, 1)
})

test('a market that catches up is behind its clock', () => {
  const market = openTestVenue({ pastMs: 40_000 })
  market.start()
  const { behindMs } = market.query('counts', {})
  assert.ok(behindMs > 0 && behindMs <= 120_000, String(behindMs))
  for (let timers = 0; timers < 20_000 && !market.sent.some(({ type }) => type === 'ready'); timers++)
    market.clock.runNext()
  market.pass(2_000)
  assert.ok(market.query('counts', {}).behindMs <= 1_000)
})
