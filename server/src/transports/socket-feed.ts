// Feed subscriptions on a socket: the same frames as over SSE, each under the name that the client gave. All of one
// connection share its one buffer, and readers of one class share its bytes under whatever names.

import type { Duplex } from 'node:stream'
import type { EndReason, FeedReader, FeedWire, Frame, FrameCodec } from '@papertape/feed'
import { BUSY_RETRY_MS, type Feed } from '@papertape/feed'
import type { Inbound } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import { CodedError } from '../errors/coded-error.ts'
import { parseFeedRequest } from './feed-request.ts'

/** More than this waiting in the process, and the subscriptions of a connection wait. */
const BUFFERED_BYTES_MAX = 64 * 1024

/** One flush of a class as WebSocket messages: made once for each name that it goes out under. */
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

/** RFC 6455 5.2: a whole text message of a server, unmasked. */
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

export class FeedSubscriptions {
  readonly #feed: Feed
  readonly #pipe: SocketPipe
  readonly #max: number
  readonly #onEnd: (reason: EndReason) => void
  readonly #subscriptions = new Map<string, FeedReader<SocketChunk>>()

  /**
   * @param transport what the socket's bytes go out on.
   * @param onEnd the feed has ended a subscription; the connection is to end with it unless the feed only closes.
   */
  constructor(feed: Feed, socket: WebSocket, transport: Duplex, max: number, onEnd: (reason: EndReason) => void) {
    this.#feed = feed
    this.#pipe = new SocketPipe(socket, transport)
    this.#max = max
    this.#onEnd = onEnd
  }

  get isEmpty(): boolean {
    return this.#subscriptions.size === 0
  }

  /**
   * Checks a subscription and returns what opens it; one of the same name is changed.
   * @throws {CodedError} on parameters that the feed does not take: an older one of that name goes on as it was.
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
      const wire = new SubscriptionWire(this.#pipe, subscription, reason => {
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
    this.#pipe.forget(name)
  }
}

/** The connection's buffer, and who waits for room in it. */
class SocketPipe {
  readonly #socket: WebSocket
  readonly #transport: Duplex
  readonly #waiting = new Map<string, { readonly wire: SubscriptionWire; readonly callback: () => void }>()
  #writes = 0

  constructor(socket: WebSocket, transport: Duplex) {
    this.#socket = socket
    this.#transport = transport
    transport.on('drain', () => this.#wake())
  }

  get hasRoom(): boolean {
    return this.#transport.writableLength <= BUFFERED_BYTES_MAX
  }

  /** @returns its place in the order of writes. */
  write(bytes: Buffer): number {
    // After the close frame nothing may follow; the connection's end closes the reader.
    if (this.#socket.readyState === this.#socket.OPEN) this.#transport.write(bytes)
    return ++this.#writes
  }

  await(wire: SubscriptionWire, callback: () => void): void {
    this.#waiting.set(wire.name, { wire, callback })
  }

  forget(name: string): void {
    this.#waiting.delete(name)
  }

  /** Who wrote longest ago comes first: otherwise one subscription could take all the room that there is. */
  #wake(): void {
    const woken = [...this.#waiting.values()].sort((a, b) => a.wire.lastWrite - b.wire.lastWrite)
    this.#waiting.clear()
    for (const { callback } of woken) callback()
  }
}

class SubscriptionWire implements FeedWire<SocketChunk> {
  readonly #pipe: SocketPipe
  readonly name: string
  readonly end: (reason: EndReason) => void
  lastWrite = 0

  constructor(pipe: SocketPipe, name: string, onEnd: (reason: EndReason) => void) {
    this.#pipe = pipe
    this.name = name
    this.end = onEnd
  }

  get hasRoom(): boolean {
    return this.#pipe.hasRoom
  }

  write(chunk: SocketChunk): boolean {
    this.lastWrite = this.#pipe.write(chunk.bytes(this.name))
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    this.#pipe.await(this, callback)
  }
}
