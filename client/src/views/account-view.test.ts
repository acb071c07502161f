// The account view: each private event is applied once and none after a gap, with repeated, lost and reordered events.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Execution } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import type { AccountSnapshotMessage, OutboundMessage } from '../orders/channel-messages.ts'
import { AccountView } from './account-view.ts'

const logon = (privateEpoch: string): OutboundMessage => ({
  type: 'logon.ok',
  sessionId: 's',
  accountId: 'a',
  privateEpoch,
  lastSeq: 0,
  resumed: true,
  limits: {
    frameBytesMax: 8192,
    jsonDepthMax: 32,
    commandsPerSecond: 50,
    burst: 100,
    logonWaitMs: 5_000,
    subscriptionsMax: 10,
    sessionsMax: 10,
    addressSocketsMax: 0,
    openOrdersMax: 200,
  },
})
const snapshot = (seq: number, cash = 0): AccountSnapshotMessage => ({
  type: 'account.snapshot',
  accountId: 'a',
  seq,
  orders: [],
  positions: [],
  balance: { cash, buyingPower: cash },
})
const execution = (seq: number, more: Partial<Execution> = {}): Execution => ({
  type: 'execution',
  seq,
  ts: seq,
  execType: 'new',
  orderStatus: 'new',
  orderId: `o${seq}`,
  clientOrderId: `c${seq}`,
  symbol: 'VELTR',
  side: 'buy',
  orderType: 'limit',
  timeInForce: 'GTC',
  postOnly: false,
  size: 10,
  price: 100,
  lastSize: 0,
  lastPrice: null,
  cumSize: 0,
  leavesSize: 10,
  avgPrice: null,
  liquidity: null,
  tradeId: null,
  fee: 0,
  aheadSize: 0,
  ...more,
})
const fill = (seq: number) =>
  execution(seq, { execType: 'partialFill', orderStatus: 'partiallyFilled', orderId: 'o', lastSize: 1, cumSize: seq })

test('is emptied by another public epoch, another private epoch and another account', () => {
  const filled = () => {
    const view = new AccountView()
    view.apply(logon('p1'))
    view.apply({ type: 'welcome', epoch: 'p1' } as OutboundMessage)
    view.apply(snapshot(3, 100))
    view.apply(execution(4))
    view.apply(fill(5))
    return view
  }
  for (const message of [logon('p2'), { type: 'welcome', epoch: 'p2' } as OutboundMessage]) {
    const view = filled()
    view.apply(message)
    const { orders, fills, positions, balance, seq, accountId } = view
    assert.deepEqual(
      { orders, fills, positions, balance, seq, accountId },
      {
        orders: [],
        fills: [],
        positions: [],
        balance: undefined,
        seq: undefined,
        accountId: undefined,
      },
    )
    // Lower numbers than before are valid there.
    view.apply(snapshot(1, 50))
    view.apply(execution(2))
    assert.deepEqual([view.orders.length, view.balance?.cash], [1, 50])
  }
  const view = filled()
  view.apply({ ...snapshot(1, 7), accountId: 'b' })
  assert.deepEqual([view.orders, view.balance?.cash, view.accountId], [[], 7, 'b'])
})

test('has open orders oldest first, also those of a snapshot, which has the newest first', () => {
  const from = new AccountView()
  from.apply(snapshot(0))
  for (const seq of [1, 2, 3]) from.apply(execution(seq))
  const view = new AccountView()
  view.apply({ ...snapshot(2), orders: [from.order('o2')!, from.order('o1')!] })
  view.apply(execution(3))
  assert.deepEqual(view.orders, from.orders)
})

test('after a reset it is what the snapshot says, also with a lower number', () => {
  const view = new AccountView()
  view.apply(logon('p1'))
  view.apply(snapshot(9, 1))
  view.apply(execution(10, { lastSize: 1 }))
  view.apply({ type: 'reset', reason: 'ahead', requested: 'p1-10', epoch: 'p1', oldest: 1, head: 4 })
  assert.deepEqual([view.seq, view.orders, view.fills], [undefined, [], []])
  view.apply(execution(5))
  view.apply(snapshot(4, 7))
  assert.deepEqual([view.seq, view.balance?.cash], [4, 7])
  view.apply(logon('p2'))
  assert.equal(view.seq, undefined)
})

test('keeps the stop price and display size of a stop, and that it has triggered', () => {
  const view = new AccountView()
  view.apply(snapshot(0))
  const stop = { orderId: 's', orderType: 'stopLimit', stopPrice: 101, displaySize: 5, expireTime: 9 } as const
  view.apply(execution(1, stop))
  assert.partialDeepStrictEqual(view.order('s'), { stopPrice: 101, displaySize: 5 })
  assert.equal(view.order('s')?.triggered, undefined)
  view.apply(execution(2, { ...stop, execType: 'triggered' }))
  const place = { orderId: 's', clientOrderId: 'c', symbol: 'VELTR', aheadSize: 30 }
  view.apply({ type: 'queue', seq: 3, ts: 3, ...place })
  view.apply(execution(4, { ...stop, execType: 'partialFill', lastSize: 1 }))
  assert.equal(view.order('s')?.triggered, true)
  assert.equal(view.seq, 4)
})

test('keeps when an order was placed or last replaced, and the size ahead of it while it rests', () => {
  const view = new AccountView()
  view.apply(snapshot(0))
  const seen = () => [view.order('o')?.ts, view.aheadSize('o')]
  view.apply(execution(1, { orderId: 'o', aheadSize: 50 }))
  assert.deepEqual(seen(), [1, 50])
  view.apply({ type: 'queue', seq: 2, ts: 2, orderId: 'o', clientOrderId: 'c1', symbol: 'VELTR', aheadSize: 20 })
  assert.deepEqual(seen(), [1, 20])
  view.apply({ ...fill(3), aheadSize: 0 })
  assert.deepEqual(seen(), [1, 0])
  view.apply(execution(4, { orderId: 'o', execType: 'replaced', origClientOrderId: 'c1', aheadSize: 80 }))
  assert.deepEqual(seen(), [4, 80])
  view.apply(execution(5, { orderId: 'o', execType: 'canceled', orderStatus: 'canceled', aheadSize: 80 }))
  assert.deepEqual(seen(), [undefined, undefined])
  view.apply(execution(6, { orderId: 'p', aheadSize: 7 }))
  view.apply(snapshot(9))
  assert.equal(view.aheadSize('p'), undefined, 'a snapshot has none')
})

test('keeps an order from its first execution to its last, and its fills', () => {
  let changes = 0
  const view = new AccountView({ fillsMax: 2, onChange: () => changes++ })
  view.apply(execution(1))
  assert.equal(view.orders.length, 0, 'nothing before a snapshot')
  view.apply(snapshot(0, 500))
  view.apply(execution(1, { orderId: 'o' }))
  for (const seq of [2, 3, 4]) view.apply(fill(seq))
  assert.deepEqual(view.order('o')?.cumSize, 4)
  assert.deepEqual(
    view.fills.map(({ seq }) => seq),
    [4, 3],
  )
  view.apply({ type: 'position', seq: 5, ts: 5, symbol: 'VELTR', size: 3, avgCost: 100, realised: 0, unrealised: 1 })
  view.apply({ type: 'balance', seq: 6, ts: 6, cash: 200, buyingPower: 150 })
  view.apply(execution(7, { orderId: 'o', execType: 'canceled', orderStatus: 'canceled' }))
  assert.deepEqual(view.orders, [])
  assert.deepEqual(view.position('VELTR'), { symbol: 'VELTR', size: 3, avgCost: 100, realised: 0, unrealised: 1 })
  assert.deepEqual([view.balance, view.seq, changes], [{ cash: 200, buyingPower: 150 }, 7, 8])
})

test('has the margin call that a snapshot or an event states, until an event ends it', () => {
  const view = new AccountView()
  const called = { cash: 9, buyingPower: 0, equity: 4, initialMargin: 9, maintenanceMargin: 5 }
  view.apply({ ...snapshot(1), balance: called, marginCallDue: 7_000 })
  assert.equal(view.marginCallDue, 7_000)
  view.apply({ type: 'marginCall', seq: 2, ts: 2, equity: 6, maintenanceMargin: 3, dueTime: null })
  assert.equal(view.marginCallDue, undefined)
  assert.deepEqual(view.balance, { ...called, equity: 6, maintenanceMargin: 3 })
  view.apply({ type: 'marginCall', seq: 3, ts: 3, equity: 2, maintenanceMargin: 3, dueTime: 8_000 })
  assert.equal(view.marginCallDue, 8_000)
  view.apply(snapshot(4))
  assert.equal(view.marginCallDue, undefined)
})

test('states its snapshot with every field, from which another view continues', () => {
  const view = new AccountView()
  assert.equal(view.snapshot(), undefined)
  const stated = { ...snapshot(1), marginCallDue: 7_000, testing: true } as const
  view.apply(stated)
  assert.deepEqual(view.snapshot(), stated)
  for (const [seq, orderId] of [
    [2, 'old'],
    [3, 'new'],
  ] as const)
    view.apply(execution(seq, { orderId }))
  view.apply({ type: 'marginCall', seq: 4, ts: 2, equity: 6, maintenanceMargin: 3, dueTime: null })
  const next = new AccountView()
  next.apply(view.snapshot()!)
  assert.deepEqual(
    next.orders.map(({ orderId }) => orderId),
    ['old', 'new'],
  )
  assert.deepEqual(next.snapshot(), view.snapshot())
  assert.deepEqual([next.seq, next.balance?.equity, next.marginCallDue], [4, 6, undefined])
})

test('an expired order leaves the open orders and adds no fill', () => {
  const view = new AccountView()
  view.apply(snapshot(0))
  view.apply(execution(1, { orderId: 'resting' }))
  view.apply(execution(2, { orderId: 'resting', execType: 'expired', orderStatus: 'expired', leavesSize: 0 }))
  view.apply(execution(3, { orderId: 'ioc', execType: 'expired', orderStatus: 'expired', leavesSize: 0 }))
  assert.deepEqual([view.orders, view.fills, view.positions, view.seq], [[], [], [], 3])
  view.apply(fill(4))
  view.apply(execution(5, { orderId: 'o', execType: 'expired', orderStatus: 'expired', cumSize: 4, leavesSize: 0 }))
  assert.deepEqual(view.orders, [])
  assert.deepEqual(
    view.fills.map(({ seq, execType }) => [seq, execType]),
    [[4, 'partialFill']],
  )
})

test('reports a gap once, applies nothing after it, and continues when it is filled', () => {
  const gaps: number[] = []
  const view = new AccountView({ onGap: from => gaps.push(from) })
  view.apply(snapshot(0))
  for (const seq of [1, 3, 4]) view.apply(execution(seq))
  assert.deepEqual([view.seq, gaps], [1, [2]])
  for (const seq of [2, 3, 4, 5]) view.apply(execution(seq))
  assert.deepEqual([view.seq, view.orders.length, gaps], [5, 5, [2]])
  view.apply(execution(8))
  assert.deepEqual(gaps, [2, 6])
  view.apply(logon('p'))
  view.apply(snapshot(10))
  view.apply(execution(14))
  assert.deepEqual(gaps, [2, 6, 11])
})

test('counts events that change nothing, and ignores repeated answers', () => {
  const gaps: number[] = []
  const view = new AccountView({ onGap: from => gaps.push(from) })
  view.apply(snapshot(0))
  view.apply({ type: 'alert', seq: 1 } as unknown as OutboundMessage)
  view.apply(execution(2, { orderId: 'o', execType: 'canceled', orderStatus: 'canceled' }))
  view.apply(execution(1, { orderId: 'o', duplicate: true }))
  view.apply(execution(2, { orderId: 'o', duplicate: true }))
  view.apply({ type: 'heartbeat', head: 1, lastSeq: 2, serverTime: 0 })
  assert.deepEqual([view.seq, view.orders, gaps], [2, [], []])
})

test('starts over with another private epoch, but not with an older snapshot of the same', () => {
  const view = new AccountView()
  view.apply(logon('p1'))
  view.apply(snapshot(50, 1))
  view.apply(snapshot(40, 2))
  assert.equal(view.balance?.cash, 1)
  view.apply(logon('p2'))
  view.apply(execution(51))
  view.apply(snapshot(3, 3))
  assert.deepEqual([view.seq, view.balance?.cash, view.orders], [3, 3, []])
})

test('applies a prefix for any order of arrival, with repetitions and losses, and everything after a resend', () => {
  holds(
    import.meta.filename,
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), arrivals => {
      const seen: number[] = []
      const view = new AccountView({ fillsMax: 100, onChange: () => seen.push(view.seq!) })
      view.apply(snapshot(0))
      seen.length = 0
      for (const seq of arrivals) view.apply(fill(seq))
      for (let seq = 1; seq <= 20; seq++) view.apply(fill(seq))
      assert.deepEqual(
        seen,
        Array.from({ length: 20 }, (_, i) => i + 1),
      )
      assert.equal(view.fills.length, 20)
    }),
  )
})
