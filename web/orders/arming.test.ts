// When something can be sent: phases, the account, the channel, a frozen screen, armed keys, a double press.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PHASES, type Phase, type TimeInForce } from '@papertape/protocol'
import type { ConnectionState } from '../connections/connection.ts'
import { instrumentOf } from '../testing/sample-market.ts'
import { blockedReason, createPressGuard, keyRefusal } from './arming.ts'
import { EMPTY_DRAFT, type OrderDraft } from './order-draft.ts'
import { TERM_CHECKS } from './terms/term-checks.ts'
import { checkDraft } from './ticket.ts'

const CONTEXT = {
  phase: 'continuous',
  bids: [],
  asks: [{ price: 10, size: 500, total: 500 }],
  last: 10,
  timeMs: 1_767_605_400_000,
  indicativePrice: null,
  buyingPower: 1e6,
  held: 0,
  offered: 0,
  maySellShort: false,
  isStale: false,
  termChecks: TERM_CHECKS,
} as const
const NOW = { symbol: 'AAA', phase: 'continuous', isFrozen: false, channel: 'live', noAccount: undefined } as const

function ask(change: Partial<OrderDraft>, now: Partial<Parameters<typeof blockedReason>[2]> = {}) {
  const draft = { ...EMPTY_DRAFT, price: '10.00', stopPrice: '11.00', ...change }
  return blockedReason(draft, checkDraft(draft, instrumentOf('AAA'), CONTEXT), { ...NOW, ...now })
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
  assert.deepEqual(refused('stop', 'GTC'), shut)
  assert.deepEqual(refused('stop', 'FOK'), call)
  assert.deepEqual(refused('stopLimit', 'IOC'), call)
  const afterOpening = PHASES.filter(phase => phase !== 'preOpen' && phase !== 'openingAuction')
  assert.deepEqual(refused('limit', 'OPG'), afterOpening)
  assert.deepEqual(refused('market', 'OPG'), afterOpening)
  assert.deepEqual(refused('limit', 'CLS'), shut)
  assert.match(ask({}, { phase: 'halted' })!, /AAA is halted/)
  assert.match(ask({ timeInForce: 'IOC' }, { phase: 'paused' })!, /paused.*Choose GTC or DAY/)
  assert.match(ask({ timeInForce: 'OPG' })!, /opening auction is over\. Choose GTC or DAY, or CLS/)
})

test('names each reason: frozen, no account, the channel, a field', () => {
  assert.equal(ask({}), undefined)
  assert.match(ask({}, { isFrozen: true })!, /frozen/)
  assert.equal(ask({}, { noAccount: 'the browser blocks cookies.', channel: 'waiting' }), 'the browser blocks cookies.')
  const states: ConnectionState[] = ['idle', 'connecting', 'live', 'waiting', 'stale', 'closed']
  assert.deepEqual(
    states.filter(channel => ask({}, { channel }) === undefined),
    ['live'],
  )
  assert.match(ask({ price: '' })!, /Enter a limit price/)
  assert.match(ask({ size: '1,5' })!, /write a whole number/)
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

test('keys send and change orders only while they are armed; they always cancel', () => {
  const refusals = (isArmed: boolean) =>
    (['send', 'replace', 'close', 'cancel'] as const).map(act => keyRefusal(act, isArmed))
  assert.deepEqual(refusals(true), [undefined, undefined, undefined, undefined])
  assert.deepEqual(refusals(false), [
    'Not armed, so nothing was sent. Press A twice to arm the keys.',
    'Not armed, so no order was changed. Press A twice to arm the keys.',
    'Not armed, so no position was closed. Press A twice to arm the keys.',
    undefined,
  ])
})
