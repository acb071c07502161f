// What the ticket says that becomes of an order in each phase.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHASES, type Phase } from '@papertape/protocol'
import { isCallPhase, outcomeInPhase } from './order-phases.ts'

const GTC = { orderType: 'limit', timeInForce: 'GTC' } as const
const AUCTION = { price: 184.5, pairedSize: 1_400, imbalanceSize: 120, side: 'buy' } as const
const outcome = (phase: Phase, order: Parameters<typeof outcomeInPhase>[1] = GTC, now = {}) =>
  outcomeInPhase({ phase, phaseEndsMs: null, auction: undefined, ...now }, order, 2)

test('in a call phase an order waits for the auction, with its end and its indicative price if they are known', () => {
  assert.equal(outcome('preOpen'), 'Waits for the opening auction. Nothing would trade in it yet.')
  const phaseEndsMs = Date.UTC(2026, 0, 5, 13, 30)
  assert.equal(
    outcome('openingAuction', GTC, { phaseEndsMs, auction: AUCTION }),
    'Waits for the opening auction. The phase ends at 13:30:00 UTC. Indicative price 184.50 for 1,400.',
  )
  assert.match(outcome('paused')!, /auction that ends the pause/)
  assert.match(outcome('closingAuction')!, /closing auction/)
  assert.match(outcome('paused', { orderType: 'stop', timeInForce: 'GTC' })!, /nothing triggers/)
})

test('in other phases only what is not matched at once has an outcome', () => {
  const silent = PHASES.filter(phase => outcome(phase) === undefined)
  assert.deepEqual(silent, ['continuous', 'halted', 'closed'])
  assert.match(outcome('limitState')!, /price band/)
  assert.match(outcome('continuous', { ...GTC, timeInForce: 'CLS' })!, /closing auction, beside the book/)
  assert.deepEqual(PHASES.filter(isCallPhase), ['preOpen', 'openingAuction', 'paused', 'closingAuction'])
})
