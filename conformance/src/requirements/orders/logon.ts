// Logon, sessions, and the account's private stream.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import type { Json } from '../../target/answer.ts'
import { getOrder, placeResting, privateMessages, tradingAccount } from './trading-account.ts'

const HEARTBEAT_MS = 1_000

export const LOGON = chapter('Logon', [
  requirement('logon-ok', 'logon is answered with logon.ok: session, account, privateEpoch, lastSeq.', async probe => {
    const { accountId, token } = await probe.account()
    const { logon } = await probe.logOn({ token })
    expectSchema('the answer', OUTBOUND['logon.ok'], logon)
    expectEqual('the account', logon.accountId, accountId)
  }),

  requirement('logon-snapshot', 'account.snapshot follows: seq, orders, positions, balance.', async probe => {
    const account = await tradingAccount(probe)
    const { orderId } = await placeResting(probe, account)
    const { socket } = await probe.logOn({ token: account.token })
    const snapshot = await socket.until('account.snapshot')
    expectSchema('the snapshot', OUTBOUND['account.snapshot'], snapshot)
    expectEqual(
      'its orders',
      snapshot.orders.map((order: Json) => order.orderId),
      [orderId],
    )
  }),

  requirement('logon-reject', 'A bad token gets logon.reject, then the close code 4401.', async probe => {
    const socket = await probe.socket()
    const reject = await socket.ask({ type: 'logon', token: 'pt_of-nobody' })
    expectSchema('the answer', OUTBOUND['logon.reject'], reject)
    expectEqual('its code', reject.code, 'bad-token')
    expectEqual('the close code', await probe.within(socket.closed, 'the close', 5_000), 4401)
  }),

  requirement('logon-next-seq', 'With nextSeq the private events from there follow, and no snapshot.', async probe => {
    const account = await tradingAccount(probe)
    for (let order = 0; order < 3; order++) await placeResting(probe, account)
    const { socket, logon } = await probe.logOn({ token: account.token, nextSeq: 2 })
    expectEqual('resumed', logon.resumed, true)
    await socket.messages.until('the newest private event', ({ seq }) => seq === logon.lastSeq)
    await socket.ask({ type: 'ping' })
    const seqs = privateMessages(socket).map(({ seq }) => seq)
    // What the last order changes may come after the logon.
    expectEqual(
      'the numbers of the private events',
      seqs,
      seqs.map((_, index) => 2 + index),
    )
    const hasSnapshot = socket.messages.items.some(({ type }) => type === 'account.snapshot')
    expectTrue(!hasSnapshot, 'no account.snapshot')
  }),

  requirement('private-numbered', 'Private events are numbered one by one, the same for each session.', async probe => {
    const account = await tradingAccount(probe)
    const { socket: other, logon } = await probe.logOn({ token: account.token })
    await other.until('account.snapshot')
    for (let order = 0; order < 4; order++) await placeResting(probe, account)
    const newest = await other.until('execution', ({ seq }) => seq >= logon.lastSeq + 4)
    const seqs = privateMessages(other).map(({ seq }) => seq)
    expectEqual(
      'the numbers',
      seqs,
      seqs.map((_, index) => logon.lastSeq + 1 + index),
    )
    expectEqual('a requestId in another session', newest.requestId, undefined)
  }),

  requirement('private-resend', 'resend gives a range of the private stream again, then ack.', async probe => {
    const account = await tradingAccount(probe)
    for (let order = 0; order < 4; order++) await placeResting(probe, account)
    const { socket } = account
    const before = privateMessages(socket).filter(({ seq }) => seq === 2 || seq === 3)
    const from = socket.messages.items.length
    const ack = await socket.ask({ type: 'resend', from: 2, to: 3 })
    expectEqual('the answer', ack.type, 'ack')
    const again = socket.messages.items.slice(from).filter(({ seq }) => seq === 2 || seq === 3)
    const streamed = before.map(({ requestId: _, rateLimit: __, ...event }) => event)
    expectEqual('the events', again, streamed)
  }),

  requirement(
    'session-take-over',
    'A known sessionId takes the session over; the older one gets 4409.',
    async probe => {
      const { socket, logon, token } = await probe.logOn()
      const { logon: second } = await probe.logOn({ token, sessionId: logon.sessionId })
      expectEqual('the session', second.sessionId, logon.sessionId)
      expectEqual('the close code', await probe.within(socket.closed, 'the close of the older', 5_000), 4409)
    },
  ),

  requirement('session-another', 'Without a sessionId it opens another one; both go on.', async probe => {
    const { socket, logon, token } = await probe.logOn()
    const second = await probe.logOn({ token })
    expectTrue(second.logon.sessionId !== logon.sessionId, 'another sessionId', second.logon.sessionId)
    for (const one of [socket, second.socket]) expectEqual('an answer', (await one.ask({ type: 'ping' })).type, 'pong')
  }),

  requirement('session-limit', 'An account has at most ten sessions.', async probe => {
    const { token } = await probe.account()
    for (let session = 0; session < 10; session++) await probe.logOn({ token })
    const socket = await probe.socket()
    const reject = await socket.ask({ type: 'logon', token })
    expectEqual('the answer to the eleventh', [reject.type, reject.code], ['logon.reject', 'too-many-sessions'])
    expectTrue(reject.retryMs > 0, 'retryMs', reject)
  }),

  requirement('logon-twice', 'A second logon on a connection is rejected.', async probe => {
    const { socket, token } = await probe.logOn()
    expectEqual('the answer', (await socket.ask({ type: 'logon', token })).type, 'logon.reject')
  }),

  requirement(
    'logon-heartbeat',
    'heartbeatMs sets the interval of heartbeats, which have head and lastSeq.',
    async probe => {
      const { socket, logon } = await probe.logOn({ heartbeatMs: HEARTBEAT_MS })
      await socket.until('heartbeat')
      const startMs = probe.clock.nowMs()
      const from = socket.messages.items.length
      const isHeartbeat = ({ type }: Json) => type === 'heartbeat'
      const heartbeat = await socket.messages.until('a heartbeat', isHeartbeat, { from, limitMs: 5_000 })
      const intervalMs = probe.clock.nowMs() - startMs
      const isInTime = intervalMs > HEARTBEAT_MS / 2 && intervalMs < HEARTBEAT_MS * 2
      expectTrue(isInTime, `a heartbeat each ${HEARTBEAT_MS} ms`, intervalMs)
      expectSchema('the heartbeat', OUTBOUND.heartbeat, heartbeat)
      expectEqual('lastSeq', heartbeat.lastSeq, logon.lastSeq)
    },
    { waitsMs: 2 * HEARTBEAT_MS },
  ),

  requirement(
    'cancel-on-disconnect',
    'cancelOnDisconnect=connection cancels the orders of a lost one.',
    async probe => {
      const account = await tradingAccount(probe, { cancelOnDisconnect: 'connection' })
      const watcher = await probe.logOn({ token: account.token })
      const { orderId } = await placeResting(probe, account)
      account.socket.close()
      await watcher.socket.until('execution', one => one.orderId === orderId && one.execType === 'canceled')
    },
  ),

  requirement('cancel-on-disconnect-none', 'Unless asked for, a lost connection cancels nothing.', async probe => {
    const account = await tradingAccount(probe)
    const { orderId } = await placeResting(probe, account)
    account.socket.close()
    await probe.within(account.socket.closed, 'the close', 5_000)
    await probe.sleep(500)
    expectEqual('the order', (await getOrder(probe, account.token, orderId)).orderStatus, 'new')
  }),

  requirement('cancel-on-disconnect-grace', 'With graceMs a session that returns keeps its orders.', async probe => {
    const terms = { cancelOnDisconnect: 'account', graceMs: 60_000, sessionId: probe.newName() }
    const account = await tradingAccount(probe, terms)
    const { orderId } = await placeResting(probe, account)
    account.socket.close()
    await probe.within(account.socket.closed, 'the close', 5_000)
    await probe.sleep(500)
    const { socket } = await probe.logOn({ token: account.token, sessionId: terms.sessionId })
    await socket.ask({ type: 'ping' })
    expectEqual('the order', (await getOrder(probe, account.token, orderId)).orderStatus, 'new')
  }),

  requirement('cancel-on-disconnect-logout', 'cancelOnDisconnect does not act after logout.', async probe => {
    const account = await tradingAccount(probe, { cancelOnDisconnect: 'connection' })
    const { orderId } = await placeResting(probe, account)
    await account.socket.ask({ type: 'logout' })
    await probe.within(account.socket.closed, 'the close', 5_000)
    await probe.sleep(500)
    expectEqual('the order', (await getOrder(probe, account.token, orderId)).orderStatus, 'new')
  }),
])
