// The rooms of a channel against a server that the test plays: joined again, messages once and in order, what was said
// sent after the join, and one outcome for each call.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TestEnvironment } from '../testing/bad-server.ts'
import type { OutboundMessage } from './channel-messages.ts'
import { type ChannelCommand, ChannelError } from './request-table.ts'
import type { RoomAnswer, RoomEvent } from './room-interface.ts'
import { RoomMemberships } from './room-memberships.ts'

interface Asked {
  readonly command: ChannelCommand
  answer(answer?: object): Promise<void>
  lose(): Promise<void>
}

const lost = new ChannelError('connection-lost', 'The connection was lost')
const isCode = (code: string) => (error: unknown) => error instanceof ChannelError && error.code === code

function open() {
  const clock = new TestEnvironment()
  const asked: Asked[] = []
  const rooms = new RoomMemberships({
    clock,
    random: clock.random,
    timeoutMs: 10_000,
    request: command => {
      const { promise, resolve, reject } = Promise.withResolvers<RoomAnswer>()
      const later = () => new Promise<void>(done => setImmediate(done))
      asked.push({
        command,
        answer(answer = {}) {
          resolve({ type: 'ack', ...answer } as RoomAnswer)
          return later()
        },
        lose() {
          reject(lost)
          return later()
        },
      })
      return promise
    },
  })
  const events: RoomEvent[] = []
  const join = (isReady = true) => rooms.join('r', event => events.push(event), { user: 'ann' }, isReady)
  const messages = (...ids: number[]) =>
    ids.map(messageId => ({ messageId, user: 'bob', text: `t${messageId}`, ts: 1 }))
  const joined = (...ids: number[]) => {
    const message = {
      type: 'room.joined',
      room: 'r',
      user: 'ann',
      users: ['ann'],
      count: 1,
      messages: messages(...ids),
    }
    rooms.receive(message as OutboundMessage)
  }
  const message = (messageId: number) => {
    rooms.receive({ type: 'room.message', room: 'r', ...messages(messageId)[0]! } as OutboundMessage)
  }
  const received = () =>
    events.flatMap(event => (event.type === 'messages' ? event.messages.map(({ messageId }) => messageId) : []))
  const commands = () => asked.map(({ command }) => command.text ?? command.type)
  return { clock, rooms, asked, events, join, joined, message, received, commands }
}

describe('a membership', () => {
  test('delivers each message once and in order, those of a lost connection too', async () => {
    const { rooms, asked, events, join, joined, message, received } = open()
    const answer = join()
    joined(11, 12)
    await asked[0]!.answer()
    assert.equal((await answer).type, 'ack')
    message(13)
    rooms.sendAll()
    message(13)
    joined(11, 12, 13, 14, 15)
    await asked[1]!.answer()
    message(15)
    message(16)
    assert.deepEqual(received(), [11, 12, 13, 14, 15, 16])
    assert.deepEqual(
      asked.map(({ command }) => command.user),
      ['ann', 'ann'],
    )
    const joins = events.filter(event => event.type === 'joined')
    assert.deepEqual(
      joins.map(({ isContinued }) => isContinued),
      [false, true],
    )
  })

  test('says how many messages it missed, and when the room has begun anew', async () => {
    const { rooms, asked, events, join, joined, received } = open()
    void join()
    joined(1, 2)
    await asked[0]!.answer()
    rooms.sendAll()
    joined(201, 202)
    joined(1)
    rooms.replaceMarket()
    joined(500, 501)
    const missed = events.flatMap(event => (event.type === 'messages' ? [event.missed] : []))
    assert.deepEqual(missed, [0, 198, 0, 0])
    assert.deepEqual(received(), [1, 2, 201, 202, 1, 500, 501])
  })

  test('waits for a connection, and ends with a refusal, also of a later join', async () => {
    const { rooms, asked, events, join } = open()
    const refused = { type: 'error', code: 'name-taken', text: '', docs: '' }
    const first = join(false)
    assert.equal(asked.length, 0)
    rooms.sendAll()
    await asked[0]!.lose()
    rooms.sendAll()
    await asked[1]!.answer()
    assert.equal((await first).type, 'ack')
    rooms.sendAll()
    await asked[2]!.answer(refused)
    assert.deepEqual(events, [{ type: 'refused', error: refused }])
    assert.deepEqual(rooms.rooms, [])
    rooms.sendAll()
    assert.equal(asked.length, 3)
  })

  test('is left: waiting calls reject, and nothing more is delivered', async () => {
    const { rooms, asked, join, joined, received } = open()
    const joining = join(false)
    const said = rooms.say('r', 'hello', {})
    const left = rooms.leave('r', true)
    await assert.rejects(joining, isCode('closed'))
    await assert.rejects(said, isCode('closed'))
    await asked[0]!.answer()
    await left
    joined(1)
    assert.deepEqual([received(), asked[0]!.command.type], [[], 'room.leave'])
  })
})

describe('what is said', () => {
  test('is sent after the join, in order, and again after a lost connection under the same id', async () => {
    const { rooms, asked, join, commands } = open()
    void join()
    const said = [rooms.say('r', 'one', {}), rooms.say('r', 'two', { clientMessageId: 'mine' })]
    assert.deepEqual(commands(), ['room.join'])
    await asked[0]!.answer()
    assert.deepEqual(commands(), ['room.join', 'one', 'two'])
    await asked[1]!.answer({ messageId: 1 })
    rooms.connectionLost()
    await asked[2]!.lose()
    said.push(rooms.say('r', 'three', {}))
    rooms.sendAll()
    assert.deepEqual(commands().slice(3), ['room.join'])
    await asked[3]!.answer()
    await asked[4]!.answer({ messageId: 2, duplicate: true })
    await asked[5]!.answer({ messageId: 3 })
    assert.deepEqual(asked[4]!.command, asked[2]!.command)
    assert.equal(asked[4]!.command.clientMessageId, 'mine')
    assert.deepEqual(
      (await Promise.all(said)).map(answer => answer.type === 'ack' && answer.messageId),
      [1, 2, 3],
    )
  })

  test('has a limit of time, over all connections, and an answer after it changes nothing', async () => {
    const { clock, rooms, asked, join } = open()
    void join()
    await asked[0]!.answer()
    const said = rooms.say('r', 'one', {})
    await asked[1]!.lose()
    clock.advance(10_000)
    await assert.rejects(said, isCode('timeout'))
    rooms.sendAll()
    await asked[2]!.answer()
    assert.equal(asked.length, 3)
  })

  test("in a room that was not joined is the server's to refuse", async () => {
    const { rooms, asked } = open()
    const said = rooms.say('elsewhere', 'one', {})
    await asked[0]!.answer({ type: 'error', code: 'not-in-room' })
    assert.equal((await said).type, 'error')
    const cut = rooms.say('elsewhere', 'two', {})
    const rejected = assert.rejects(cut, isCode('connection-lost'))
    await asked[1]!.lose()
    await rejected
  })
})

test('typing is sent once a second, and again at once after a message', async () => {
  const { clock, rooms, asked, join, commands } = open()
  rooms.typing('r')
  void join()
  await asked[0]!.answer()
  for (let key = 0; key < 20; key++) {
    rooms.typing('r')
    clock.advance(100)
  }
  assert.deepEqual(commands().slice(1), ['room.typing', 'room.typing'])
  void rooms.say('r', 'done', {})
  rooms.typing('r')
  assert.deepEqual(commands().slice(3), ['done', 'room.typing'])
})
