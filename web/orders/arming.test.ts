// When the ticket can send: phases, the channel, a frozen screen, a double press.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHASES, type Phase, type TimeInForce } from '@papertape/protocol'
import type { ConnectionState } from '../connections/connection.ts'
import { instrumentOf } from '../testing/sample-market.ts'
import { buttonText, createPressGuard, disarmedReason } from './arming.ts'
import { checkDraft, EMPTY_DRAFT, type OrderDraft } from './ticket.ts'

const CONTEXT = { bids: [], asks: [{ price: 10, size: 500, total: 500 }], buyingPower: 1e6, held: 0, isStale: false }
const NOW = { symbol: 'AAA', phase: 'continuous', isFrozen: false, channel: 'live' } as const

function ask(change: Partial<OrderDraft>, now: Partial<Parameters<typeof disarmedReason>[2]> = {}) {
  const draft = { ...EMPTY_DRAFT, price: '10.00', ...change }
  return disarmedReason(draft, checkDraft(draft, instrumentOf('AAA'), CONTEXT), { ...NOW, ...now })
}

test('an order is held back in exactly the phases in which the exchange refuses it', () => {
  const refused = (orderType: OrderDraft['orderType'], timeInForce: TimeInForce): Phase[] =>
    PHASES.filter(phase => ask({ orderType, timeInForce }, { phase }) !== undefined)
  const shut: Phase[] = ['halted', 'closed']
  const call: Phase[] = ['preOpen', 'openingAuction', 'paused', 'halted', 'closingAuction', 'closed']
  assert.deepEqual(refused('limit', 'GTC'), shut)
  assert.deepEqual(refused('limit', 'DAY'), shut)
  assert.deepEqual(refused('limit', 'IOC'), call)
  assert.deepEqual(refused('limit', 'FOK'), call)
  assert.deepEqual(refused('market', 'IOC'), shut)
  assert.deepEqual(refused('market', 'FOK'), call)
  assert.match(ask({}, { phase: 'halted' })!, /AAA is halted/)
  assert.match(ask({ timeInForce: 'IOC' }, { phase: 'paused' })!, /paused.*Choose GTC or DAY/)
})

test('names each reason: frozen, the channel, a field', () => {
  assert.equal(ask({}), undefined)
  assert.match(ask({}, { isFrozen: true })!, /frozen/)
  const states: ConnectionState[] = ['idle', 'connecting', 'live', 'waiting', 'stale', 'closed']
  assert.deepEqual(
    states.filter(channel => ask({}, { channel }) === undefined),
    ['live'],
  )
  assert.match(ask({ price: '' })!, /Enter a limit price/)
  assert.match(ask({ size: '1,5' })!, /use a point/)
})

test('the button shows the order and its cost', () => {
  const text = (change: Partial<OrderDraft>) => {
    const draft = { ...EMPTY_DRAFT, ...change }
    return buttonText(draft, checkDraft(draft, instrumentOf('AAA'), CONTEXT), 'AAA', 2)
  }
  assert.equal(text({ price: '184.53' }), 'Buy 100 @ 184.53 · 18,453.00')
  assert.equal(text({ orderType: 'market', timeInForce: 'IOC' }), 'Buy 100 @ market · about 1,000.00')
  assert.equal(text({ orderType: 'market', timeInForce: 'IOC', size: '900' }), 'Buy 900 @ market')
  assert.equal(text({ side: 'sell', price: '1,5' }), 'Sell AAA')
})

test('presses within 300 ms of each other count once', () => {
  let nowMs = 1_000
  const press = createPressGuard(() => nowMs)
  const at = (ms: number) => {
    nowMs = ms
    return press()
  }
  assert.deepEqual([1_000, 1_001, 1_299, 1_500, 1_700, 2_001].map(at), [true, false, false, false, false, true])
  assert.equal(at(500), true, 'a clock that was set back blocks no press')
})
