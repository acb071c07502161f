// Rooms over one channel for all tabs, against an exchange over real sockets: every tab that is in a room has each
// message once, also when the leading tab is killed, and the connection leaves a room with the last tab.

import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { WebSocket } from 'ws'
import type { SocketConstructor } from '../orders/channel-interface.ts'
import type { RoomEvent } from '../orders/room-interface.ts'
import { FakeBrowser } from '../testing/fake-tabs.ts'
import { startTestExchange } from '../testing/test-exchange.ts'
import { openSharedOrders } from './shared-orders.ts'

const LIMIT = { timeout: 120_000 }

async function open(t: TestContext, count: number) {
  const exchange = await startTestExchange(t)
  const browser = new FakeBrowser()
  const until = async (holds: () => boolean, what: string) => {
    for (let turn = 0; turn < 400; turn++) {
      if (holds()) return
      await browser.pass(50)
      await new Promise(resolve => setTimeout(resolve, 2))
    }
    assert.fail(`never: ${what}`)
  }
  const add = () => {
    const tab = browser.openTab()
    const channel = openSharedOrders({
      url: exchange.url,
      account: 'a1',
      WebSocket: WebSocket as unknown as SocketConstructor,
      environment: tab.clock,
      platform: tab,
    })
    t.after(() => channel.close())
    const events: RoomEvent[] = []
    const texts = () =>
      events.flatMap(event => (event.type === 'messages' ? event.messages.map(({ text }) => text) : []))
    const join = (room: string) => void channel.joinRoom(room, event => events.push(event))
    return { tab, channel, texts, join }
  }
  const tabs: ReturnType<typeof add>[] = []
  for (let i = 0; i < count; i++) {
    const one = add()
    tabs.push(one)
    await until(() => one.channel.state.phase === 'ready', `tab ${i}`)
  }
  return { exchange, browser, tabs, until }
}

describe('rooms of three tabs', LIMIT, () => {
  test('bring each message to every tab that is in them, once', async t => {
    const { exchange, tabs, until } = await open(t, 3)
    const [leader, follower, elsewhere] = tabs
    for (const { join } of [leader!, follower!]) join('r')
    elsewhere!.join('other')
    void leader!.channel.say('r', 'one')
    void follower!.channel.say('r', 'two')
    await until(() => [leader!, follower!].every(({ texts }) => texts().length === 2), 'both messages in both tabs')
    assert.deepEqual(leader!.texts(), follower!.texts())
    assert.deepEqual(elsewhere!.texts(), [])
    assert.deepEqual([exchange.sockets, exchange.membersOf('r'), exchange.membersOf('other')], [1, 1, 1])
  })

  test('go on when the leading tab is killed, with what was said meanwhile', async t => {
    const { browser, tabs, until } = await open(t, 3)
    const [leader, ...others] = tabs
    for (const { join } of tabs) join('r')
    void others[0]!.channel.say('r', 'before')
    await until(() => tabs.every(({ texts }) => texts().length === 1), 'the first message')
    leader!.tab.kill()
    const answers = others.map(({ channel }, index) => channel.say('r', `meanwhile ${index}`))
    await until(() => others.every(({ texts }) => texts().length === 3), 'all messages')
    for (const answer of await Promise.all(answers)) assert.equal(answer.type, 'ack')
    for (const { texts } of others) {
      assert.deepEqual(texts().toSorted(), ['before', 'meanwhile 0', 'meanwhile 1'])
    }
    await browser.pass(1_000)
    for (const { texts } of others) assert.equal(texts().length, 3)
  })

  test('are left with the last tab that is in them, also when it is killed', async t => {
    const { exchange, tabs, until } = await open(t, 3)
    const [leader, follower, third] = tabs
    for (const { join } of tabs) join('r')
    third!.join('third')
    await until(() => exchange.membersOf('r') === 1 && exchange.membersOf('third') === 1, 'both rooms')
    await leader!.channel.leaveRoom('r')
    third!.tab.kill()
    await until(() => exchange.membersOf('third') === 0, 'the room of the killed tab is left')
    assert.equal(exchange.membersOf('r'), 1)
    await follower!.channel.leaveRoom('r')
    await until(() => exchange.membersOf('r') === 0, 'the room is left')
  })
})
