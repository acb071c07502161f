// Rooms at a time that the test moves: what members are sent and when, names, limits, exactly-once, mutes, and what
// becomes of a room when it is left or its messages cannot be stored.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertOutbound } from '@papertape/protocol/testing/messages'
import { CodedError } from '../errors/coded-error.ts'
import { TestClock, turns } from '../testing/test-clock.ts'
import { RoomSession } from './room-session.ts'
import { MemoryRoomStore, type RoomStore } from './room-store.ts'
import { Rooms } from './rooms.ts'
import type { SharedText } from './shared-text.ts'

// biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of messages
type Sent = any

function open({ store = new MemoryRoomStore() as RoomStore } = {}) {
  const clock = new TestClock(Date.UTC(2026, 0, 5, 15))
  const rooms = new Rooms({ store, clock, symbols: () => ['PPR'] })
  const errors: unknown[] = []
  /** A connection of an account. */
  function connect(accountId: string) {
    const sent: Sent[] = []
    const send = (text: string) => {
      const message = JSON.parse(text)
      assertOutbound(message)
      sent.push(message)
    }
    const connection = { send, sendShared: ({ text }: SharedText) => send(text) }
    const session = new RoomSession({ rooms, connection, onError: error => errors.push(error) })
    const ask = (type: string, fields: object = {}) =>
      session.handle(accountId, { type, room: 'PPR', ...fields } as never)
    const join = (fields: object = {}) => ask('room.join', fields)
    const say = (text: string, fields: object = {}) => ask('room.message', { text, ...fields })
    return {
      session,
      sent,
      ask,
      join,
      say,
      of: (type: string): Sent[] => sent.filter(message => message.type === type),
    }
  }
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 50) {
      await turns(2)
      clock.pass(Math.min(50, ms - passed))
    }
    await turns(4)
  }
  const member = (accountId: string, fields: object = {}) => {
    const connection = connect(accountId)
    connection.join(fields)
    return connection
  }
  return { rooms, clock, errors, connect, member, pass }
}

const isCoded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code
const texts = (messages: readonly Sent[]) =>
  messages.map(({ messageId, user, text }) => `${messageId} ${user}: ${text}`)

describe('a member', () => {
  test('is sent who is there and what was said, and then each message, its own too', async () => {
    const { member, pass } = open()
    const ann = member('a', { user: 'ann' })
    ann.say('first')
    await pass(0)
    const bob = member('b', { user: 'bob' })
    bob.say('second')
    ann.say('third')
    await pass(0)
    const [joined] = bob.of('room.joined')
    assert.deepEqual([joined.user, joined.users, joined.count], ['bob', ['ann', 'bob'], 2])
    assert.deepEqual(texts(joined.messages), ['1 ann: first'])
    assert.deepEqual(texts(bob.of('room.message')), ['2 bob: second', '3 ann: third'])
    assert.deepEqual(texts(ann.of('room.message')), ['1 ann: first', '2 bob: second', '3 ann: third'])
    assert.deepEqual(
      bob.sent.slice(0, 2).map(({ type }) => type),
      ['room.joined', 'ack'],
    )
  })

  test('is one, however many connections its account has', async () => {
    const { member, pass } = open()
    const tabs = [member('a', { user: 'ann' }), member('a', { user: 'other' })]
    const bob = member('b', { user: 'bob' })
    await pass(1_000)
    assert.deepEqual(
      tabs.map(tab => tab.of('room.joined')[0].user),
      ['ann', 'ann'],
    )
    tabs[0]!.session.leaveAll()
    await pass(1_000)
    assert.deepEqual(
      bob.of('room.presence').flatMap(({ left }) => left),
      [],
    )
    tabs[1]!.session.leaveAll()
    await pass(1_000)
    const { left, count } = bob.of('room.presence').at(-1)
    assert.deepEqual([left, count], [['ann'], 1])
  })

  test('is named once in a room without regard to case, and gets a name when it has none', () => {
    const { connect, member } = open()
    const ann = member('a', { user: 'Ann' })
    assert.throws(() => member('b', { user: 'aNN' }), isCoded('name-taken'))
    ann.session.leaveAll()
    assert.equal(member('b', { user: 'aNN' }).of('room.joined')[0].user, 'aNN')
    const guests = ['p0a1b2c3d4e5f', 'p0a1b2c3d4e60'].map(id => member(id).of('room.joined')[0].user)
    for (const guest of guests) assert.match(guest, /^guest-[0-9a-z]{4}$/)
    assert.notEqual(guests[0], guests[1])
    assert.throws(() => connect('c').say('hello'), isCoded('not-in-room'))
  })

  test('is in sixteen rooms at most, each a symbol or a name', () => {
    const { connect } = open()
    const ann = connect('a')
    assert.throws(() => ann.ask('room.join', { room: 'XYZ' }), isCoded('unknown-symbol'))
    for (let number = 1; number <= 16; number++) ann.ask('room.join', { room: `room-${number}` })
    assert.throws(() => ann.ask('room.join', { room: 'room-17' }), isCoded('too-many-rooms'))
    ann.ask('room.leave', { room: 'room-1' })
    ann.ask('room.join', { room: 'room-17' })
    assert.equal(ann.of('room.joined').length, 17)
  })
})

describe('presence', () => {
  test('is conflated to four notices a second; who joins and leaves in between is not named', async () => {
    const { member, pass } = open()
    const ann = member('a', { user: 'ann' })
    await pass(300)
    for (let number = 0; number < 40; number++) {
      member(`m${number}`, { user: `m${number}` })
      member(`gone${number}`).session.leaveAll()
      await pass(50)
    }
    await pass(300)
    const notices = ann.of('room.presence').slice(1)
    assert.ok(notices.length <= 10, `${notices.length} notices in two seconds`)
    assert.equal(notices.flatMap(({ joined }) => joined).length, 40)
    assert.deepEqual(
      notices.flatMap(({ left }) => left),
      [],
    )
    assert.equal(notices.at(-1).count, 41)
  })
})

describe('typing', () => {
  test('is over three seconds after the last sign of it, or with the message', async () => {
    const { member, pass } = open()
    const [ann, bob, cyd] = ['ann', 'bob', 'cyd'].map(user => member(user, { user }))
    bob!.ask('room.typing')
    cyd!.ask('room.typing')
    await pass(2_000)
    bob!.ask('room.typing')
    const last = () => ann!.of('room.typing').at(-1)
    await pass(950)
    assert.deepEqual(last().users, ['bob', 'cyd'])
    await pass(100)
    assert.deepEqual([last().users, last().count], [['bob'], 1])
    bob!.say('done')
    await pass(600)
    assert.deepEqual([last().users, last().count], [[], 0])
    await pass(10_000)
    const changes = ann!.of('room.typing').length
    assert.equal(changes, 3)
  })

  test('lists five names, and is sent twice a second at most', async () => {
    const { member, pass } = open()
    const members = Array.from({ length: 20 }, (_, number) => member(`m${number}`, { user: `m${number + 10}` }))
    for (const each of members) {
      each.ask('room.typing')
      await pass(50)
    }
    await pass(500)
    const notices = members[0]!.of('room.typing')
    assert.ok(notices.length <= 4, `${notices.length} notices in a second and a half`)
    assert.deepEqual(notices.at(-1).users, ['m10', 'm11', 'm12', 'm13', 'm14'])
    assert.equal(notices.at(-1).count, 20)
  })
})

describe('messages', () => {
  test('are five at once and one a second of an account, over all of its connections', async () => {
    const { member, pass } = open()
    const tabs = [member('a'), member('a')]
    for (let number = 0; number < 5; number++) tabs[number % 2]!.say(`${number}`)
    assert.throws(
      () => tabs[0]!.say('more'),
      error => error instanceof CodedError && error.code === 'room-rate' && error.retryMs === 1_000,
    )
    member('b').say('another account may')
    tabs[0]!.ask('room.join', { room: 'other' })
    tabs[0]!.say('in another room too', { room: 'other' })
    await pass(1_000)
    tabs[1]!.say('again')
    await pass(0)
    assert.deepEqual(
      tabs[0]!
        .of('room.message')
        .map(({ messageId }) => messageId)
        .sort(),
      [1, 1, 2, 3, 4, 5, 6, 7],
    )
  })

  test('that are sent again are the same message, also over another connection and after the room was left', async () => {
    const { member, pass } = open()
    const first = member('a')
    const bob = member('b')
    first.say('once', { clientMessageId: 'm1', requestId: 1 })
    first.say('once', { clientMessageId: 'm1', requestId: 2 })
    await pass(0)
    assert.deepEqual(first.of('ack').slice(1), [
      { type: 'ack', requestId: 1, messageId: 1 },
      { type: 'ack', requestId: 2, messageId: 1, duplicate: true },
    ])
    first.session.leaveAll()
    bob.session.leaveAll()
    const again = member('a')
    again.say('once', { clientMessageId: 'm1', requestId: 3 })
    member('b').say('of another account', { clientMessageId: 'm1' })
    await pass(0)
    assert.deepEqual(again.of('ack').at(-1), { type: 'ack', requestId: 3, messageId: 1, duplicate: true })
    assert.deepEqual(texts(again.of('room.message')).length, 1)
  })

  test('are the last two hundred for who joins; older ones are read in pages', async () => {
    const { rooms, member, pass } = open()
    const accounts = Array.from({ length: 50 }, (_, number) => member(`a${number}`))
    for (const account of accounts) for (let number = 0; number < 5; number++) account.say('x')
    await pass(0)
    const ids = (messages: readonly { messageId: number }[]) => [messages[0]?.messageId, messages.at(-1)?.messageId]
    assert.deepEqual(ids(member('late').of('room.joined')[0].messages), [51, 250])
    const page = rooms.messages('PPR', 100, 51)
    assert.deepEqual([ids(page.messages), page.before], [[1, 50], null])
    const newest = rooms.messages('PPR', 100)
    assert.deepEqual([ids(newest.messages), newest.before], [[151, 250], 151])
    assert.throws(() => rooms.messages('nowhere', 100), isCoded('unknown-room'))
  })

  test('that cannot be stored are sent to nobody, and leave no hole', async () => {
    let isFull = true
    const memory = new MemoryRoomStore()
    const store: RoomStore = {
      lastMessages: () => memory.lastMessages(),
      recent: (...args) => memory.recent(...args),
      append: (...args) => (isFull ? Promise.reject(new Error('disk full')) : memory.append(...args)),
      forget: room => memory.forget(room),
      mutes: () => memory.mutes(),
      mute: (...args) => memory.mute(...args),
    }
    const { member, pass, errors } = open({ store })
    const ann = member('a', { user: 'ann' })
    ann.say('lost', { requestId: 1, clientMessageId: 'm1' })
    ann.say('lost too', { requestId: 2 })
    await pass(0)
    assert.deepEqual(
      ann.of('error').map(({ code, requestId }) => [code, requestId]),
      [
        ['internal', 1],
        ['internal', 2],
      ],
    )
    assert.equal(errors.length, 2)
    isFull = false
    ann.say('again', { clientMessageId: 'm1' })
    await pass(0)
    assert.deepEqual(texts(ann.of('room.message')), ['1 ann: again'])
  })

  test('go on with their numbers after a restart', async () => {
    const store = new MemoryRoomStore()
    const before = open({ store })
    before.member('a', { user: 'ann' }).say('before')
    await before.pass(0)
    const { rooms, member, pass } = open({ store })
    assert.deepEqual(rooms.list(), [{ room: 'PPR', members: 0, messages: 1 }])
    const bob = member('b', { user: 'bob' })
    bob.say('after')
    await pass(0)
    assert.deepEqual(texts(bob.of('room.joined')[0].messages), ['1 ann: before'])
    assert.deepEqual(texts(bob.of('room.message')), ['2 bob: after'])
  })

  test('that wait for other members are not sent to who has left and come back', async () => {
    const { member, pass } = open()
    const [ann, bob] = [member('a', { user: 'ann' }), member('b', { user: 'bob' })]
    ann.say('hello')
    // Stored and in the history, but its delivery is in a later turn.
    await Promise.resolve().then(() => {})
    await Promise.resolve()
    bob.session.leaveAll()
    bob.join({ user: 'bob' })
    await pass(0)
    const seen = [...bob.of('room.joined').flatMap(({ messages }) => messages), ...bob.of('room.message')]
    assert.deepEqual(texts(seen), ['1 ann: hello'])
  })
})

describe('a mute', () => {
  test('refuses the messages of the account, whatever its name, until it ends', async () => {
    const { rooms, member, pass } = open()
    const ann = member('a', { user: 'ann' })
    ann.say('spam')
    await pass(0)
    ann.session.leaveAll()
    rooms.mute('PPR', 'ANN', 60_000)
    const renamed = member('a', { user: 'zoe' })
    assert.throws(
      () => renamed.say('more'),
      error => error instanceof CodedError && error.code === 'muted' && error.retryMs === 60_000,
    )
    renamed.ask('room.join', { room: 'other' })
    renamed.say('elsewhere', { room: 'other' })
    await pass(60_000)
    renamed.say('again')
    rooms.mute('PPR', 'zoe', 60_000)
    rooms.mute('PPR', 'zoe', 0)
    renamed.say('and again')
    await pass(0)
    assert.throws(() => rooms.mute('PPR', 'nobody', 1), isCoded('unknown-user'))
    assert.throws(() => rooms.mute('nowhere', 'ann', 1), isCoded('unknown-room'))
  })

  test('is not ended by a restart, and is forgotten when it has ended', async () => {
    const store = new MemoryRoomStore()
    const before = open({ store })
    before.member('a', { user: 'ann' })
    before.rooms.mute('PPR', 'ann', 60_000)
    const { rooms, member, pass } = open({ store })
    const [ann, bob] = [member('a', { user: 'ann' }), member('b', { user: 'bob' })]
    assert.throws(() => ann.say('muted'), isCoded('muted'))
    bob.say('not muted')
    await pass(60_000)
    ann.say('again')
    rooms.mute('PPR', 'bob', 60_000)
    assert.deepEqual(
      store.mutes().map(({ accountId }) => accountId),
      ['b'],
    )
  })
})

describe('a room', () => {
  test('is gone with its last member when nothing was said in it', async () => {
    const { rooms, member, pass } = open()
    const ann = member('a', { room: 'empty' })
    ann.ask('room.join', { room: 'used' })
    ann.say('hello', { room: 'used' })
    assert.deepEqual(
      rooms.list().map(({ room, members }) => [room, members]),
      [
        ['empty', 1],
        ['used', 1],
      ],
    )
    ann.session.leaveAll()
    await pass(0)
    assert.deepEqual(rooms.list(), [{ room: 'used', members: 0, messages: 1 }])
  })

  test('has a limit of connections, and there is a limit of rooms with a name', () => {
    const { member } = open()
    for (let number = 0; number < 2_000; number++) member(`a${number}`, { user: `u${number}` })
    assert.throws(() => member('late'), isCoded('room-full'))
    for (let number = 0; number < 1_000; number++) member('a', { room: `r${number}` })
    assert.throws(() => member('a', { room: 'one-more' }), isCoded('too-many-rooms'))
  })

  test('that nobody has used for thirty days makes room for another, the oldest first', async () => {
    const { member, rooms, clock, pass } = open()
    const speaker = member('a', { room: 'oldest' })
    speaker.say('first', { room: 'oldest' })
    await pass(1_000)
    for (const room of ['older', 'PPR']) {
      speaker.join({ room })
      speaker.say('second', { room })
    }
    await pass(0)
    speaker.session.leaveAll()
    for (let number = 0; number < 998; number++) member('b', { room: `r${number}` })
    assert.throws(() => member('c', { room: 'one-more' }), isCoded('too-many-rooms'))
    clock.pass(30 * 86_400_000)
    member('c', { room: 'one-more' })
    assert.throws(() => rooms.messages('oldest', 1), isCoded('unknown-room'))
    member('c', { room: 'older' })
    assert.throws(() => member('c', { room: 'another' }), isCoded('too-many-rooms'), 'all have members')
    assert.equal(rooms.messages('PPR', 1).messages.length, 1, 'a symbol keeps its room')
  })
})
