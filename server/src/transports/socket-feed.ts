// Feed subscriptions of a WebSocket: the same frames as over SSE, with the subscription's name. The subscriptions of a
// connection share its buffer; readers of a class share the encoded frames.

import type { Duplex } from 'node:stream'
import {
  BUSY_RETRY_MS,
  type EndReason,
  type Feed,
  type FeedReader,
  type FeedWire,
  type Frame,
  type FrameCodec,
} from '@papertape/feed'
import type { Inbound } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import { CodedError } from '../errors/coded-error.ts'
import { parseFeedRequest } from './feed-request.ts'

/** The subscriptions of a connection with more bytes waiting in the process wait. */
const BUFFERED_BYTES_MAX = 64 * 1024

/** The frames of one flush as WebSocket messages, encoded once for each subscription name. */
class SocketChunk {
  readonly #tails: readonly Buffer[]
  readonly #byName = new Map<string, Buffer>()

  constructor(frames: readonly Frame[]) {
    this.#tails = frames.map(({ id, event, data }) =>
      Buffer.from(`${id === undefined ? '' : `,"id":"${id}"`},"event":"${event}","data":${data}}`),
    )
  }

  bytes(subscription: string): Buffer {
    let bytes = this.#byName.get(subscription)
    if (bytes === undefined) {
      const head = Buffer.from(`{"type":"event","subscription":${JSON.stringify(subscription)}`)
      bytes = Buffer.concat(this.#tails.flatMap(tail => [frameHead(head.length + tail.length), head, tail]))
      this.#byName.set(subscription, bytes)
    }
    return bytes
  }
}

const socketCodec: FrameCodec<SocketChunk> = { name: 'socket', encode: frames => new SocketChunk(frames) }

/** RFC 6455 5.2: the head of an unmasked, unfragmented text message. */
function frameHead(payloadBytes: number): Buffer {
  if (payloadBytes < 126) return Buffer.from([0x81, payloadBytes])
  const isShort = payloadBytes < 65_536
  const head = Buffer.alloc(isShort ? 4 : 10)
  head[0] = 0x81
  head[1] = isShort ? 126 : 127
  if (isShort) head.writeUInt16BE(payloadBytes, 2)
  else head.writeBigUInt64BE(BigInt(payloadBytes), 2)
  return head
}

export class SocketSubscriptions {
  readonly #feed: Feed
  readonly #buffer: SharedBuffer
  readonly #max: number
  readonly #onEnd: (reason: EndReason) => void
  readonly #subscriptions = new Map<string, FeedReader<SocketChunk>>()

  /**
   * @param transport the stream under the socket.
   * @param onEnd the feed has ended a subscription.
   */
  constructor(feed: Feed, socket: WebSocket, transport: Duplex, max: number, onEnd: (reason: EndReason) => void) {
    this.#feed = feed
    this.#buffer = new SharedBuffer(socket, transport)
    this.#max = max
    this.#onEnd = onEnd
  }

  get isEmpty(): boolean {
    return this.#subscriptions.size === 0
  }

  /**
   * Checks a subscription and returns a function that opens it; one of the same name is replaced.
   * @throws {CodedError} on invalid parameters: a subscription of the same name goes on unchanged.
   */
  prepare(message: Inbound<'subscribe'>): () => void {
    const { subscription } = message
    const request = parseFeedRequest(message, this.#feed.view.symbols)
    if (!this.#subscriptions.has(subscription)) {
      if (this.#subscriptions.size >= this.#max) {
        throw new CodedError('bad-request', `a connection has at most ${this.#max} subscriptions; unsubscribe from one`)
      }
      if (this.#feed.isFull) {
        const text = `all ${this.#feed.streamsMax} streams are taken; subscribe again later`
        throw new CodedError('busy', text, BUSY_RETRY_MS)
      }
    }
    return () => {
      this.#drop(subscription)
      const wire = new SubscriptionWire(this.#buffer, subscription, reason => {
        this.#drop(subscription)
        this.#onEnd(reason)
      })
      this.#subscriptions.set(subscription, this.#feed.subscribe({ request, codec: socketCodec }, wire))
    }
  }

  /** @throws {CodedError} unknown-subscription */
  unsubscribe(subscription: string): void {
    if (!this.#subscriptions.has(subscription)) {
      throw new CodedError('unknown-subscription', `there is no subscription ${subscription} on this connection`)
    }
    this.#drop(subscription)
  }

  close(): void {
    for (const name of [...this.#subscriptions.keys()]) this.#drop(name)
  }

  #drop(name: string): void {
    this.#subscriptions.get(name)?.close()
    this.#subscriptions.delete(name)
    this.#buffer.cancel(name)
  }
}

/** The connection's buffer, and the subscriptions that wait for room in it. */
class SharedBuffer {
  readonly #socket: WebSocket
  readonly #transport: Duplex
  readonly #waiting = new Map<string, { readonly wire: SubscriptionWire; readonly callback: () => void }>()
  #writes = 0

  constructor(socket: WebSocket, transport: Duplex) {
    this.#socket = socket
    this.#transport = transport
    transport.on('drain', () => this.#callWaiting())
  }

  get hasRoom(): boolean {
    return this.#transport.writableLength <= BUFFERED_BYTES_MAX
  }

  /** @returns the number of this write. */
  write(bytes: Buffer): number {
    // Nothing may follow the close frame; the reader is closed with the connection.
    if (this.#socket.readyState === this.#socket.OPEN) this.#transport.write(bytes)
    return ++this.#writes
  }

  onRoom(wire: SubscriptionWire, callback: () => void): void {
    this.#waiting.set(wire.name, { wire, callback })
  }

  cancel(name: string): void {
    this.#waiting.delete(name)
  }

  /** The subscription that wrote longest ago is called first: otherwise one could use all the room. */
  #callWaiting(): void {
    const called = [...this.#waiting.values()].sort((a, b) => a.wire.lastWrite - b.wire.lastWrite)
    this.#waiting.clear()
    for (const { callback } of called) callback()
  }
}

class SubscriptionWire implements FeedWire<SocketChunk> {
  readonly #buffer: SharedBuffer
  readonly name: string
  readonly end: (reason: EndReason) => void
  lastWrite = 0

  constructor(buffer: SharedBuffer, name: string, onEnd: (reason: EndReason) => void) {
    this.#buffer = buffer
    this.name = name
    this.end = onEnd
  }

  get hasRoom(): boolean {
    return this.#buffer.hasRoom
  }

  write(chunk: SocketChunk): boolean {
    this.lastWrite = this.#buffer.write(chunk.bytes(this.name))
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    this.#buffer.onRoom(this, callback)
  }
}
