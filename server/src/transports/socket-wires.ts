// The wires of a WebSocket's feed subscriptions: the events as frames, past ws, which would make them for each
// connection. The subscriptions of a connection share its buffer; readers of a class share the encoded frames.

import type { Duplex } from 'node:stream'
import type { EndReason, FeedWire } from '@papertape/feed'
import type { EventChunk, EventMessage, SubscriptionOwner, SubscriptionWires } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import { ReadPings, type ReadPingsDeps } from '../delivery/read-pings.ts'

/** The subscriptions of a connection with more bytes waiting in the process wait. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** So few bytes are no wait: a peer is asked what it has read once it was written more. */
const UNASKED_BYTES_MAX = 1_024
/** RFC 6455 5.2: the first byte of an unfragmented text or binary message. */
const [TEXT, BINARY] = [0x81, 0x82]

/** A message as a frame. */
export function encodeText(text: string): Buffer {
  return Buffer.concat(frameOf(text))
}

/** Messages as the frames of one write. */
function encodeMessages(messages: readonly EventMessage[]): Buffer {
  return Buffer.concat(messages.flatMap(frameOf))
}

/** Of a subscription's chunk, as it is written. */
export function chunkBytes(chunk: EventChunk, subscription: string): Buffer {
  return chunk.encodeOnce(subscription, encodeMessages)
}

function frameOf(message: EventMessage): [Buffer, Uint8Array] {
  if (typeof message !== 'string') return [frameHead(BINARY, message.length), message]
  const payload = Buffer.from(message)
  return [frameHead(TEXT, payload.length), payload]
}

/** RFC 6455 5.2: the head of an unmasked, unfragmented message. */
function frameHead(first: number, payloadBytes: number): Buffer {
  if (payloadBytes < 126) return Buffer.from([first, payloadBytes])
  const isShort = payloadBytes < 65_536
  const head = Buffer.alloc(isShort ? 4 : 10)
  head[0] = first
  head[1] = isShort ? 126 : 127
  if (isShort) head.writeUInt16BE(payloadBytes, 2)
  else head.writeBigUInt64BE(BigInt(payloadBytes), 2)
  return head
}

export interface SocketWiresDeps {
  readonly socket: WebSocket
  /** The stream under the socket. */
  readonly transport: Duplex
  readonly clock: Clock
  /** What is written is added to its value, bytes. */
  readonly sent: { value: number }
}

/** The connection's buffer, and the subscriptions that wait for room in it. */
export class SocketWires implements SubscriptionWires, ReadPingsDeps {
  readonly #socket: WebSocket
  readonly #transport: Duplex
  readonly clock: Clock
  readonly #sent: { value: number }
  /** Undefined while nothing is known of the peer, and little is in flight. */
  #pings: ReadPings | undefined
  #unaskedBytes = 0
  #waiting: Map<string, { readonly wire: SubscriptionWire; readonly callback: () => void }> | undefined
  #writes = 0

  constructor({ socket, transport, clock, sent }: SocketWiresDeps) {
    this.#socket = socket
    this.#transport = transport
    this.clock = clock
    this.#sent = sent
  }

  open(subscription: string, owner: SubscriptionOwner): FeedWire<EventChunk> {
    return new SubscriptionWire(this, subscription, owner)
  }

  /** The subscription waits for room no longer. */
  close(subscription: string): void {
    this.#waiting?.delete(subscription)
  }

  get hasRoom(): boolean {
    return this.#transport.writableLength <= BUFFERED_BYTES_MAX && (this.#pings?.hasRoom ?? true)
  }

  /** A pong has come. @returns true when it answers a ping of these wires */
  takePong(payload: Buffer): boolean {
    return this.#pings?.pong(payload) ?? false
  }

  /** Keeps nothing of a peer that has read everything, in time, and is written nothing. */
  forgetIdle(): void {
    if (this.#pings?.isIdle === true) this.#pings = undefined
  }

  get isSlow(): boolean {
    return this.#pings?.isLate ?? false
  }

  staySlow(): void {
    this.#pings?.stayLate()
  }

  ping(payload: Buffer): void {
    this.#socket.ping(payload)
  }

  onRoom(): void {
    this.#callWaiting()
  }

  /** @returns the number of this write. */
  write(bytes: Buffer): number {
    // Nothing may follow the close frame; the reader is closed with the connection.
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#askSoon(bytes.length)
      // A ping leaves in the same write.
      this.#transport.cork()
      this.#pings?.beforeWrite()
      this.#transport.write(bytes)
      this.#pings?.write(bytes.length)
      this.#transport.uncork()
      this.#sent.value += bytes.length
    }
    return ++this.#writes
  }

  #askSoon(bytes: number): void {
    if (this.#pings !== undefined) return
    this.#unaskedBytes += bytes
    if (this.#unaskedBytes <= UNASKED_BYTES_MAX) return
    this.#unaskedBytes = 0
    this.#pings = new ReadPings(this)
  }

  wait(wire: SubscriptionWire, callback: () => void): void {
    if (this.#waiting === undefined) {
      this.#waiting = new Map()
      this.#transport.on('drain', () => this.#callWaiting())
    }
    this.#waiting.set(wire.name, { wire, callback })
  }

  /** The subscription that wrote longest ago is called first: otherwise one could use all the room. */
  #callWaiting(): void {
    if (this.#waiting === undefined) return
    const called = [...this.#waiting.values()].sort((a, b) => a.wire.lastWrite - b.wire.lastWrite)
    this.#waiting.clear()
    for (const { callback } of called) callback()
  }
}

class SubscriptionWire implements FeedWire<EventChunk> {
  readonly #buffer: SocketWires
  readonly name: string
  readonly #owner: SubscriptionOwner
  lastWrite = 0

  constructor(buffer: SocketWires, name: string, owner: SubscriptionOwner) {
    this.#buffer = buffer
    this.name = name
    this.#owner = owner
  }

  end(reason: EndReason): void {
    this.#owner.ended(this.name, reason)
  }

  get hasRoom(): boolean {
    return this.#buffer.hasRoom
  }

  get isSlow(): boolean {
    return this.#buffer.isSlow
  }

  staySlow(): void {
    this.#buffer.staySlow()
  }

  write(chunk: EventChunk): boolean {
    this.lastWrite = this.#buffer.write(chunkBytes(chunk, this.name))
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    this.#buffer.wait(this, callback)
  }
}
