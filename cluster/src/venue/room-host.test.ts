// The rooms at the leader without a network: connections of two gateways in one room, requests that come again, and
// what the next leader gets and sends. The log between the leaders is a list.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryRoomStore, type RoomRequest } from '@papertape/gateway'
import { TestClock, turns } from '@papertape/gateway/testing'
import type { RestoredConnection, RoomDelivery, RoomMessageToGateway } from '../log/room-messages.ts'
import { decodeRoomRecord } from '../log/room-record.ts'
import { RoomHost } from './room-host.ts'
import { RoomLog } from './room-log.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
type Sent = any

const fail = (error: unknown) => {
  throw error
}

function openLeader({ term = 1, records = [] as Uint8Array[] } = {}) {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 15))
  const store = new RoomLog(new MemoryRoomStore(), fail)
  for (const [at, record] of records.entries()) void store.apply(decodeRoomRecord(record), at + 1)
  store.lead((data, stored) => {
    records.push(data)
    setImmediate(() => stored(records.length))
  })
  const sent: { gateway: string; message: RoomMessageToGateway }[] = []
  const send = (gateway: string, message: RoomMessageToGateway) => sent.push({ gateway, message })
  const host = new RoomHost({ store, clock, symbols: ['PPR'], term, send, onError: fail })
  const begin = (gateway: string, connections: RestoredConnection[] = []) =>
    host.receive({ type: 'restore', gateway, isFirst: true, connections })
  let number = 0
  const ask = (gateway: string, accountId: string, request: RoomRequest, known = ++number) =>
    host.receive({ type: 'request', gateway, connection: 1, number: known, accountId, request })
  const deliveries = (gateway: string): readonly RoomDelivery[] =>
    sent.flatMap(one => (one.gateway === gateway ? one.message.deliveries : []))
  const texts = (gateway: string): Sent[] =>
    deliveries(gateway).flatMap(delivery => ('text' in delivery ? JSON.parse(delivery.text) : []))
  const messages = (gateway: string) => texts(gateway).filter(({ type }) => type === 'room.message')
  return { host, records, sent, begin, ask, deliveries, texts, messages }
}

const join = (user: string): RoomRequest => ({ type: 'room.join', room: 'PPR', user })
const say = (text: string, clientMessageId: string): RoomRequest => ({
  type: 'room.message',
  room: 'PPR',
  text,
  clientMessageId,
})

test('members at two gateways are in one room, and a gateway that is not known is asked for what it has', async () => {
  const { sent, begin, ask, deliveries, texts, messages } = openLeader()
  ask('a', 'ann', join('ann'))
  assert.deepEqual(sent, [{ gateway: 'a', message: { term: 1, restore: true, deliveries: [] } }])
  begin('a')
  begin('b')
  ask('a', 'ann', join('ann'))
  ask('b', 'bob', join('bob'))
  ask('b', 'bob', say('hi', 'm-1'))
  await turns(5)
  for (const gateway of ['a', 'b']) {
    assert.deepEqual(
      messages(gateway).map(({ user, text }) => [user, text]),
      [['bob', 'hi']],
    )
  }
  assert.deepEqual(texts('b')[0].users, ['ann', 'bob'])
  assert.deepEqual(
    deliveries('b').filter(delivery => !('text' in delivery)),
    [
      { of: 1, served: 3 },
      { of: 1, served: 4 },
      { of: 1, answered: 4 },
    ],
  )
})

test('a request that comes again is served once, and refused again', async () => {
  const { begin, ask, deliveries, messages } = openLeader()
  begin('a')
  ask('a', 'ann', join('ann'), 1)
  for (let times = 0; times < 3; times++) ask('a', 'ann', say('once', 'm-1'), 2)
  for (let times = 0; times < 2; times++) ask('a', 'ann', say('', 'm-2'), 3)
  await turns(5)
  assert.equal(messages('a').length, 1)
  const served = deliveries('a').flatMap(one => ('served' in one ? [[one.served, one.error?.code]] : []))
  assert.deepEqual(served.slice(1), [
    ...Array.from({ length: 3 }, () => [2, undefined]),
    ...Array.from({ length: 2 }, () => [3, 'bad-text']),
  ])
})

test('the next leader has the messages, and sends a connection those that it missed', async () => {
  const first = openLeader()
  first.begin('a')
  first.ask('a', 'ann', join('ann'), 1)
  for (const [n, text] of ['one', 'two', 'three'].entries()) first.ask('a', 'ann', say(text, `m-${n}`), n + 2)
  await turns(8)
  assert.equal(first.records.length, 3)
  const next = openLeader({ term: 2, records: first.records })
  await turns(2)
  const rooms = [{ room: 'PPR', user: 'ann', lastMessageId: 1 }]
  next.begin('a', [{ connection: 1, accountId: 'ann', number: 3, rooms }])
  // Carried out by the leader before, which could not say so.
  next.ask('a', 'ann', say('three', 'm-2'), 4)
  await turns(8)
  assert.deepEqual(
    next.messages('a').map(({ messageId, text }) => [messageId, text]),
    [
      [2, 'two'],
      [3, 'three'],
    ],
  )
  assert.ok(next.texts('a').every(({ type }) => type !== 'room.joined'))
  assert.deepEqual(
    next.texts('a').find(({ type }) => type === 'ack'),
    { type: 'ack', messageId: 3, duplicate: true },
  )
  assert.equal(next.records, first.records)
  assert.equal(next.records.length, 3)
})

test('the members of a gateway that is lost leave', async () => {
  const { host, begin, ask } = openLeader()
  begin('a')
  ask('a', 'ann', join('ann'), 1)
  await turns(2)
  const members = () => (host.answer({ type: 'list' }) as { result: { members: number }[] }).result
  assert.equal(members()[0]!.members, 1)
  host.lose('a')
  assert.deepEqual(members(), [])
})
