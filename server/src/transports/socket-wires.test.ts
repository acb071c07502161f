// The wires of a connection's subscriptions, on a transport that the test plays: the frames as bytes, back-pressure.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Duplex } from 'node:stream'
import { describe, test } from 'node:test'
import type { Feed, Frame } from '@papertape/feed'
import { eventCodecs } from '@papertape/gateway'
import { BinaryDecoder } from '@papertape/protocol'
import { ManualClock } from '@papertape/venue'
import type { WebSocket } from 'ws'
import { chunkBytes, SocketWires } from './socket-wires.ts'

const KIBIBYTE = 1024
const spec = { symbol: 'PPR', tickUnits: 100, lotSize: 1 }
const codecs = eventCodecs({ log: { epoch: 'k3f9' }, view: { all: () => [{ spec }] } } as unknown as Feed)

class TestTransport extends EventEmitter {
  writableLength = 0
  readonly written: Buffer[] = []
  write(bytes: Buffer) {
    this.written.push(bytes)
    this.writableLength += bytes.length
  }
  cork() {}
  uncork() {}
  drain() {
    this.writableLength = 0
    this.emit('drain')
  }
}

function open() {
  const transport = new TestTransport()
  const clock = new ManualClock(0)
  const pings: Buffer[] = []
  const socket = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    ping: (payload: Buffer) => pings.push(payload),
  })
  const wires = new SocketWires({
    socket: socket as unknown as WebSocket,
    transport: transport as unknown as Duplex,
    clock,
    sent: { value: 0 },
  })
  /** The peer answers the ping that is in flight. */
  const pong = () => wires.takePong(pings.at(-1)!)
  const subscribe = (subscription: string) => {
    const wire = wires.open(subscription, { ended() {} })
    /** Writes frames, as the feed does. */
    return { wire, send: (...frames: Frame[]) => wire.write(codecs.json.encode(frames)) }
  }
  return { transport, socket, wires, clock, pings, pong, subscribe }
}

/** The payloads of whole, unmasked text messages (RFC 6455 5.2). */
function parseMessages(bytes: Buffer): string[] {
  const messages: string[] = []
  for (let at = 0; at < bytes.length; ) {
    assert.equal(bytes[at], 0x81)
    const short = bytes[at + 1]!
    const [length, head] =
      short < 126
        ? [short, 2]
        : short === 126
          ? [bytes.readUInt16BE(at + 2), 4]
          : [Number(bytes.readBigUInt64BE(at + 2)), 10]
    messages.push(bytes.toString('utf8', at + head, at + head + length))
    at += head + length
  }
  return messages
}

const frameOf = (dataLength: number): Frame => ({ event: 'news', data: `"${'x'.repeat(dataLength - 2)}"` })

test('a message of any length has the header of that length', () => {
  const { transport, subscribe } = open()
  const { send } = subscribe('a')
  send(frameOf(2))
  const emptyBytes = transport.written[0]!.length - 2
  for (const payload of [125, 126, 127, 65_535, 65_536, 65_537]) {
    const frame = frameOf(payload - emptyBytes + 2)
    send(frame)
    const [message, ...others] = parseMessages(transport.written.at(-1)!)
    assert.equal(message, `{"type":"event","subscription":"a","event":"news","data":${frame.data}}`)
    assert.deepEqual([message.length, others], [payload, []])
  }
})

test('the frames of a flush are messages of one write, each with the name and, where it has one, the position', () => {
  const { transport, subscribe } = open()
  subscribe('tape').send({ id: 'k3f9-7', event: 'trade', data: '{"seq":7}' }, { event: 'quote', data: '{"seq":8}' })
  assert.equal(transport.written.length, 1)
  assert.deepEqual(parseMessages(transport.written[0]!), [
    '{"type":"event","subscription":"tape","id":"k3f9-7","event":"trade","data":{"seq":7}}',
    '{"type":"event","subscription":"tape","event":"quote","data":{"seq":8}}',
  ])
})

test('nothing is written after the close frame', () => {
  const { transport, socket, subscribe } = open()
  const { send } = subscribe('a')
  socket.readyState = 2
  send(frameOf(10))
  assert.deepEqual(transport.written, [])
})

describe('a connection with more than 64 KiB waiting', () => {
  test('has room for no subscription until it drains', () => {
    const { transport, subscribe } = open()
    const [a, b] = [subscribe('a'), subscribe('b')]
    assert.equal(a.send(frameOf(40 * KIBIBYTE)), true)
    assert.equal(a.send(frameOf(40 * KIBIBYTE)), false)
    assert.deepEqual([a.wire.hasRoom, b.wire.hasRoom], [false, false])
    transport.drain()
    assert.deepEqual([a.wire.hasRoom, b.wire.hasRoom], [true, true])
  })

  test('calls the subscriptions that wait once, the one that wrote longest ago first', () => {
    const { transport, subscribe, wires } = open()
    const names = ['a', 'b', 'c', 'gone']
    const readers = names.map(subscribe)
    for (const { send } of readers) send(frameOf(10))
    readers[0]!.send(frameOf(70 * KIBIBYTE))
    const called: string[] = []
    for (const [i, name] of names.entries()) readers[i]!.wire.onDrained(() => called.push(name))
    wires.close('gone')
    transport.drain()
    transport.drain()
    assert.deepEqual(called, ['b', 'c', 'a'])
  })
})

test('a chunk of several frames is cut into whole messages', () => {
  const trade = (data: string): Frame => ({ event: 'trade', data })
  const chunk = codecs.json.encode([trade('1'), trade('2')])
  const bytes = chunk.pieces().map(piece => chunkBytes(piece, 'a'))
  assert.deepEqual(Buffer.concat(bytes), chunkBytes(chunk, 'a'))
  assert.deepEqual(bytes.map(parseMessages), [
    ['{"type":"event","subscription":"a","event":"trade","data":1}'],
    ['{"type":"event","subscription":"a","event":"trade","data":2}'],
  ])
})

test('readers with one name share the bytes of a chunk; another name has its own', () => {
  const chunk = codecs.json.encode([frameOf(10)])
  assert.equal(chunkBytes(chunk, 'a'), chunkBytes(chunk, 'a'))
  assert.deepEqual([chunkBytes(chunk, 'a'), chunkBytes(chunk, 'b')].flatMap(parseMessages), [
    '{"type":"event","subscription":"a","event":"news","data":"xxxxxxxx"}',
    '{"type":"event","subscription":"b","event":"news","data":"xxxxxxxx"}',
  ])
})

test('binary events of a flush are one binary message', () => {
  const trades = [1, 2].map(seq => ({ seq, ts: 9, time: 5, symbol: 'PPR', tradeId: seq, price: 1.5, size: 3 }))
  const frames = trades.map(data => ({
    id: `k3f9-${data.seq}`,
    event: 'trade',
    data: JSON.stringify({ ...data, aggressor: 'buy' }),
  }))
  const decoder = new BinaryDecoder()
  const [hello, bytes] = [[{ event: 'hello', data: '{}' }], frames].map(sent => {
    const frame = chunkBytes(codecs.binary.encode(sent), 'tape')
    assert.deepEqual([frame[0], frame.length], [0x82, frame[1]! + 2])
    return decoder.decode(frame.subarray(2))
  })
  assert.deepEqual(hello, [{ type: 'event', subscription: 'tape', event: 'hello', data: {} }])
  assert.deepEqual(
    bytes,
    frames.map(({ data, ...frame }) => ({ type: 'event', subscription: 'tape', ...frame, data: JSON.parse(data) })),
  )
})

describe('a peer that reads slowly', () => {
  /** A subscription of a peer that has read its first message, and answered both pings in this time. */
  function openRead(awayMs: number) {
    const opened = open()
    const { wire, send } = opened.subscribe('a')
    send(frameOf(1_100))
    assert.equal(opened.pings.length, 1, 'in front of the first message')
    for (const _ of ['the first ping', 'the one behind the message']) {
      opened.clock.pass(awayMs)
      opened.pong()
    }
    assert.equal(opened.pings.length, 2)
    opened.clock.pass(1_000)
    return { ...opened, wire, send }
  }

  test('is written one burst at a time, each after the pong to the ping behind the one before', () => {
    const { transport, clock, pings, pong, wire, send } = openRead(0)
    assert.equal(send(frameOf(1_100)), true)
    assert.equal(pings.length, 3)
    for (let n = 0; n < 5; n++) {
      transport.writableLength = 0
      clock.pass(40)
      assert.equal(send(frameOf(1_100)), true, 'what the transport has taken may still be on its way')
    }
    assert.equal(pings.length, 3, 'one ping is in flight')
    clock.pass(60)
    assert.equal(wire.hasRoom, false, 'the first message is 260 ms old, and nothing says that it was read')
    let calls = 0
    wire.onDrained(() => calls++)
    pong()
    assert.deepEqual([calls, pings.length], [0, 4], 'asks for what was written since')
    clock.pass(100)
    pong()
    assert.deepEqual([calls, wire.hasRoom, wire.isSlow], [1, true, true])
    assert.equal(send(frameOf(1_100)), false, 'one burst is in flight')
    pong()
    assert.equal(wire.hasRoom, true)
  })

  test('is trusted again when it has kept up for ten seconds', () => {
    const { clock, pong, wire, send } = openRead(0)
    send(frameOf(1_100))
    clock.pass(300)
    assert.equal(wire.hasRoom, false)
    pong()
    clock.pass(10_001)
    assert.deepEqual([send(frameOf(1_100)), wire.isSlow], [true, false])
  })

  test('is asked once a second while it keeps up, whatever is written, and never when nothing is', () => {
    const { transport, clock, pings, pong, send } = openRead(0)
    const before = pings.length
    for (let n = 0; n < 100; n++) {
      send(frameOf(1_100))
      transport.writableLength = 0
      clock.pass(20)
      pong()
    }
    assert.equal(pings.length - before, 2)
    clock.pass(60_000)
    assert.equal(pings.length - before, 2)
  })

  test('answers each ping once: another pong is one that nobody has asked for', () => {
    const { clock, wires, pings, send } = openRead(0)
    send(frameOf(1_100))
    const answers = [Buffer.alloc(0), pings.at(-2)!, pings.at(-1)!, pings.at(-1)!].map(payload =>
      wires.takePong(payload),
    )
    assert.deepEqual(answers, [false, false, true, false])
    clock.pass(1_000)
    send(frameOf(1_100))
    clock.pass(5_000)
    wires.takePong(Buffer.alloc(0))
    clock.pass(10_000)
    assert.equal(send(frameOf(1_100)), true, 'the pong to a later ping says as much')
  })

  test('is not late because it is far away', () => {
    const { clock, wire, send } = openRead(240)
    send(frameOf(1_100))
    clock.pass(480)
    assert.equal(wire.hasRoom, true, 'twice as long as it is away')
    clock.pass(20)
    assert.equal(wire.hasRoom, false)
  })

  test('and answers no pings has the room that its buffer has', () => {
    const { clock, subscribe } = open()
    const { wire, send } = subscribe('a')
    send(frameOf(1_100))
    clock.pass(60_000)
    assert.deepEqual([send(frameOf(1_100)), wire.isSlow], [true, false])
  })
})
