// One WebSocket of a client: sends text, checks by heartbeats that the peer is there and reads, and ends the connection
// in an orderly way. Knows nothing of messages. Called by order-channel.ts and adapters.ts.

import type { Duplex } from 'node:stream'
import type { ConnectionPace } from '@papertape/feed'
import {
  type ChannelConnection,
  type CloseCause,
  closeAtRequest,
  closeSocket,
  PacedWires,
  type SharedText,
  type SubscriptionWires,
  wholeMessages,
} from '@papertape/gateway'
import type { Clock, LabCloseCode } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import type { CountedSocket } from './counted-socket.ts'
import type { Beating, Heartbeats } from './heartbeats.ts'
import { chunkBytes, encodeText, SocketWires } from './socket-wires.ts'

/** Bytes that may wait for a peer that does not read. */
const BUFFERED_BYTES_MAX = 1024 * 1024
/** A peer that floods is no longer read; what was sent to it, its close frame too, has this long to leave. */
const FLOOD_GRACE_MS = 750
/**
 * It has the close frame for so long before the end. A proxy whose server has ended closes the peer's connection at
 * once, and what the peer still sends resets it then: a close frame that was not read by that time is lost.
 */
const FLOOD_END_MS = 500

export interface ConnectionOptions {
  readonly clock: Clock
  readonly heartbeats: Heartbeats
  /** How long a peer may read nothing. */
  readonly lagMaxMs: number
  /** What is sent is added to it, and a lag: of one that is terminated for it, the socket knows no code. */
  readonly counted: { readonly sent: { value: number }; close(code: string): void }
  /** Returns the message of a heartbeat, which a page can see; it does not see pings. Absent: pings alone. */
  heartbeat?(): string
  onMessage?(data: Buffer, isBinary: boolean): void
  onPing?(): void
  /** A pong that answers no ping of its subscriptions. */
  onOtherPong?(): void
  /** Called once: nothing is sent or handled after it. */
  onEnd(): void
  /** Called once, after it. */
  onClose?(): void
  /** Of its subscriptions; undefined when the laboratory is off. */
  readonly pace?: ConnectionPace | undefined
}

const CONNECTION = Symbol('connection')
type ConnectedSocket = WebSocket & { [CONNECTION]: SocketConnection }

const cutIntoMessages = wholeMessages((chunk, subscription) => chunkBytes(chunk, subscription).length)

export class SocketConnection implements ChannelConnection, Beating {
  #feed: SubscriptionWires | undefined
  #wires: SocketWires | undefined
  readonly #socket: WebSocket
  /** What the socket's bytes are written to: TCP, TLS, or a stream of HTTP/2. */
  readonly #transport: Duplex
  readonly #options: ConnectionOptions
  /** Of its heartbeats; 0: none. */
  #beatEveryMs = 0
  #cancelTermination: (() => void) | undefined
  #isPongDue = false
  /** Since when heartbeats find bytes that wait and no pong. */
  #stalledSinceMs: number | undefined
  #isEnding = false
  #isCorked = false

  constructor(socket: WebSocket, transport: Duplex, options: ConnectionOptions) {
    this.#socket = socket
    this.#transport = transport
    this.#options = options
    // For all connections the same functions: a closure for each would be as much as a connection has otherwise.
    ;(socket as ConnectedSocket)[CONNECTION] = this
    socket.on('message', receiveMessage)
    socket.on('ping', receivePing)
    socket.on('pong', receivePong)
    socket.on('close', receiveClose)
  }

  receiveMessage(data: Buffer, isBinary: boolean): void {
    this.#options.onMessage?.(data, isBinary)
  }

  receivePing(): void {
    this.#options.onPing?.()
  }

  receivePong(payload: Buffer): void {
    this.#isPongDue = false
    this.#stalledSinceMs = undefined
    if (this.#wires?.takePong(payload) !== true) this.#options.onOtherPong?.()
  }

  /** The connection has gone. @param code that the peer has sent, or that stands for none. */
  receiveClose(code: number): void {
    this.#options.counted.close(String((this.#socket as CountedSocket).sentCode ?? code))
    this.#cancelTermination?.()
    this.#end()
    this.#options.onClose?.()
  }

  /** Made for the first subscription. */
  get feed(): SubscriptionWires {
    this.#feed ??= this.#openWires()
    return this.#feed
  }

  /** Nothing but the close frame is sent any more, and nothing handled. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  /** False while more waits for the peer than should. */
  get hasRoom(): boolean {
    return !this.#transport.writableNeedDrain
  }

  /** Text as a text frame, bytes as a binary one. */
  send(data: string | Uint8Array): void {
    if (!this.#isOpen) return
    const { pace } = this.#options
    this.#cork()
    const bytes = Buffer.byteLength(data)
    this.#options.counted.sent.value += bytes
    if (pace?.isWhole === true) pace.add(this, bytes, () => this.#write(data))
    else this.#socket.send(data)
  }

  /** Past ws, which would make a frame of it for each connection. */
  sendShared(message: SharedText): void {
    if (!this.#isOpen) return
    const frame = message.encodeOnce(encodeText)
    const { pace, counted } = this.#options
    counted.sent.value += frame.length
    if (pace?.isWhole === true) pace.add(this, frame.length, () => this.#isOpen && this.#transport.write(frame))
    else this.#transport.write(frame)
    this.#boundBuffer()
  }

  /** Settles when the peer has read most of what was sent, or has gone. */
  room(): Promise<void> {
    if (this.#isEnding || !this.#transport.writableNeedDrain) return Promise.resolve()
    return new Promise(resolve => {
      const done = () => {
        this.#transport.off('drain', done)
        this.#transport.off('close', done)
        resolve()
      }
      this.#transport.on('drain', done)
      this.#transport.on('close', done)
    })
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Replaces the heartbeat that there was. */
  startHeartbeat(everyMs: number): void {
    if (this.#isEnding) return
    const { heartbeats } = this.#options
    heartbeats.stop(this, this.#beatEveryMs)
    heartbeats.start(this, everyMs)
    this.#beatEveryMs = everyMs
  }

  /** By the closing handshake of RFC 6455 section 7. */
  close(cause: CloseCause): void {
    if (this.#isEnding) return
    this.#sendPaced()
    this.#end()
    closeSocket(this.#socket, cause)
  }

  /** The connection is lost without a close frame, once what was sent has left. */
  cut(): void {
    if (this.#isEnding) return
    this.#sendPaced()
    this.#end()
    this.#terminateAfter(FLOOD_GRACE_MS)
    this.#transport.write('', () => this.#socket.terminate())
  }

  /** As close(), with a code that the client has asked for. */
  closeAtRequest(code: LabCloseCode): void {
    if (this.#isEnding) return
    this.#sendPaced()
    this.#end()
    closeAtRequest(this.#socket, code)
  }

  /** Reads nothing more: what the peer still sends costs nothing. */
  closeFlood(cause: CloseCause): void {
    if (this.#isEnding) return
    this.close(cause)
    this.#socket.pause()
    this.#cancelTermination = this.#options.clock.setTimer(() => {
      this.#transport.end()
      this.#terminateAfter(FLOOD_GRACE_MS - FLOOD_END_MS)
    }, FLOOD_END_MS)
  }

  /** The close frame comes after what waits: a peer that reads again finds the reason, unless it takes too long. */
  closeLagging(): void {
    if (this.#isEnding) return
    this.#options.counted.close('4408')
    this.#end()
    this.#socket.pause()
    this.#terminateAfter(this.#options.lagMaxMs)
    const close = () => {
      this.#socket.resume()
      closeSocket(this.#socket, 'lagging')
    }
    // With less waiting than the buffer's mark there is no drain to wait for.
    if (this.#transport.writableNeedDrain) this.#transport.once('drain', close)
    else close()
  }

  /** What is sent in one turn of the event loop leaves in one write: a command has several events. */
  #cork(): void {
    if (this.#isCorked) return
    this.#isCorked = true
    this.#transport.cork()
    process.nextTick(() => {
      this.#isCorked = false
      this.#transport.uncork()
      this.#boundBuffer()
    })
  }

  /** What a slow link holds comes before the end. */
  #sendPaced(): void {
    if (this.#options.pace?.isWhole === true) this.#options.pace.restore()
  }

  #write(data: string | Uint8Array): void {
    if (this.#isOpen) this.#socket.send(data)
  }

  #openWires(): SubscriptionWires {
    const { clock, counted, pace } = this.#options
    this.#wires = new SocketWires({ socket: this.#socket, transport: this.#transport, clock, sent: counted.sent })
    return pace === undefined ? this.#wires : new PacedWires(this.#wires, pace, cutIntoMessages)
  }

  get #isOpen(): boolean {
    return !this.#isEnding && this.#socket.readyState === this.#socket.OPEN
  }

  #boundBuffer(): void {
    // What is corked does not wait for the peer.
    if (this.#isCorked || !this.#isOpen) return
    const { waitingBytes = 0 } = this.#options.pace ?? {}
    if (this.#socket.bufferedAmount + waitingBytes > BUFFERED_BYTES_MAX) this.closeLagging()
  }

  /** Called by the heartbeats. */
  beat(): void {
    if (this.#isPongDue) {
      this.#checkStalled()
      return
    }
    this.#wires?.forgetIdle()
    this.#isPongDue = true
    this.#socket.ping()
    const message = this.#options.heartbeat?.()
    if (message !== undefined) this.send(message)
  }

  /** A peer that still has to read what was sent before the ping is slow, not gone. */
  #checkStalled(): void {
    const { clock, lagMaxMs } = this.#options
    if (this.#transport.writableLength === 0) this.#socket.terminate()
    else if (this.#stalledSinceMs === undefined) this.#stalledSinceMs = clock.nowMs()
    else if (clock.nowMs() - this.#stalledSinceMs >= lagMaxMs) this.closeLagging()
  }

  #terminateAfter(ms: number): void {
    this.#cancelTermination = this.#options.clock.setTimer(() => this.#socket.terminate(), ms)
  }

  #end(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#options.heartbeats.stop(this, this.#beatEveryMs)
    this.#options.onEnd()
  }
}

function receiveMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  ;(this as ConnectedSocket)[CONNECTION].receiveMessage(data, isBinary)
}

function receivePing(this: WebSocket): void {
  ;(this as ConnectedSocket)[CONNECTION].receivePing()
}

function receivePong(this: WebSocket, payload: Buffer): void {
  ;(this as ConnectedSocket)[CONNECTION].receivePong(payload)
}

function receiveClose(this: WebSocket, code: number): void {
  ;(this as ConnectedSocket)[CONNECTION].receiveClose(code)
}
