// Connections that end, are taken over and log out at any moment, also while a query is pending: a connection that has
// gone leaves no session and no reader behind.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Inbound } from '@papertape/protocol'
import { holdsAsync } from '@papertape/protocol/testing'
import type { EncodedPrivateEvent } from '@papertape/venue'
import { ManualClock } from '@papertape/venue'
import fc from 'fast-check'
import { Accounts } from '../accounts/accounts.ts'
import { CHANNEL_LIMITS } from '../channel/channel-limits.ts'
import { CodedError } from '../errors/coded-error.ts'
import { commandRate } from '../limits/command-rate.ts'
import { testSecrets } from '../testing/test-secrets.ts'
import type { VenueClient } from '../venue-client.ts'
import { OrderSession } from './order-session.ts'
import { PrivateStreams } from './private-streams.ts'
import { SESSIONS_MAX, SessionRegistry } from './session-registry.ts'

const ACCOUNT = 'p1'
type Message = Exclude<Inbound, { type: 'subscribe' | 'unsubscribe' | `room.${string}` }>

interface Query {
  readonly name: string
  settle(): void
}

function createDesk() {
  const registry = new SessionRegistry()
  const streams = new PrivateStreams()
  const queries: Query[] = []
  const canceled: string[] = []
  let lastSeq = 0
  let lastId = 0
  const stored = (from: number, limit: number) =>
    Array.from({ length: Math.max(0, Math.min(limit, lastSeq - from + 1)) }, (_, i) => event(from + i))
  const event = (seq: number): EncodedPrivateEvent => ({ accountId: ACCOUNT, seq, data: JSON.stringify({ seq }) })
  const answers: Record<string, (ask: { from: number; limit: number }) => unknown> = {
    findToken: () => ({ accountId: ACCOUNT, lastSeq, tokenId: 't1', readOnly: false, expiresUs: null }),
    account: () => ({ seq: lastSeq, orders: [], positions: [], balance: {} }),
    privateRange: () => ({ oldest: 1, lastSeq }),
    privateEvents: ({ from, limit }) => stored(from, limit),
  }
  const venue = {
    query: (name: string, ask: { from: number; limit: number }) =>
      new Promise(resolve => queries.push({ name, settle: () => resolve(answers[name]!(ask)) })),
    submit: ({ type }: { type: string }) => {
      if (type.startsWith('session.lose')) canceled.push(type)
      return { commandId: ++lastId, answer: Promise.resolve({ type: 'done' }) }
    },
  } as unknown as VenueClient

  function connect() {
    const seqs: number[] = []
    const sent: string[] = []
    const connection = { isOpen: true, seqs, sent, send, close }
    const wire = {
      send: (text: string) => {
        if (!connection.isOpen) return
        const { type, seq } = JSON.parse(text) as { type?: string; seq?: number }
        if (type !== undefined) sent.push(type)
        if (seq !== undefined) seqs.push(seq)
      },
      room: () => Promise.resolve(),
      close,
      cut: close,
      closeAtRequest: close,
    }
    const clock = new ManualClock(0)
    const deps = {
      venue,
      accounts: new Accounts(venue, testSecrets(), clock),
      streams,
      registry,
      limits: CHANNEL_LIMITS,
      commands: commandRate(CHANNEL_LIMITS, () => 0),
      privateEpoch: () => 'k3f9',
      clock,
      newSessionId: () => `s${++lastId}`,
      onError: (error: unknown) => assert.fail(error as Error),
    }
    const session = new OrderSession(deps, wire, undefined)
    let turn = Promise.resolve()
    // Like the channel: in order, one at a time, none after the end of the connection.
    function send(message: Message): void {
      turn = turn
        .then(() => (connection.isOpen ? session.handle(message) : undefined))
        .catch(error => {
          if (!(error instanceof CodedError)) throw error
          sent.push(error.code)
        })
    }
    function close(): void {
      connection.isOpen = false
      session.disconnected()
    }
    return connection
  }
  return {
    registry,
    streams,
    queries,
    canceled,
    connect,
    publish() {
      streams.publish([event(++lastSeq)])
    },
    async settleAll() {
      for (let rounds = 0; rounds < 200; rounds++) {
        for (const { settle } of queries.splice(0)) settle()
        await new Promise(setImmediate)
        if (queries.length === 0) return
      }
      throw new Error('the queries do not end')
    },
  }
}

const settled = () => new Promise(setImmediate)
const logon = (more: object = {}): Message => ({ type: 'logon', token: 'pt_x', ...more }) as Message

describe('a connection that is cut', () => {
  for (const asked of ['findToken', 'account', 'privateRange', 'privateEvents'] as const) {
    test(`while ${asked} is asked leaves no session and no reader behind`, async () => {
      const desk = createDesk()
      desk.publish()
      const cut = desk.connect()
      cut.send(logon(asked.startsWith('private') ? { nextSeq: 1 } : {}))
      await settled()
      while (desk.queries[0]!.name !== asked) {
        desk.queries.shift()!.settle()
        await settled()
      }
      cut.close()
      await desk.settleAll()
      assert.deepEqual([desk.registry.count(ACCOUNT), desk.streams.accounts], [0, 0])
    })
  }

  test('during each of many logons does not use up the sessions of the account', async () => {
    const desk = createDesk()
    for (let i = 0; i < 3 * SESSIONS_MAX; i++) {
      const cut = desk.connect()
      cut.send(logon())
      await settled()
      cut.close()
      await desk.settleAll()
    }
    const last = desk.connect()
    last.send(logon())
    await settled()
    await desk.settleAll()
    assert.deepEqual(last.sent, ['logon.ok', 'account.snapshot'])
  })

  test('during a resend causes no further query', async () => {
    const desk = createDesk()
    for (let i = 0; i < 1_000; i++) desk.publish()
    const cut = desk.connect()
    cut.send(logon())
    await settled()
    await desk.settleAll()
    cut.send({ type: 'resend', from: 1 })
    await settled()
    cut.close()
    desk.queries.shift()!.settle()
    await settled()
    assert.deepEqual(desk.queries, [])
  })

  test('cancels the orders once, and not after a logout', async () => {
    for (const isLoggedOut of [false, true]) {
      const desk = createDesk()
      const cut = desk.connect()
      cut.send(logon({ cancelOnDisconnect: 'account' }))
      await settled()
      await desk.settleAll()
      if (isLoggedOut) {
        cut.send({ type: 'logout' })
        await settled()
      }
      cut.close()
      cut.close()
      assert.deepEqual(desk.canceled, isLoggedOut ? [] : ['session.lose'])
    }
  })
})

test('a second logon on a connection is refused, also while the first is pending', async () => {
  const desk = createDesk()
  const connection = desk.connect()
  connection.send(logon())
  connection.send(logon({ sessionId: 'other' }))
  await settled()
  await desk.settleAll()
  assert.deepEqual(connection.sent, ['logon.ok', 'account.snapshot', 'bad-request'])
  assert.equal(desk.registry.count(ACCOUNT), 1)
})

test('only open connections hold sessions, in any order of ends, takeovers and logouts', async () => {
  const anyIndex = fc.nat(7)
  const anyMove = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('logon' as const),
        sessionId: fc.constantFrom(undefined, 'a', 'b'),
        nextSeq: fc.constantFrom(undefined, 1),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), index: anyIndex }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom('close' as const, 'logout' as const, 'resend' as const, 'again' as const),
        index: anyIndex,
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('publish' as const) }) },
  )
  const property = fc.asyncProperty(fc.array(anyMove, { maxLength: 40 }), async moves => {
    const desk = createDesk()
    const connections: ReturnType<typeof desk.connect>[] = []
    for (const move of moves) {
      if (move.do === 'logon') {
        const { sessionId, nextSeq } = move
        const connection = desk.connect()
        connection.send(logon({ ...(sessionId && { sessionId }), ...(nextSeq && { nextSeq }) }))
        connections.push(connection)
      } else if (move.do === 'publish') desk.publish()
      else if (move.do === 'settle') desk.queries.splice(move.index % Math.max(1, desk.queries.length), 1)[0]?.settle()
      else {
        const connection = connections[move.index % Math.max(1, connections.length)]
        if (move.do === 'close') connection?.close()
        else if (move.do === 'logout') connection?.send({ type: 'logout' })
        else if (move.do === 'resend') connection?.send({ type: 'resend', from: 1 })
        else connection?.send(logon())
      }
      await settled()
      assert.ok(desk.registry.count(ACCOUNT) <= connections.filter(({ isOpen }) => isOpen).length)
    }
    await desk.settleAll()
    const loggedOn = connections.filter(({ isOpen, sent }) => isOpen && sent.includes('logon.ok'))
    assert.equal(desk.registry.count(ACCOUNT), loggedOn.length)
    assert.equal(desk.streams.accounts, Math.min(1, loggedOn.length))
    desk.publish()
    for (const { seqs } of loggedOn) assert.equal(seqs.at(-1), Math.max(...seqs), 'live')
    for (const connection of connections) connection.close()
    assert.deepEqual([desk.registry.count(ACCOUNT), desk.streams.accounts], [0, 0])
  })
  await holdsAsync(import.meta.filename, property, 100)
})
