// The WebSocket /v1/socket before any account: handshake, messages and their answers, subscriptions.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectSchema, expectTrue } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { isDurable, keyOf, positionSeq } from '../../target/feed-stream.ts'
import type { OrderSocket } from '../../target/order-socket.ts'

const ALL_EVENTS = ['quote', 'trade', 'book', 'candle', 'status', 'news']
const RAW = { type: 'subscribe', mode: 'raw', events: ALL_EVENTS } as const

/** The socket still answers. */
async function expectGoesOn(socket: OrderSocket): Promise<void> {
  expectEqual('the answer to a ping', (await socket.ask({ type: 'ping' })).type, 'pong')
}

export const ORDER_CHANNEL = chapter('Order channel', [
  requirement('channel-subprotocol', 'The server picks the subprotocol papertape.v1.', async probe => {
    const socket = await probe.socket(['chat', 'papertape.v1'])
    expectEqual('the subprotocol', socket.protocol, 'papertape.v1')
  }),

  requirement(
    'channel-no-subprotocol',
    'No subprotocol, or an unknown one, is refused before the upgrade.',
    async probe => {
      for (const protocols of [[], ['papertape.v9']]) {
        const socket = probe.handshake(protocols)
        expectEqual(`whether ${JSON.stringify(protocols)} opens`, await socket.opened, false)
      }
    },
  ),

  requirement('channel-welcome', 'The first message is welcome: epoch, head, serverTime, limits.', async probe => {
    const socket = await probe.socket()
    const first = await socket.messages.until('a first message', () => true)
    expectEqual('its type', first.type, 'welcome')
    expectSchema('welcome', OUTBOUND.welcome, first)
    const { data } = await (await probe.stream('events=news')).frames.first('hello')
    expectEqual('its epoch', first.epoch, data.epoch)
  }),

  requirement('channel-ping', 'ping is answered with pong.', async probe => {
    const pong = await (await probe.socket()).ask({ type: 'ping' })
    expectSchema('the answer', OUTBOUND.pong, pong)
  }),

  requirement('channel-one-answer', 'Each command gets exactly one answer, with its requestId.', async probe => {
    const socket = await probe.socket()
    const requestIds = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? index : `text-${index}`))
    for (const requestId of requestIds) socket.send({ type: 'ping', requestId })
    await socket.until('pong', ({ requestId }) => requestId === requestIds.at(-1))
    await expectGoesOn(socket)
    const answered = socket.messages.items.flatMap(({ requestId }) => (requestIds.includes(requestId) ? requestId : []))
    expectEqual('the requests that were answered', answered, requestIds)
  }),

  requirement(
    'channel-bad-json',
    'A frame that is not JSON gets an error, and the connection goes on.',
    async probe => {
      const socket = await probe.socket()
      socket.sendText('{"type":"ping"')
      const error = await socket.until('error')
      expectSchema('the error', OUTBOUND.error, error)
      expectEqual('its code', error.code, 'bad-json')
      await expectGoesOn(socket)
    },
  ),

  requirement('channel-bad-message', 'A malformed message gets an error with its requestId.', async probe => {
    const socket = await probe.socket()
    for (const message of [
      { type: 'order.steal' },
      { type: 'order.place', clientOrderId: 'x', symbol: 'X', side: 'long', orderType: 'limit', size: 1, price: 1 },
      { type: 'ping', unknown: true },
    ]) {
      const error = await socket.ask(message)
      expectEqual(`the answer to ${JSON.stringify(message)}`, [error.type, error.code], ['error', 'bad-request'])
      expectSchema('the error', OUTBOUND.error, error)
    }
    await expectGoesOn(socket)
  }),

  requirement('channel-before-logon', 'An order before the logon is an error: not-logged-on.', async probe => {
    const socket = await probe.socket()
    const order = { symbol: 'X', side: 'buy', orderType: 'limit', size: 1, price: 1, clientOrderId: 'x' }
    const error = await socket.ask({ type: 'order.place', ...order })
    expectEqual('the answer', [error.type, error.code], ['error', 'not-logged-on'])
  }),

  requirement('subscribe-ack', 'subscribe is acknowledged; hello and snapshot follow.', async probe => {
    const socket = await probe.socket()
    const ack = await socket.ask({ type: 'subscribe', subscription: 'one', events: ['trade'] })
    expectSchema('the answer', OUTBOUND.ack, ack)
    const frames = socket.framesOf('one')
    await frames.first('trade')
    expectEqual(
      'the first events',
      frames.items.slice(0, 2).map(({ event }) => event),
      ['hello', 'snapshot'],
    )
  }),

  requirement('subscribe-as-stream', 'Its frames have the same id, event and bytes as over SSE.', async probe => {
    const socket = await probe.socket()
    const stream = await probe.stream('mode=raw&events=quote,trade,book,candle,status,news')
    const [from] = await stream.frames.count('events', 5, isDurable)
    await socket.ask({ ...RAW, subscription: 'all', last: from!.id })
    const received = (await socket.framesOf('all').count('events', 40, isDurable)).slice(0, 40)
    const [, ...streamed] = await stream.frames.count('events', 41, isDurable)
    expectEqual('the frames on the socket', received.map(keyOf), streamed.slice(0, 40).map(keyOf))
  }),

  requirement('subscribe-events', 'Each message of a subscription is as its schema says.', async probe => {
    const socket = await probe.socket()
    await socket.ask({ type: 'subscribe', subscription: 's', events: ALL_EVENTS })
    await socket.framesOf('s').count('events', 60, isDurable)
    for (const message of socket.messages.items) {
      if (message.type === 'event') expectSchema(message.event, OUTBOUND.event, message)
    }
  }),

  requirement('subscribe-again', 'The same name again changes the subscription while it runs.', async probe => {
    const socket = await probe.socket()
    const frames = socket.framesOf('s')
    await socket.ask({ type: 'subscribe', subscription: 's', events: ['quote'] })
    await frames.first('quote')
    await socket.ask({ type: 'subscribe', subscription: 's', events: ['book'] })
    const from = frames.items.length
    await frames.first('book', { from })
    await frames.until('ten more frames', () => frames.items.length > from + 10)
    const kinds = new Set(frames.items.slice(from).map(({ event }) => event))
    expectTrue(!kinds.has('quote'), 'no quotes any more', [...kinds])
  }),

  requirement('subscribe-two', 'A connection has several subscriptions, each by its name.', async probe => {
    const socket = await probe.socket()
    await socket.ask({ type: 'subscribe', subscription: 'quotes', events: ['quote'] })
    await socket.ask({ type: 'subscribe', subscription: 'trades', events: ['trade'] })
    await socket.framesOf('quotes').first('quote')
    await socket.framesOf('trades').first('trade')
    for (const { event } of socket.framesOf('trades').durable) expectEqual('an event of trades', event, 'trade')
  }),

  requirement('unsubscribe', 'unsubscribe is acknowledged, and nothing of it comes after.', async probe => {
    const socket = await probe.socket()
    await socket.ask({ ...RAW, subscription: 's' })
    await socket.framesOf('s').count('events', 5, isDurable)
    const ack = await socket.ask({ type: 'unsubscribe', subscription: 's' })
    expectEqual('the answer', ack.type, 'ack')
    const had = socket.framesOf('s').items.length
    await probe.sleep(500)
    expectEqual('the frames after it', socket.framesOf('s').items.length - had, 0)
    const unknown = await socket.ask({ type: 'unsubscribe', subscription: 's' })
    expectEqual('the answer to a second one', unknown.type, 'error')
  }),

  requirement('subscribe-refused', 'A bad subscription is an error; one of that name goes on.', async probe => {
    const socket = await probe.socket()
    const [{ symbol }] = await probe.get('/v1/instruments')
    await socket.ask({ type: 'subscribe', subscription: 's', events: ['quote'] })
    const error = await socket.ask({ type: 'subscribe', subscription: 's', symbols: ['NOSUCH'] })
    expectEqual('the answer', [error.type, error.code], ['error', 'unknown-symbol'])
    expectTrue(error.text.includes(symbol), 'a text with the known symbols', error.text)
    const both = await socket.ask({ type: 'subscribe', subscription: 's', mode: 'raw', maxHz: 5 })
    expectEqual('the answer to raw with maxHz', both.type, 'error')
    await socket.framesOf('s').first('quote', { from: socket.framesOf('s').items.length })
  }),

  requirement('subscribe-resume', '`last` resumes a subscription exactly.', async probe => {
    const socket = await probe.socket()
    await socket.ask({ ...RAW, subscription: 'a' })
    // Not the newest: a subscription that begins anew would go on after it, too.
    const first = (await socket.framesOf('a').count('events', 10, isDurable))[4]!
    await socket.ask({ type: 'unsubscribe', subscription: 'a' })
    await socket.ask({ ...RAW, subscription: 'b', last: first.id })
    const seqs = (await socket.framesOf('b').count('events', 10, isDurable)).map(({ id }) => positionSeq(id))
    expectEqual(
      `the numbers after ${first.id}`,
      seqs,
      seqs.map((_, index) => positionSeq(first.id) + 1 + index),
    )
  }),
])
