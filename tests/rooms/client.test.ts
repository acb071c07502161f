// Two clients that talk over a server which is killed: each message reaches both once, in one order, and a refusal of a
// room holds up no order.

import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type OrderChannel, openOrderChannel, type RoomEvent, type SocketConstructor } from '@papertape/client'
import { within } from '@papertape/protocol/testing/within'
import { WebSocket } from 'ws'
import { openAccount } from '../support/channel.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const WAIT_MAX_MS = 30_000

describe('rooms of the client', () => {
  let server: RunningServer
  before(async () => {
    server = await startServer({ flags: ['--symbols', '2'] })
  })
  after(() => server.dispose())

  async function openClient(test: TestContext) {
    const { token } = await openAccount(server.url)
    const channel: OrderChannel = openOrderChannel({
      baseUrl: server.url,
      token,
      timeoutMs: WAIT_MAX_MS,
      WebSocket: WebSocket as unknown as SocketConstructor,
    })
    test.after(() => channel.close())
    const events: RoomEvent[] = []
    let look = () => {}
    const handle = (event: RoomEvent) => {
      events.push(event)
      look()
    }
    const texts = () =>
      events.flatMap(event => (event.type === 'messages' ? event.messages.map(({ text }) => text) : []))
    const until = (holds: () => boolean, what: string) =>
      within(
        new Promise<void>(resolve => {
          look = () => holds() && resolve()
          look()
        }),
        what,
        WAIT_MAX_MS,
      )
    return { channel, events, handle, texts, until }
  }

  it('bring each message to both once, in one order, over a kill -9 of the server', async test => {
    const [ann, bob] = [await openClient(test), await openClient(test)]
    await ann.channel.joinRoom('talk', ann.handle, { user: 'ann' })
    await bob.channel.joinRoom('talk', bob.handle, { user: 'bob' })
    const said = [ann.channel.say('talk', 'before'), bob.channel.say('talk', 'at the kill')]
    await said[0]
    await server.kill('SIGKILL')
    said.push(ann.channel.say('talk', 'while away'), bob.channel.say('talk', 'while away, too'))
    await server.restart()
    const away = ann.events.length
    for (const { channel } of [ann, bob]) channel.reconnect()
    for (const answer of await Promise.all(said)) assert.equal(answer.type, 'ack')
    for (const { texts, until } of [ann, bob]) await until(() => texts().length >= said.length, 'all messages')
    assert.deepEqual(ann.texts(), bob.texts())
    assert.deepEqual(ann.texts().toSorted(), ['at the kill', 'before', 'while away', 'while away, too'])
    const missed = [ann, bob].flatMap(({ events }) =>
      events.flatMap(event => (event.type === 'messages' ? [event.missed] : [])),
    )
    assert.ok(
      missed.every(count => count === 0),
      'none was missed',
    )
    const isBack = (event: RoomEvent) =>
      (event.type === 'joined' && event.users.includes('bob')) ||
      (event.type === 'presence' && event.joined.includes('bob'))
    await ann.until(() => ann.events.slice(away).some(isBack), 'who is back')
    bob.channel.typing('talk')
    const typed = (event: RoomEvent) => event.type === 'typing' && event.users.join() === 'bob'
    await ann.until(() => ann.events.some(typed), 'who types')
    await bob.channel.leaveRoom('talk')
    const left = (event: RoomEvent) => event.type === 'presence' && event.left.includes('bob')
    await ann.until(() => ann.events.some(left), 'who left')
  })

  it('return a refusal at once, and orders do not wait for it', async test => {
    const { channel, handle } = await openClient(test)
    await channel.joinRoom('busy', handle)
    const answers = await Promise.all(Array.from({ length: 8 }, (_, number) => channel.say('busy', `${number}`)))
    assert.ok(answers.some(answer => answer.type === 'error' && answer.code === 'room-rate'))
    assert.ok((await channel.ping()) < 1_000)
  })
})
