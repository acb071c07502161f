// What a reader of a stream writes to: one response of Server-Sent Events, whose connection is taken from node:http
// where that is possible, so that an idle stream is little more than a socket. Ends it, and notices when it has ended.
// Decides nothing of what is sent, nor when.

import type { ServerResponse } from 'node:http'
import { constants, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { EndReason, FeedWire } from '@papertape/feed'
import { encodeStreamRetry, type LabControls } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { Drain, Leaving } from '../connections/drain.ts'
import type { Rotating, Rotation } from '../connections/rotation.ts'
import type { KernelQueue, KernelQueues, WatchedConnection } from '../delivery/kernel-queues.ts'
import type { Endpoints } from '../delivery/tcp-table.ts'
import { mayTake, takeSocket } from '../http/take-socket.ts'
import type { ConnectionCounts, CountedConnection } from '../metrics/connection-counts.ts'
import type { ValueSeries } from '../metrics/labeled-values.ts'
import type { RequestCounts } from '../metrics/request-counts.ts'
import { encodeChunk, type SseChunk, type SseResponse } from './sse-response.ts'

/** A reader with more bytes waiting in the process is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** How long the peer may take to read what was written before the end. */
const END_GRACE_MS = 5_000
/** So few bytes since the kernel had none of the stream are no wait: a heartbeat does not make it looked at. */
const UNWATCHED_BYTES_MAX = 1_024
/** RFC 9112 7.1: the end of a body in the chunked coding. */
const LAST_CHUNK = '0\r\n\r\n'

/** What the streams of a route have in common. */
export interface WireParts {
  readonly clock: Clock
  /** How long a peer that lags may take to read the reason of its end. */
  readonly lagMaxMs: number
  readonly kernelQueues: KernelQueues
  /** What notifies open streams that they are to end. */
  readonly drain: Drain
  readonly rotation: Rotation
  readonly requests: RequestCounts
  /** A number from 0 to 1, which spreads reconnects. */
  readonly random: () => number
}

/** What the routes of both streams are given. */
export interface StreamParts extends Omit<WireParts, 'lagMaxMs'> {
  readonly counts: ConnectionCounts
}

export class SseWire implements FeedWire<SseChunk>, LabControls, Rotating, WatchedConnection {
  readonly #parts: WireParts
  readonly #counted: CountedConnection
  readonly #sent: ValueSeries
  /** Undefined once the connection was taken. */
  #response: SseResponse | undefined
  /** Over HTTP/1: the connection. */
  readonly #socket: Socket | undefined
  /** Whether events are written to the connection. */
  #isDirect = false
  readonly #isChunked: boolean
  /**
   * Undefined while nothing is in flight, and over HTTP/2: the streams of a connection have one queue in the kernel.
   */
  #queue: KernelQueue | undefined
  /** What the queue has said: a write to a peer that is not late does not look at it. */
  #isLate = false
  #unwatchedBytes = 0
  #reader: Leaving | undefined
  #onClose: (() => void) | undefined
  #rotationCheck = -1
  #cancelDestruction: (() => void) | undefined

  /** @param response its head is sent. */
  constructor(response: SseResponse, parts: WireParts, counted: CountedConnection) {
    this.#response = response
    this.#parts = parts
    this.#counted = counted
    this.#sent = counted.sent
    const isHttp1 = response.req.httpVersionMajor === 1
    this.#socket = isHttp1 ? response.req.socket : undefined
    this.#isChunked = isHttp1 && (response as ServerResponse).chunkedEncoding
    const closed = this.#closedListener()
    response.on('close', closed)
    // A peer that resets the connection is no error to report.
    response.on('error', closed)
    if (!mayTake(response)) return
    response.req.resume()
    setImmediate(() => this.#take())
  }

  #take(): void {
    const socket = takeSocket(this.#response as ServerResponse)
    if (socket === undefined) return
    this.#response = undefined
    this.#isDirect = true
    socket.on('close', this.#closedListener())
    socket.on('error', ignoreError)
    socket.on('end', endSocket)
  }

  /** Made where nothing else is: it keeps what its scope has. */
  #closedListener(): () => void {
    return () => this.#closed()
  }

  /**
   * Has the reader notified in its turn when the server closes, and when the stream is old.
   * @param onClose the connection has gone.
   */
  start(reader: Leaving, onClose: () => void): void {
    const { drain, rotation } = this.#parts
    this.#reader = reader
    this.#onClose = onClose
    drain.add(reader)
    this.#rotationCheck = rotation.add(this)
  }

  get hasRoom(): boolean {
    return this.#isInTime && this.waitingBytes <= BUFFERED_BYTES_MAX
  }

  get isSlow(): boolean {
    return this.#isLate
  }

  staySlow(): void {
    this.#queue?.stayLate(this.#parts.clock.nowMs())
  }

  /**
   * Called for each reader of a class in turn: what it looks at has to be fetched into the processor's cache each time,
   * which costs more than what it does.
   */
  write(chunk: SseChunk): boolean {
    const { length } = chunk.body
    const socket = this.#socket
    // Written to the socket: node:http would encode the chunk for each reader, and write it at the end of the turn,
    // where nothing bounds how much is written. Not before the answers before this one have ended.
    this.#isDirect ||= this.#hasOwnTurn
    if (this.#isDirect && !socket!.writable) return false
    this.#sent.value += length
    if (this.#queue === undefined && socket !== undefined) this.#watchBusy(length)
    if (!this.#isDirect) this.#response!.write(chunk.body)
    else socket!.write(this.#isChunked ? chunk.chunked : chunk.body)
    return this.hasRoom
  }

  onDrained(callback: () => void): void {
    if (!this.#isInTime) this.#queue!.onRoom(callback)
    else if (this.#isDirect) this.#socket!.once('drain', callback)
    else this.#response!.once('drain', callback)
  }

  end(reason: EndReason): void {
    const { clock, lagMaxMs, requests, random } = this.#parts
    this.#counted.close(reason)
    if (reason === 'lagging') this.write(encodeChunk(encodeStreamRetry(random)))
    if (this.#response !== undefined) this.#response.end()
    else {
      requests.add('GET', 200)
      this.#socket!.end(this.#isChunked ? LAST_CHUNK : '')
      // As node:http does: who reads everything and does not close would keep its place.
      this.#socket!.destroySoon()
    }
    // A peer that reads nothing does not read the end either. One that lags gets time to read the reason.
    this.#cancelDestruction ??= clock.setTimer(
      () => (this.#response ?? this.#socket)!.destroy(),
      reason === 'lagging' ? lagMaxMs : END_GRACE_MS,
    )
  }

  rotate(retryMs: number): void {
    this.#counted.close('rotated')
    this.#reader!.drain(retryMs)
  }

  cut(): void {
    if (this.#response === undefined) this.#socket!.resetAndDestroy()
    else cut(this.#response)
  }

  get #hasOwnTurn(): boolean {
    return this.#socket !== undefined && this.#response !== undefined && this.#response.socket !== null
  }

  get #isInTime(): boolean {
    return !this.#isLate || this.#queue!.hasRoom
  }

  #watchBusy(bytes: number): void {
    this.#unwatchedBytes += bytes
    if (this.#unwatchedBytes <= UNWATCHED_BYTES_MAX) return
    this.#unwatchedBytes = 0
    this.#queue = this.#parts.kernelQueues.watch(this)
  }

  get endpoints(): Endpoints {
    return this.#socket!
  }

  get givenBytes(): number {
    const { bytesWritten, writableLength } = this.#socket!
    return bytesWritten - writableLength
  }

  get waitingBytes(): number {
    // What node:http itself holds back is the head alone, once it writes to the connection.
    return (this.#isDirect ? this.#socket! : this.#response!).writableLength
  }

  onLate(isLate: boolean): void {
    this.#isLate = isLate
  }

  onIdle(): void {
    this.#queue = undefined
  }

  /** Called once or more. */
  #closed(): void {
    const { kernelQueues, drain, rotation } = this.#parts
    this.#cancelDestruction?.()
    this.#counted.close('left')
    if (this.#queue !== undefined) kernelQueues.unwatch(this.#queue)
    if (this.#reader === undefined) return
    drain.remove(this.#reader)
    rotation.remove(this, this.#rotationCheck)
    this.#onClose!()
  }
}

/** The peer sees that the connection was lost, not that the stream has ended. */
export function cut(response: SseResponse): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else if (response.socket === null || response.socket instanceof TLSSocket) response.destroy()
  else response.socket.resetAndDestroy()
}

/** `close` follows. */
function ignoreError(): void {}

/** As node:http: a peer that has sent its end gets no more than what was written to it. */
function endSocket(this: Socket): void {
  this.end()
}
