// One response of Server-Sent Events, HTTP/1.0 to HTTP/2, hijacked from Fastify: its head, the wire that a reader
// writes to, and how it ends. Decides nothing of what is sent. Used by the routes of the streams.

import type { OutgoingHttpHeaders } from 'node:http'
import { constants, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ChunkPiece, FeedWire, FrameCodec } from '@papertape/feed'
import { cutEvenly, encodeBusy, encodeFrames, pieceCount, STREAM_HEADERS } from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Drain } from '../connections/drain.ts'
import type { Rotation } from '../connections/rotation.ts'
import type { KernelQueues } from '../delivery/kernel-queues.ts'
import type { ConnectionCounts, ConnectionProtocol, CountedConnection, Endpoint } from '../metrics/connection-counts.ts'

/** A reader with more bytes waiting in the process is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** How long the peer may take to read what was written before the end. */
const END_GRACE_MS = 5_000

/** Encoded frames, bare and as a chunk of HTTP/1.1's chunked coding (RFC 9112 7.1), for all readers of a class. */
export interface SseChunk {
  readonly body: Uint8Array
  readonly chunked: Uint8Array
}

export const sseCodec: FrameCodec<SseChunk> = {
  name: 'sse',
  encode(frames) {
    return encodeChunk(encodeFrames(frames))
  },
}

export function encodeChunk(text: string): SseChunk {
  const bodyBytes = Buffer.byteLength(text)
  const head = `${bodyBytes.toString(16)}\r\n`
  const chunked = Buffer.from(`${head}${text}\r\n`)
  return { body: chunked.subarray(head.length, head.length + bodyBytes), chunked }
}

/** Together the pieces are the chunk, in either coding. */
export function cutIntoPieces({ body, chunked }: SseChunk): ChunkPiece<SseChunk>[] {
  const count = pieceCount(body.length)
  const chunkedParts = cutEvenly(chunked, count)
  return cutEvenly(body, count).map((part, n) => ({
    chunk: { body: part, chunked: chunkedParts[n]! },
    bytes: part.length,
  }))
}

export type SseResponse = FastifyReply['raw']

/** Sends the head. From here on Fastify does not answer. */
export function openResponse(request: FastifyRequest, reply: FastifyReply): SseResponse {
  reply.hijack()
  const response = reply.raw
  // A stream has no request timeout.
  request.raw.setTimeout(0)
  response.writeHead(200, { ...reply.getHeaders(), ...STREAM_HEADERS } as OutgoingHttpHeaders)
  response.flushHeaders()
  return response
}

export interface WireOptions {
  readonly clock: Clock
  /** How long a peer that lags may take to read the reason of its end. */
  readonly lagMaxMs: number
  readonly counted: CountedConnection
  readonly kernelQueues: KernelQueues
}

export function wireOf(response: SseResponse, options: WireOptions): FeedWire<SseChunk> {
  const { clock, lagMaxMs, counted, kernelQueues } = options
  const { sent } = counted
  const isHttp1 = response.req.httpVersionMajor === 1
  // Written to the socket: node:http would encode the chunk for each reader, and write it at the end of the turn, where
  // nothing bounds how much is written. A pipelined response has no socket before the responses before it have ended.
  let socket: Socket | undefined
  const writable = () => {
    if (socket === undefined && isHttp1 && response.headersSent) socket = response.socket ?? undefined
    return socket ?? response
  }
  // The streams of an HTTP/2 connection have one queue in the kernel: what it says is not of one of them.
  const queue = isHttp1 ? kernelQueues.watch(response.req.socket, () => writable().writableLength) : undefined
  if (queue !== undefined) response.once('close', () => kernelQueues.unwatch(queue))
  const isInTime = () => queue === undefined || queue.hasRoom
  return {
    get hasRoom() {
      // What node:http itself holds back is the head alone, once the socket is there.
      return isInTime() && (socket ?? response).writableLength <= BUFFERED_BYTES_MAX
    },
    get isSlow() {
      return queue?.isLate ?? false
    },
    write(chunk) {
      sent.value += chunk.body.length
      queue?.write(chunk.body.length)
      const to = writable()
      if (to === response) response.write(chunk.body)
      else if (!to.destroyed) (to as Socket).write(response.chunkedEncoding ? chunk.chunked : chunk.body)
      return isInTime() && to.writableLength <= BUFFERED_BYTES_MAX
    },
    onDrained(callback) {
      if (queue === undefined || queue.hasRoom) writable().once('drain', callback)
      else queue.onRoom(callback)
    },
    end(reason) {
      counted.close(reason)
      response.end()
      // A peer that reads nothing does not read the end either. One that lags gets time to read the reason.
      const cancel = clock.setTimer(() => response.destroy(), reason === 'lagging' ? lagMaxMs : END_GRACE_MS)
      response.once('close', cancel)
    },
  }
}

/** Counts a stream, from now until its response is closed. */
export function countResponse(response: SseResponse, counts: ConnectionCounts, endpoint: Endpoint): CountedConnection {
  const counted = counts.add(endpoint, protocolOf(response.req))
  response.once('close', () => counted.close('left'))
  return counted
}

export function protocolOf({ httpVersion }: { readonly httpVersion: string }): ConnectionProtocol {
  if (httpVersion === '1.0') return 'http/1.0'
  return httpVersion === '1.1' ? 'http/1.1' : 'http/2'
}

/** A stream that is refused: 200 and its end, see the contract. */
export function endBusy(response: SseResponse, counted: CountedConnection, retryMs: number): void {
  counted.close('busy')
  response.end(encodeBusy(retryMs))
}

/** What notifies open streams that they are to end. */
export interface StreamEnds {
  readonly drain: Drain
  readonly rotation: Rotation
}

/** What the routes of both streams are given. */
export interface StreamParts extends StreamEnds {
  readonly clock: Clock
  readonly counts: ConnectionCounts
  readonly kernelQueues: KernelQueues
  /** A number from 0 to 1, which spreads reconnects. */
  readonly random: () => number
}

/**
 * Has a stream notified in its turn when the server closes, and when it is old.
 * @param leave says after how long to reconnect, and ends the stream.
 */
export function endInTurn(
  response: SseResponse,
  counted: CountedConnection,
  { drain, rotation }: StreamEnds,
  leave: (retryMs: number) => void,
): void {
  const forgetDrain = drain.add(leave)
  const forgetRotation = rotation.add(retryMs => {
    counted.close('rotated')
    leave(retryMs)
  })
  response.once('close', () => {
    forgetDrain()
    forgetRotation()
  })
}

export function closeWith(response: SseResponse, close: () => void): void {
  response.on('close', close)
  // A peer that resets the connection is no error to report.
  response.on('error', close)
}

/** The peer sees that the connection was lost, not that the stream has ended. */
export function cut(response: SseResponse): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else if (response.socket === null || response.socket instanceof TLSSocket) response.destroy()
  else response.socket.resetAndDestroy()
}
