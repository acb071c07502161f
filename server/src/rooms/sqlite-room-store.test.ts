// The store of rooms on a real file: what is read again, what is kept, when messages share a transaction, and what
// happens when they cannot be stored.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { TestClock, turns } from '@papertape/gateway/testing'
import { ROOM_MESSAGES_KEPT } from '@papertape/protocol'
import { createTestFolder } from '../testing/test-folder.ts'
import { SqliteRoomStore } from './sqlite-room-store.ts'

function open() {
  const path = join(createTestFolder('rooms'), 'rooms.sqlite')
  const clock = new TestClock(Date.UTC(2026, 0, 5, 15))
  const store = new SqliteRoomStore(path, clock)
  const append = (messageId: number, room = 'PPR') => store.append(room, messageOf(messageId))
  return { path, clock, store, append }
}

const messageOf = (messageId: number) => ({
  messageId,
  user: 'ann',
  text: `text ${messageId}`,
  ts: 1_767_605_400_300_000 + messageId,
  accountId: 'a1',
  clientMessageId: messageId % 2 === 0 ? `m${messageId}` : undefined,
})

/** As another process sees the file: what is committed. */
function countIn(path: string): number {
  const db = new DatabaseSync(path, { readOnly: true })
  const { count } = db.prepare('SELECT count(*) AS count FROM messages').get() as { count: number }
  db.close()
  return count
}

describe('the store', () => {
  test('has the messages that were acknowledged, without having been closed', async t => {
    const { path, clock, append } = open()
    await Promise.all([append(1), append(2), append(1, 'other')])
    const again = new SqliteRoomStore(path, clock)
    t.after(() => again.close())
    assert.deepEqual(
      [...again.lastMessages()],
      [
        ['PPR', { messageId: 2, ts: messageOf(2).ts }],
        ['other', { messageId: 1, ts: messageOf(1).ts }],
      ],
    )
    assert.deepEqual(again.recent('PPR', 10), [messageOf(1), messageOf(2)])
    assert.deepEqual(again.recent('PPR', 1), [messageOf(2)])
    assert.deepEqual(again.recent('PPR', 10, 2), [messageOf(1)])
    again.forget('PPR')
    assert.deepEqual([[...again.lastMessages().keys()], again.recent('PPR', 10)], [['other'], []])
  })

  test('has the mutes that have not ended, without having been closed', t => {
    const { path, clock, store } = open()
    const mute = (accountId: string, untilMs: number, nowMs = 0) =>
      store.mute({ room: 'PPR', accountId, untilMs }, nowMs)
    mute('a1', 1_000)
    mute('a2', 5_000)
    mute('a2', 6_000)
    mute('a3', 7_000, 2_000.5)
    const again = new SqliteRoomStore(path, clock)
    t.after(() => again.close())
    assert.deepEqual(again.mutes(), [
      { room: 'PPR', accountId: 'a2', untilMs: 6_000 },
      { room: 'PPR', accountId: 'a3', untilMs: 7_000 },
    ])
  })

  test('commits ten times a second at most, and before it acknowledges', async t => {
    const { path, clock, append, store } = open()
    t.after(() => store.close())
    await append(1)
    assert.equal(countIn(path), 1)
    let acknowledged = 0
    for (const messageId of [2, 3]) void append(messageId).then(() => acknowledged++)
    clock.pass(99)
    await turns(2)
    assert.deepEqual([acknowledged, countIn(path)], [0, 1])
    clock.pass(1)
    await turns(2)
    assert.deepEqual([acknowledged, countIn(path)], [2, 3])
  })

  test('keeps the newest messages of each room', async t => {
    const { path, append, store } = open()
    t.after(() => store.close())
    const appends = Array.from({ length: ROOM_MESSAGES_KEPT + 5 }, (_, index) => append(index + 1))
    await Promise.all([...appends, append(1, 'other')])
    assert.equal(countIn(path), ROOM_MESSAGES_KEPT + 1)
    assert.equal(store.recent('PPR', ROOM_MESSAGES_KEPT)[0]?.messageId, 6)
  })

  test('stores all messages of a transaction or none', async t => {
    const { path, clock, append, store } = open()
    t.after(() => store.close())
    await append(1)
    const outcomes = Promise.allSettled([append(2), append(1), append(3)])
    clock.pass(100)
    assert.deepEqual(
      (await outcomes).map(({ status }) => status),
      ['rejected', 'rejected', 'rejected'],
    )
    assert.equal(countIn(path), 1)
    const next = append(2)
    clock.pass(100)
    await next
    assert.equal(countIn(path), 2)
  })

  test('commits what waits when it is closed, and refuses a file of a later version', async () => {
    const { path, clock, append, store } = open()
    const appended = append(1)
    store.close()
    await appended
    assert.equal(countIn(path), 1)
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 9')
    db.close()
    assert.throws(() => new SqliteRoomStore(path, clock), /format 9, of a later version/)
  })
})
