// A binary subscription to a mocked market beside a text one on the same socket: the same events and ids, and bytes as
// a browser gives them to a page.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { BinaryDecoder } from '@papertape/protocol'
import {
  type MockedMarket,
  type MockedMessage,
  openMockedChannel,
  openMockedMarket,
  until,
} from './testing/mocked-market.ts'

const RAW = { mode: 'raw', snapshot: false, events: ['trade', 'quote', 'book'] }

describe('a binary subscription', () => {
  let mocked: MockedMarket
  before(async () => {
    mocked = await openMockedMarket()
  })
  after(() => mocked.close())

  test('has the events and ids of a text one', async () => {
    const { socket, messages, send } = await openMockedChannel()
    const eventsOf = (name: string): MockedMessage[] =>
      messages.flatMap(({ subscription, ...message }) =>
        subscription === name && message.type === 'event' && message.event !== 'hello' ? [message] : [],
      )
    for (const subscription of ['text', 'binary']) {
      send({ type: 'subscribe', subscription, ...RAW, ...(subscription === 'binary' && { encoding: 'binary' }) })
      await until(() => messages.some(one => one.event === 'hello' && one.subscription === subscription), 'hello')
    }
    await mocked.market.advance('5s')
    await until(() => eventsOf('binary').at(-1)?.data.seq === eventsOf('text').at(-1)?.data.seq, 'newest event')
    assert.ok(eventsOf('text').length > 100)
    assert.deepEqual(eventsOf('binary'), eventsOf('text'))
    socket.close()
  })

  test('comes as a Blob to a socket that asks for nothing else', async () => {
    const socket = new WebSocket('ws://papertape.test/v1/socket', 'papertape.v1')
    const received: unknown[] = []
    socket.onmessage = ({ data }) => received.push(data)
    await until(() => received.length > 0, 'welcome')
    socket.send(JSON.stringify({ type: 'subscribe', subscription: 'a', ...RAW, encoding: 'binary' }))
    const blob = await until(() => received.find(data => data instanceof Blob), 'blob')
    const [hello] = new BinaryDecoder().decode(await blob.arrayBuffer())
    assert.equal(hello!.event, 'hello')
    socket.close()
  })
})
