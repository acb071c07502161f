// One room from its events: what was said, what is unread, who is there, and the own messages on their way.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomEvent } from '@papertape/client'
import {
  type RoomTalk,
  startTalk,
  unreadOf,
  withAllRead,
  withEvent,
  withFailure,
  withSending,
  withSent,
} from './room-talk.ts'

const said = (...ids: number[]): RoomEvent => ({
  type: 'messages',
  missed: 0,
  messages: ids.map(messageId => ({ messageId, user: 'bob', text: `t${messageId}`, ts: messageId })),
})
const joined = (isContinued = false): RoomEvent => ({
  type: 'joined',
  user: 'ann',
  users: ['ann', 'bob'],
  count: 2,
  isContinued,
})
const after = (events: readonly RoomEvent[], talk = startTalk('desk', 'ann', 0)): RoomTalk =>
  events.reduce(withEvent, talk)
const idsOf = ({ messages }: RoomTalk) => messages.map(({ messageId }) => messageId)

test('a message of others is unread until it was shown; those of before a reload are not', () => {
  const talk = after([joined(), said(1, 2, 3)], startTalk('desk', 'ann', 2))
  assert.equal(unreadOf(talk), 1)
  const read = withAllRead(talk)
  assert.deepEqual([unreadOf(read), read.readId], [0, 3])
  const own = withEvent(read, {
    ...said(4),
    messages: [{ messageId: 4, user: 'ann', text: 'own', ts: 4 }],
  } as RoomEvent)
  assert.equal(unreadOf(own), 0)
})

test('after a reconnect messages go on; a room that has begun anew is shown anew, and all of it is unread', () => {
  const talk = withAllRead(after([joined(), said(1, 2)]))
  assert.deepEqual(idsOf(after([joined(true), said(3)], talk)), [1, 2, 3])
  const anew = after([joined(), said(1)], talk)
  assert.deepEqual([idsOf(anew), unreadOf(anew)], [[1], 1])
})

test('who joins and leaves is named, and nobody types who has written or left', () => {
  const talk = after([joined(), { type: 'typing', users: ['ann', 'bob', 'cyd'], count: 3 }])
  assert.deepEqual(talk.typing, ['bob', 'cyd'])
  assert.deepEqual(withEvent(talk, said(1)).typing, ['cyd'])
  const moved = withEvent(talk, { type: 'presence', joined: ['dan'], left: ['bob'], count: 2 })
  assert.deepEqual([moved.users, moved.count, moved.typing], [['ann', 'dan'], 2, []])
})

test('an own message is shown once, whether its answer or the message comes first', () => {
  const sending = withSending(after([joined(), said(1)]), 'm', 'hello')
  const answered = withSent(sending, 'm', 2)
  assert.equal(answered.outgoing.length, 1)
  const shown = withEvent(answered, said(2))
  assert.deepEqual([shown.outgoing.length, shown.sentIds.has(2)], [0, true])
  assert.equal(withSent(withEvent(sending, said(2)), 'm', 2).outgoing.length, 0)
})

test('a message that failed keeps its id, and goes to the end when it is sent again', () => {
  const failed = withFailure(withSending(after([joined()]), 'm', 'one'), 'm', { code: 'timeout', text: 'late' })
  assert.equal(failed.outgoing[0]?.problem?.code, 'timeout')
  const again = withSending(withSending(failed, 'n', 'two'), 'm', 'one')
  assert.deepEqual(
    again.outgoing.map(({ clientMessageId, problem }) => [clientMessageId, problem]),
    [
      ['n', null],
      ['m', null],
    ],
  )
})

test('a refused join says why, and nobody is there', () => {
  const error = { type: 'error', code: 'name-taken', text: 'taken', docs: '' } as const
  const { status, refusal, users } = after([joined(), { type: 'refused', error }])
  assert.deepEqual([status, refusal?.code, users], ['refused', 'name-taken', []])
})
