// Subscriptions of the socket with `encoding: "binary"`: the same events and ids as in text, in binary messages.

import { OUTBOUND } from '@papertape/protocol/schemas'
import { expectEqual, expectMatch, expectSchema, expectTrue, NotOffered } from '../../judgement/expect.ts'
import { chapter, requirement } from '../../suite/requirement.ts'
import { type FeedFrame, type FrameList, isDurable, positionSeq } from '../../target/feed-stream.ts'
import type { OrderSocket } from '../../target/order-socket.ts'

const RAW = { mode: 'raw', events: ['quote', 'trade', 'book', 'candle', 'status', 'news'] } as const
const TRADES = 16

async function subscribe(socket: OrderSocket, subscription: string, fields: object): Promise<FrameList> {
  const answer = await socket.ask({ type: 'subscribe', subscription, ...fields })
  expectEqual(`the answer to the subscription ${subscription}`, answer.type, 'ack')
  return socket.framesOf(subscription)
}

/** @throws {NotOffered} when the target has no binary encoding. */
async function subscribeBinary(socket: OrderSocket, subscription: string, fields: object): Promise<FrameList> {
  const answer = await socket.ask({ type: 'subscribe', subscription, ...fields, encoding: 'binary' })
  const isUnknown = answer.type === 'error' && /\bencoding\b/.test(answer.text)
  if (isUnknown) throw new NotOffered(`no binary encoding: ${answer.text}`)
  expectEqual(`the answer to the binary subscription ${subscription}`, answer.type, 'ack')
  return socket.framesOf(subscription)
}

/** What does not depend on the encoding. */
const eventOf = ({ id, event, data }: FeedFrame) => ({ id, event, data })

function encodingsOf(frames: readonly FeedFrame[]): string[] {
  return [...new Set(frames.map(({ isBinary }) => (isBinary === true ? 'binary' : 'text')))]
}

/** Numbers one by one after a position. */
function expectNextAfter(id: string | undefined, frames: readonly FeedFrame[]): void {
  const seqs = frames.map(one => positionSeq(one.id))
  const expected = seqs.map((_, index) => positionSeq(id) + 1 + index)
  expectEqual(`the numbers after ${id}`, seqs, expected)
}

export const BINARY_EVENTS = chapter('Binary events', [
  requirement(
    'binary-messages',
    'A subscription with `encoding: "binary"` has its events in binary messages, hello and snapshot first.',
    async probe => {
      const socket = await probe.socket()
      const text = await subscribe(socket, 'text', { events: ['quote'] })
      const binary = await subscribeBinary(socket, 'binary', { events: RAW.events })
      await binary.count('events', 20, isDurable)
      await text.first('quote', { from: text.items.length })
      const first = binary.items.slice(0, 2).map(({ event }) => event)
      expectEqual('the first events', first, ['hello', 'snapshot'])
      expectEqual('how its events come', encodingsOf(binary.items), ['binary'])
      expectEqual('how those of a text subscription on the same socket come', encodingsOf(text.items), ['text'])
      for (const message of socket.messages.items) {
        if (message.type === 'event') expectSchema(message.event, OUTBOUND.event, message)
      }
    },
  ),

  requirement('binary-same', 'Its raw events and their ids are those of a text subscription.', async probe => {
    const socket = await probe.socket()
    const text = await subscribe(socket, 'text', RAW)
    const [from] = await text.count('events', 5, isDurable)
    const binary = await subscribeBinary(socket, 'binary', { ...RAW, last: from!.id })
    // So many that buyers and sellers are among the aggressors, and quotes and books between them.
    await binary.count('trades', TRADES, ({ event }) => event === 'trade')
    const received = binary.durable
    const [, ...expected] = await text.count('events', received.length + 1, isDurable)
    for (const [index, one] of received.entries()) {
      expectEqual(`event ${index + 1} after ${from!.id}`, eventOf(one), eventOf(expected[index]!))
    }
  }),

  requirement(
    'binary-conflated',
    'A conflated binary event is that of raw text with the same seq; a quote has no id, a trade its own.',
    async probe => {
      const socket = await probe.socket()
      const raw = await subscribe(socket, 'raw', { ...RAW, events: ['quote', 'trade'] })
      const rawFrom = positionSeq((await raw.first('snapshot')).id)
      const binary = await subscribeBinary(socket, 'binary', { events: ['quote', 'trade'], maxHz: 5 })
      const received = await binary.count('events', 60, isDurable)
      const newest = Math.max(...received.map(({ data }) => data.seq))
      await raw.until('the same events in raw mode', ({ id }) => positionSeq(id) >= newest)
      const bySeq = new Map(raw.durable.map(one => [one.data.seq, one]))
      for (const { id, event, data } of received) {
        const { folded, ...rest } = data
        if (event === 'quote') expectTrue(id === undefined && folded >= 1, 'a quote without an id, with `folded`', data)
        // One that waited when the raw reader came is not among the raw ones.
        if (data.seq <= rawFrom) continue
        const same = bySeq.get(data.seq)
        expectEqual(`the ${event} ${data.seq}`, rest, same?.data)
        if (event === 'trade') expectEqual(`the id of the trade ${data.seq}`, id, same?.id)
      }
    },
  ),

  requirement('binary-resume', '`last` resumes it exactly, in either encoding.', async probe => {
    const socket = await probe.socket()
    const before = await subscribeBinary(socket, 'before', RAW)
    // Not the newest: a subscription that begins anew would go on after it, too.
    const { id } = (await before.count('events', 10, isDurable))[4]!
    const binary = await subscribeBinary(socket, 'binary', { ...RAW, last: id })
    expectNextAfter(id, await binary.count('events', 20, isDurable))
    const text = await subscribe(socket, 'text', { ...RAW, last: id })
    expectNextAfter(id, await text.count('events', 20, isDurable))
  }),

  requirement('binary-reset', 'A position that cannot be resumed is one reset, then a snapshot.', async probe => {
    const socket = await probe.socket()
    const frames = await subscribeBinary(socket, 'binary', { ...RAW, last: 'no position' })
    await frames.first('snapshot')
    const events = frames.items.slice(0, 3)
    const names = events.map(({ event }) => event)
    expectEqual('the first events', names, ['hello', 'reset', 'snapshot'])
    expectEqual('the reason', events[1]?.data.reason, 'bad-id')
    expectEqual('how they come', encodingsOf(events), ['binary'])
  }),

  requirement('binary-change', 'The same name again with another encoding changes it.', async probe => {
    const socket = await probe.socket()
    const frames = await subscribeBinary(socket, 'tape', RAW)
    for (const [encoding, form] of [
      ['json', 'text'],
      ['binary', 'binary'],
    ]) {
      const newer = frames.durable.length + 5
      const last = (await frames.count('events', newer, isDurable))[newer - 1]!.id
      // Events of before, and perhaps hello already, come together with the answer.
      const from = frames.items.length
      await subscribe(socket, 'tape', { ...RAW, encoding, last })
      const hello = await frames.first('hello', { from })
      const at = frames.items.indexOf(hello, from)
      await frames.until('20 more events', () => frames.items.length > at + 20)
      expectEqual(`how events come after ${encoding}`, encodingsOf(frames.items.slice(at)), [form])
      expectNextAfter(last, frames.items.slice(at).filter(isDurable))
    }
  }),

  requirement('binary-unknown', 'An unknown encoding is refused with those that there are.', async probe => {
    const socket = await probe.socket()
    const frames = await subscribeBinary(socket, 'tape', RAW)
    const error = await socket.ask({ type: 'subscribe', subscription: 'tape', ...RAW, encoding: 'cbor' })
    expectEqual('the answer', [error.type, error.code], ['error', 'bad-request'])
    expectMatch('the text', error.text, /encoding.*json.*binary/)
    await frames.until('an event after it', isDurable, { from: frames.items.length })
  }),
])
