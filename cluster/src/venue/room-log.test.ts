// The records of rooms in a venue's own store: those that it has already change nothing, and the log may be read on
// from before those that are not stored yet.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryRoomStore, type StoredMessage } from '@papertape/gateway'
import { decodeRoomRecord, encodeRoomRecord, type RoomRecord } from '../log/room-record.ts'
import { RoomLog } from './room-log.ts'

const fail = (error: unknown) => {
  throw error
}
const message = (messageId: number): StoredMessage => ({
  messageId,
  user: 'ann',
  text: `${messageId}`,
  ts: messageId,
  accountId: 'a',
  clientMessageId: undefined,
})
const record = (messageId: number): RoomRecord => ({ type: 'message', room: 'PPR', message: message(messageId) })

test('a record is the same after the log', () => {
  const mute: RoomRecord = { type: 'mute', mute: { room: 'PPR', accountId: 'a', untilMs: 5 }, nowMs: 1 }
  for (const one of [record(1), mute, { type: 'forget', room: 'PPR' } as const])
    assert.deepEqual(decodeRoomRecord(encodeRoomRecord(one)), one)
})

test('what is read again after a restart is stored once', async () => {
  const store = new MemoryRoomStore()
  await new RoomLog(store, fail).apply(record(1), 7)
  const again = new RoomLog(store, fail)
  await again.apply(record(1), 7)
  await again.apply(record(2), 8)
  assert.deepEqual(store.recent('PPR', 10), [message(1), message(2)])
  await again.apply({ type: 'forget', room: 'PPR' }, 9)
  await again.apply(record(1), 10)
  assert.deepEqual(store.recent('PPR', 10), [message(1)], 'a room that was forgotten begins anew')
})

test('it is read on from before what is not stored yet', async () => {
  const waiting: (() => void)[] = []
  class SlowStore extends MemoryRoomStore {
    override async append(room: string, given: StoredMessage): Promise<void> {
      await new Promise<void>(resolve => waiting.push(resolve))
      await super.append(room, given)
    }
  }
  const log = new RoomLog(new SlowStore(), fail)
  const stored = [log.apply(record(1), 5), log.apply(record(2), 8)]
  assert.equal(log.storedUpTo(9), 4)
  waiting[0]!()
  await stored[0]
  assert.equal(log.storedUpTo(9), 7)
  waiting[1]!()
  await stored[1]
  assert.equal(log.storedUpTo(9), 9)
})

test('what cannot be stored is a failure of the venue', async () => {
  class FullStore extends MemoryRoomStore {
    override async append(): Promise<void> {
      throw new Error('disk full')
    }
  }
  const failures: unknown[] = []
  await new RoomLog(new FullStore(), error => failures.push(error)).apply(record(1), 1)
  assert.match(String(failures[0]), /disk full/)
})
