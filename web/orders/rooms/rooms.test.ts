// The rooms of a page over a channel that the test plays: joined on each channel, sent once, read when seen, renamed,
// and every refusal on its message.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChannelError, type RoomAnswer, type RoomEntry, type RoomEvent, type RoomHandler } from '@papertape/client'
import { createFrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createObservable } from '../../reactive/observable.ts'
import { manualClock } from '../../testing/manual-clock.ts'
import type { JoinedRooms } from './joined-rooms.ts'
import { unreadOf } from './room-talk.ts'
import { createPageRooms } from './rooms.ts'

interface Said {
  readonly text: string
  readonly clientMessageId: string | undefined
  answer(answer: object): Promise<void>
  lose(): Promise<void>
}

function openChannel() {
  const calls: string[] = []
  const handlers = new Map<string, RoomHandler>()
  const said: Said[] = []
  const settled = () => new Promise<void>(done => setImmediate(done))
  const entry: RoomEntry = {
    joinRoom(room, handler, { user = '' } = {}) {
      calls.push(`join ${room} ${user}`.trim())
      handlers.set(room, handler)
      return new Promise(() => {})
    },
    async leaveRoom(room) {
      calls.push(`leave ${room}`)
    },
    say(_, text, { clientMessageId } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<RoomAnswer>()
      said.push({
        text,
        clientMessageId,
        answer(answer) {
          resolve(answer as RoomAnswer)
          return settled()
        },
        lose() {
          reject(new ChannelError('timeout', 'late'))
          return settled()
        },
      })
      return promise
    },
    typing: room => void calls.push(`typing ${room}`),
  }
  const send = (room: string, event: RoomEvent) => handlers.get(room)!(event)
  return { entry, calls, said, send }
}

function open(stored: Partial<JoinedRooms> = {}) {
  const clock = manualClock()
  const channel = openChannel()
  const entry = createObservable<RoomEntry | null>(channel.entry)
  const joined = createObservable<JoinedRooms>({ rooms: [], name: '', open: '', ...stored })
  const announced: string[] = []
  let ids = 0
  const ports = {
    entry,
    joined,
    rooms: async () => [{ room: 'desk', members: 1, messages: 2 }],
    announce: (text: string) => void announced.push(text),
    nowMs: () => 1_000,
    newId: () => `m${++ids}`,
    setTimer: () => () => {},
  }
  const rooms = createPageRooms(ports, createFrameScheduler(clock))
  const talks = () => {
    clock.frames(3)
    return rooms.talks.get()
  }
  const unread = () => {
    clock.frames(3)
    return rooms.unread.get()
  }
  return { rooms, channel, entry, joined, announced, talks, unread }
}

const joinedAs = (user: string): RoomEvent => ({ type: 'joined', user, users: [user], count: 1, isContinued: false })
const saidBy = (user: string, ...ids: number[]): RoomEvent => ({
  type: 'messages',
  missed: 0,
  messages: ids.map(messageId => ({ messageId, user, text: `t${messageId}`, ts: messageId })),
})

test('the rooms of before are joined again on each channel, under their names', () => {
  const { channel, entry, talks } = open({ rooms: [{ room: 'desk', user: 'ann', readId: 3 }] })
  assert.deepEqual(channel.calls, ['join desk ann'])
  channel.send('desk', joinedAs('ann'))
  channel.send('desk', saidBy('bob', 1, 2, 3, 4))
  assert.equal(unreadOf(talks()[0]!), 1)
  entry.set(null)
  assert.equal(talks()[0]!.messages.length, 0)
  const next = openChannel()
  entry.set(next.entry)
  assert.deepEqual(next.calls, ['join desk ann'])
})

test('what was typed is kept over another channel, and has the reason why it was not sent', async () => {
  const { rooms, channel, entry, talks } = open()
  rooms.join('desk', 'ann')
  rooms.say('desk', 'hello')
  entry.set(null)
  await channel.said[0]!.lose()
  entry.set(openChannel().entry)
  const { text, problem } = talks()[0]!.outgoing[0]!
  assert.deepEqual([text, problem !== null], ['hello', true])
})

test('what is seen is read, and the rest is counted', () => {
  const { rooms, channel, joined, announced, unread } = open()
  rooms.join('desk', 'ann')
  rooms.join('VELTR', '')
  assert.deepEqual(channel.calls, ['join desk ann', 'join VELTR'])
  rooms.setSeen('desk')
  for (const room of ['desk', 'VELTR']) {
    channel.send(room, joinedAs('ann'))
    channel.send(room, saidBy('bob', 1))
    channel.send(room, saidBy('bob', 2))
  }
  assert.equal(unread(), 2)
  assert.deepEqual(
    joined.get().rooms.map(({ room, user, readId }) => [room, user, readId]),
    [
      ['desk', 'ann', 2],
      ['VELTR', '', 0],
    ],
  )
  // The history of a room is not read out, nor what is said where nobody looks.
  assert.deepEqual(announced, ['bob: t2'])
  rooms.setSeen('VELTR')
  assert.equal(unread(), 0)
})

test('a message is sent once; one that failed is sent again under its id', async () => {
  const { rooms, channel, announced, talks } = open()
  rooms.join('desk', '')
  channel.send('desk', joinedAs('guest-1'))
  rooms.say('desk', 'hello')
  assert.equal(talks()[0]!.outgoing[0]!.problem, null)
  await channel.said[0]!.lose()
  assert.equal(talks()[0]!.outgoing[0]!.problem?.code, 'timeout')
  assert.match(announced[0]!, /^Not sent: No answer/)
  rooms.sayAgain('desk', 'm1')
  assert.deepEqual(
    channel.said.map(({ text, clientMessageId }) => [text, clientMessageId]),
    [
      ['hello', 'm1'],
      ['hello', 'm1'],
    ],
  )
  await channel.said[1]!.answer({ type: 'ack', messageId: 1, duplicate: true })
  channel.send('desk', saidBy('guest-1', 1))
  assert.deepEqual([talks()[0]!.outgoing, talks()[0]!.messages.length], [[], 1])
})

test('a mute is known until it ends, or a message passes', async () => {
  const { rooms, channel, talks } = open()
  rooms.join('desk', '')
  rooms.say('desk', 'one')
  await channel.said[0]!.answer({ type: 'error', code: 'muted', text: '', docs: '', retryMs: 60_000 })
  assert.deepEqual([talks()[0]!.mutedUntilMs, talks()[0]!.outgoing[0]!.problem?.code], [61_000, 'muted'])
  rooms.sayAgain('desk', 'm1')
  await channel.said[1]!.answer({ type: 'ack', messageId: 1 })
  assert.equal(talks()[0]!.mutedUntilMs, 0)
  rooms.say('desk', 'two')
  rooms.leave('desk')
  await channel.said[2]!.lose()
  assert.deepEqual([talks(), channel.calls.at(-1)], [[], 'leave desk'])
})

test('another name is had by leaving and joining again; what was typed stays', async () => {
  const { rooms, channel, joined, talks } = open()
  rooms.join('desk', 'ann')
  rooms.say('desk', 'waits')
  await rooms.rename('desk', 'zoe')
  assert.deepEqual(channel.calls, ['join desk ann', 'leave desk', 'join desk zoe'])
  assert.equal(talks()[0]!.outgoing[0]!.text, 'waits')
  assert.deepEqual([joined.get().rooms[0]!.user, joined.get().name], ['zoe', 'zoe'])
  channel.send('desk', { type: 'refused', error: { type: 'error', code: 'name-taken', text: '', docs: '' } as never })
  assert.deepEqual([talks()[0]!.status, talks()[0]!.refusal?.code], ['refused', 'name-taken'])
})

test('the list of rooms is loaded when it is asked for, and says why it is not', async () => {
  const { rooms } = open()
  assert.deepEqual(rooms.directory.get().rooms, [])
  rooms.loadDirectory()
  await Promise.resolve()
  await Promise.resolve()
  assert.deepEqual(rooms.directory.get(), {
    rooms: [{ room: 'desk', members: 1, messages: 2 }],
    isLoading: false,
    problem: null,
  })
})
