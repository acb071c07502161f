// The wires of a WebSocket's feed subscriptions: the events as frames, past ws, which would make them for each
// connection. The subscriptions of a connection share its buffer; readers of a class share the encoded frames.

import type { Duplex } from 'node:stream'
import type { EndReason, FeedWire } from '@papertape/feed'
import type { EventChunk, EventMessage, SubscriptionWires } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import { ReadPings } from '../delivery/read-pings.ts'

/** The subscriptions of a connection with more bytes waiting in the process wait. */
const BUFFERED_BYTES_MAX = 64 * 1024
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

export interface SocketWires extends SubscriptionWires {
  /** A pong has come. @returns true when it answers a ping of these wires */
  takePong(payload: Buffer): boolean
}

export function socketWires(deps: SocketWiresDeps): SocketWires {
  const buffer = new SharedBuffer(deps)
  return {
    open: (subscription, onEnd) => new SubscriptionWire(buffer, subscription, onEnd),
    close: subscription => buffer.cancel(subscription),
    takePong: payload => buffer.takePong(payload),
  }
}

/** The connection's buffer, and the subscriptions that wait for room in it. */
class SharedBuffer {
  readonly #socket: WebSocket
  readonly #transport: Duplex
  readonly #sent: { value: number }
  readonly #pings: ReadPings
  readonly #waiting = new Map<string, { readonly wire: SubscriptionWire; readonly callback: () => void }>()
  #writes = 0

  constructor({ socket, transport, clock, sent }: SocketWiresDeps) {
    this.#socket = socket
    this.#transport = transport
    this.#sent = sent
    this.#pings = new ReadPings({ clock, ping: payload => socket.ping(payload), onRoom: () => this.#callWaiting() })
    transport.on('drain', () => this.#callWaiting())
  }

  get hasRoom(): boolean {
    return this.#transport.writableLength <= BUFFERED_BYTES_MAX && this.#pings.hasRoom
  }

  takePong(payload: Buffer): boolean {
    return this.#pings.pong(payload)
  }

  get isSlow(): boolean {
    return this.#pings.isLate
  }

  /** @returns the number of this write. */
  write(bytes: Buffer): number {
    // Nothing may follow the close frame; the reader is closed with the connection.
    if (this.#socket.readyState === this.#socket.OPEN) {
      // A ping leaves in the same write.
      this.#transport.cork()
      this.#pings.beforeWrite()
      this.#transport.write(bytes)
      this.#pings.write(bytes.length)
      this.#transport.uncork()
      this.#sent.value += bytes.length
    }
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

class SubscriptionWire implements FeedWire<EventChunk> {
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

  get isSlow(): boolean {
    return this.#buffer.isSlow
  }

  write(chunk: EventChunk): boolean {
    this.lastWrite = this.#buffer.write(chunkBytes(chunk, this.name))
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    this.#buffer.onRoom(this, callback)
  }
}
