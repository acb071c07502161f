// Rooms between real clients over real sockets: what members see of each other, what is refused, and what a kill -9
// leaves of it.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type Channel, type ChannelMessage, logOn, openAccount } from '../support/channel.ts'
import { readOperatorToken } from '../support/market.ts'
import { call } from '../support/rest.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const PRESENCE_MAX_MS = 2_000
const TYPING_MS = 3_000

describe('rooms', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
  })
  after(() => server.dispose())

  let names = 0
  /** A name that no other test of this file uses. */
  const newRoom = () => `room-${++names}`

  /** A member of a new account, unless it has a token. */
  async function member(test: TestContext, room: string, user: string, token?: string) {
    const account = token ?? (await openAccount(server.url)).token
    const { channel } = await logOn(server.url, account)
    test.after(() => channel.socket.terminate())
    const answer = await channel.ask({ type: 'room.join', room, user })
    const say = (text: string, more: object = {}) => channel.ask({ type: 'room.message', room, text, ...more })
    return { channel, token: account, answer, say }
  }
  const texts = (channel: Channel, from = 0): string[] =>
    channel.messages.slice(from).flatMap(message => (message.type === 'room.message' ? [message.text] : []))
  const joinedOf = (channel: Channel): ChannelMessage => channel.messages.find(({ type }) => type === 'room.joined')

  it('bring the messages of two members to both in one order', async test => {
    const room = 'VELTR'
    const [ann, bob] = [await member(test, room, 'ann'), await member(test, room, 'bob')]
    assert.deepEqual(joinedOf(bob.channel).users, ['ann', 'bob'])
    const sent = await Promise.all([1, 2, 3, 4].flatMap(number => [ann.say(`a${number}`), bob.say(`b${number}`)]))
    assert.deepEqual(sent.map(({ messageId }) => messageId).sort(), [1, 2, 3, 4, 5, 6, 7, 8])
    for (const { channel } of [ann, bob])
      await channel.until(({ messageId, text }) => messageId === 8 && text !== undefined)
    assert.deepEqual(texts(ann.channel), texts(bob.channel))
    assert.deepEqual(texts(ann.channel).toSorted(), ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4'])
  })

  it('say who types, for three seconds', async test => {
    const room = newRoom()
    const [ann, bob] = [await member(test, room, 'ann'), await member(test, room, 'bob')]
    await bob.channel.ask({ type: 'room.typing', room })
    const isTyping = (users: readonly string[]) => (message: ChannelMessage) =>
      message.type === 'room.typing' && message.users.join() === users.join()
    await ann.channel.until(isTyping(['bob']))
    const sinceMs = performance.now()
    await ann.channel.until(isTyping([]))
    const typedMs = performance.now() - sinceMs
    assert.ok(typedMs > TYPING_MS - 500, `typed for ${typedMs} ms`)
  })

  it('refuse a name that another account has, control characters, and more than a message a second', async test => {
    const room = newRoom()
    const ann = await member(test, room, 'ann')
    const bob = await member(test, room, 'ANN')
    assert.equal(bob.answer.code, 'name-taken')
    assert.equal((await member(test, room, 'anything', ann.token)).answer.type, 'ack')
    assert.equal((await bob.say('not joined')).code, 'not-in-room')
    for (const text of ['', 'two\nlines', '\u202eevil', 'x'.repeat(501)]) {
      assert.equal((await ann.say(text)).code, 'bad-text', JSON.stringify(text))
    }
    const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => ann.say(`<b>${number}</b>`)))
    const refused = answers.filter(({ code }) => code === 'room-rate')
    assert.ok(refused.length >= 1, 'some of eight messages are over the rate')
    for (const { retryMs } of refused) assert.ok(retryMs > 0 && retryMs <= 1_000)
    assert.equal(texts(ann.channel)[0], '<b>0</b>')
  })

  it('need a logon, and know their symbols', async test => {
    const { channel } = await logOn(server.url, (await openAccount(server.url)).token)
    test.after(() => channel.socket.terminate())
    assert.equal((await channel.ask({ type: 'room.join', room: 'NOSUCH' })).code, 'unknown-symbol')
    assert.equal((await channel.ask({ type: 'room.join', room: 'No such' })).code, 'bad-request')
    assert.equal((await call(server.url, 'GET /v1/rooms')).status, 401)
  })

  it('notice within two seconds that a member has crashed', async test => {
    const room = newRoom()
    const [ann, bob] = [await member(test, room, 'ann'), await member(test, room, 'bob')]
    await ann.channel.until(({ type, joined }) => type === 'room.presence' && joined.includes('bob'))
    const sinceMs = performance.now()
    bob.channel.socket.terminate()
    const { count } = await ann.channel.until(({ type, left }) => type === 'room.presence' && left.includes('bob'))
    const noticedMs = performance.now() - sinceMs
    assert.ok(noticedMs < PRESENCE_MAX_MS, `${noticedMs} ms`)
    assert.equal(count, 1)
    assert.equal((await member(test, room, 'bob')).answer.type, 'ack')
  })

  it('refuse the messages of an account that the operator has muted', async test => {
    const room = newRoom()
    const ann = await member(test, room, 'ann')
    const operator = readOperatorToken(server)
    const mute = (seconds: number, token: string) =>
      call(server.url, `POST /v1/rooms/${room}/mute`, { token, body: { user: 'ann', seconds } })
    assert.equal((await mute(60, ann.token)).status, 403)
    assert.equal((await mute(60, operator)).status, 200)
    const refused = await ann.say('muted')
    assert.equal(refused.code, 'muted')
    assert.ok(refused.retryMs > 0 && refused.retryMs <= 60_000)
    await mute(0, operator)
    assert.equal((await ann.say('not muted')).type, 'ack')
    const { body } = await call(server.url, `GET /v1/rooms/${room}/messages`, { token: operator })
    assert.deepEqual(
      body.messages.map(({ text }: ChannelMessage) => text),
      ['not muted'],
    )
    const listed = await call(server.url, 'GET /v1/rooms', { token: ann.token })
    assert.match(String(listed.headers.ratelimit), /^"reads";r=\d+/)
    const { rooms } = listed.body
    assert.deepEqual(
      rooms.find((listed: ChannelMessage) => listed.room === room),
      { room, members: 1, messages: 1 },
    )
  })

  it('keep each acknowledged message and each mute through a kill -9, once, and go on with their numbers', async test => {
    const room = newRoom()
    const muted = await member(test, room, 'dee')
    const operator = readOperatorToken(server)
    const mute = { user: 'dee', seconds: 600 }
    assert.equal((await call(server.url, `POST /v1/rooms/${room}/mute`, { token: operator, body: mute })).status, 200)
    const members = await Promise.all(['ann', 'bob', 'cyd'].map(user => member(test, room, user)))
    const sent = members.flatMap((_, index) => [1, 2, 3, 4].map(number => ({ index, text: `${index}-${number}` })))
    for (const { index, text } of sent) {
      members[index]!.channel.send({ type: 'room.message', requestId: text, room, text, clientMessageId: text })
    }
    const isAck = ({ type, messageId }: ChannelMessage) => type === 'ack' && messageId !== undefined
    await Promise.any(members.map(({ channel }) => channel.until(isAck)))
    await server.kill('SIGKILL')
    await Promise.all(members.map(({ channel }) => channel.closed))
    const acknowledged = members.flatMap(({ channel }) => channel.messages.filter(isAck))
    await server.restart()

    const again = await Promise.all(members.map(({ token }, index) => member(test, room, `again${index}`, token)))
    const history: ChannelMessage[] = joinedOf(again[0]!.channel).messages
    assert.deepEqual(
      history.map(({ messageId }) => messageId),
      history.map((_, index) => index + 1),
    )
    for (const { messageId, requestId } of acknowledged) assert.equal(history[messageId - 1]?.text, requestId)
    for (const { index, text } of sent) {
      const known = history.find(message => message.text === text)
      const answer = await again[index]!.say(text, { clientMessageId: text })
      assert.equal(answer.type, 'ack')
      if (known !== undefined) assert.deepEqual([answer.messageId, answer.duplicate], [known.messageId, true])
      else assert.equal(answer.duplicate, undefined)
    }
    const { say } = await member(test, room, 'dee', muted.token)
    assert.equal((await say('still muted')).code, 'muted')
    const { channel } = await member(test, room, 'late')
    const kept: string[] = joinedOf(channel).messages.map(({ text }: ChannelMessage) => text)
    assert.deepEqual(kept.toSorted(), sent.map(({ text }) => text).toSorted())
  })
})
