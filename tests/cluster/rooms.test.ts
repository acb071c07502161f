// Rooms and rate limits of a market with several gateways: members at different gateways are in one room, each message
// comes once and in order at all of them, also when the leader is killed among them, and what passes at one gateway
// counts at the others.

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Channel, type ChannelMessage, logOn, openAccount } from '../support/channel.ts'
import { type Cluster, openCluster } from '../support/cluster/cluster.ts'
import { readOperatorToken } from '../support/market.ts'
import { findProgram } from '../support/programs/provide-program.ts'
import { call } from '../support/rest.ts'

const program = findProgram('nats-server')
const ROOM = 'lobby'
/** Below what an account may say at once. */
const MESSAGES = 4
const COMMANDS = 40
const FLAGS = ['--symbols', '1', '--commands-per-second', '1', '--command-burst', String(COMMANDS)]

describe('at several gateways', { timeout: 240_000, skip: 'reason' in program ? program.reason : false }, () => {
  let cluster: Cluster
  let one: string
  let other: string

  before(async () => {
    assert.ok('path' in program)
    cluster = await openCluster(program, { venues: 2, gateways: 2, flags: FLAGS })
    ;[one, other] = cluster.gateways.map(({ url }) => url) as [string, string]
  })
  after(() => cluster?.dispose())

  async function member(url: string, user: string): Promise<{ channel: Channel; joined: ChannelMessage }> {
    const { token } = await openAccount(url)
    const { channel } = await logOn(url, token)
    channel.send({ type: 'room.join', room: ROOM, user })
    return { channel, joined: await channel.until(({ type }) => type === 'room.joined') }
  }
  const say = (channel: Channel, text: string) => channel.ask({ type: 'room.message', room: ROOM, text })
  const received = (channel: Channel) => channel.messages.filter(({ type }) => type === 'room.message')
  const texts = (messages: readonly ChannelMessage[]) => messages.map(({ text }) => text)

  it('members talk in one room, under names of their own', async () => {
    const ann = await member(one, 'ann')
    const bob = await member(other, 'bob')
    assert.deepEqual(bob.joined.users, ['ann', 'bob'])
    await ann.channel.until(({ type, joined }) => type === 'room.presence' && joined.includes('bob'))
    const { token } = await openAccount(other)
    const { channel } = await logOn(other, token)
    assert.equal((await channel.ask({ type: 'room.join', room: ROOM, user: 'Ann' })).code, 'name-taken')
    assert.equal((await channel.ask({ type: 'room.message', room: ROOM, text: 'x' })).code, 'not-in-room')

    const ack = await say(ann.channel, 'hello')
    assert.deepEqual([ack.type, ack.messageId, ack.duplicate], ['ack', 1, undefined])
    await bob.channel.until(({ text }) => text === 'hello')
    await say(bob.channel, 'hi')
    for (const { channel } of [ann, bob]) {
      await channel.until(({ text }) => text === 'hi')
      assert.deepEqual(texts(received(channel)), ['hello', 'hi'])
    }
    const operator = readOperatorToken(cluster)
    const body = { user: 'ann', seconds: 60 }
    assert.equal((await call(other, `POST /v1/rooms/${ROOM}/mute`, { token: operator, body })).status, 200)
    assert.equal((await say(ann.channel, 'nobody reads this')).code, 'muted')
    const { messages } = (await call(other, `GET /v1/rooms/${ROOM}/messages`, { token: operator })).body
    assert.deepEqual(texts(messages), ['hello', 'hi'])
    const { rooms } = (await call(one, 'GET /v1/rooms', { token: operator })).body
    assert.deepEqual(
      rooms.map(({ room, members, messages }: ChannelMessage) => [room, members, messages]),
      [[ROOM, 2, 2]],
    )
    for (const { channel } of [ann, bob]) channel.socket.close()
    await Promise.all([ann.channel.closed, bob.channel.closed])
  })

  it('each message comes once and in order, also when the leader is killed among them', async () => {
    const cat = await member(one, 'cat')
    const dan = await member(other, 'dan')
    const first: number = cat.joined.messages.at(-1).messageId + 1
    const saying = Array.from({ length: MESSAGES }, (_, n) => say(cat.channel, `cat ${n}`))
    const leader = await cluster.leader()
    await leader.child.end('SIGKILL')
    saying.push(...Array.from({ length: MESSAGES }, (_, n) => say(dan.channel, `dan ${n}`)))
    const ids = (await Promise.all(saying)).map(({ messageId }) => messageId as number)
    const expected = Array.from({ length: 2 * MESSAGES }, (_, n) => first + n)
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      expected,
      'each has a number of its own',
    )
    for (const { channel } of [cat, dan]) {
      await channel.until(({ type, messageId }) => type === 'room.message' && messageId === expected.at(-1))
      assert.deepEqual(
        received(channel).map(({ messageId }) => messageId),
        expected,
      )
    }
    const eve = await member(other, 'eve')
    assert.deepEqual(eve.joined.users, ['cat', 'dan', 'eve'], 'the next leader knows the members')
    assert.deepEqual(texts(eve.joined.messages).slice(-2 * MESSAGES), texts(received(cat.channel)))
    await leader.child.start()
  })

  it('members of a gateway that is killed leave', async () => {
    const fay = await member(one, 'fay')
    assert.ok((await member(other, 'gus')).joined.users.includes('fay'))
    await cluster.gateways[1]!.child.end('SIGKILL')
    await fay.channel.until(({ type, left }) => type === 'room.presence' && left.includes('gus'))
    await cluster.gateways[1]!.child.start()
  })

  it('commands of an account are limited together', async () => {
    const { token } = await openAccount(one)
    const channels = await Promise.all([one, other].map(async url => (await logOn(url, token)).channel))
    let passed = 0
    const pass = async (channel: Channel) => {
      const { type, code } = await channel.ask({ type: 'order.cancelAll' })
      if (type === 'ack') passed++
      else assert.equal(code, 'rate-limited')
      return type === 'ack'
    }
    for (let n = 0; n < COMMANDS / 2; n++) for (const channel of channels) await pass(channel)
    assert.ok(passed >= COMMANDS / 2, `${passed} have passed`)
    // What passes at one is known at the other 100 ms later.
    for (const untilMs = performance.now() + 10_000; ; await pause(200)) {
      const answers = await Promise.all(channels.map(pass))
      if (answers.every(hasPassed => !hasPassed)) break
      assert.ok(performance.now() < untilMs, 'more pass than may')
    }
    assert.ok(passed < 1.5 * COMMANDS, `${passed} have passed: each gateway has a limit of its own`)
  })
})
