// The feed over Server-Sent Events, HTTP/1.0 to HTTP/2, on a hijacked response. Encodes and writes; what is sent is the
// feed's decision.

import type { OutgoingHttpHeaders } from 'node:http'
import { constants, Http2ServerResponse } from 'node:http2'
import { TLSSocket } from 'node:tls'
import { type ChunkPiece, type Feed, type FeedWire, type FrameCodec, PacedWire } from '@papertape/feed'
import {
  cutEvenly,
  encodeBusy,
  encodeFirstRetry,
  encodeFrames,
  FEED_LISTS,
  type FeedParameters,
  type LabConnections,
  parseFeedRequest,
  pieceCount,
  STREAM_HEADERS,
} from '@papertape/gateway'
import type { Clock } from '@papertape/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { streamSchema } from './route-schemas.ts'

/** A reader with more bytes waiting in the process is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** How long the peer may take to read what was written before the end. */
const END_GRACE_MS = 5_000

/** Encoded frames, bare and as a chunk of HTTP/1.1's chunked coding (RFC 9112 7.1), for all readers of a class. */
export interface SseChunk {
  readonly body: Uint8Array
  readonly chunked: Uint8Array
}

const sseCodec: FrameCodec<SseChunk> = {
  name: 'sse',
  encode(frames) {
    return encodeChunk(encodeFrames(frames))
  },
}

function encodeChunk(text: string): SseChunk {
  const bodyBytes = Buffer.byteLength(text)
  const head = `${bodyBytes.toString(16)}\r\n`
  const chunked = Buffer.from(`${head}${text}\r\n`)
  return { body: chunked.subarray(head.length, head.length + bodyBytes), chunked }
}

/** Together the pieces are the chunk, in either coding. */
function cutIntoPieces({ body, chunked }: SseChunk): ChunkPiece<SseChunk>[] {
  const count = pieceCount(body.length)
  const chunkedParts = cutEvenly(chunked, count)
  return cutEvenly(body, count).map((part, n) => ({
    chunk: { body: part, chunked: chunkedParts[n]! },
    bytes: part.length,
  }))
}

export interface SseOptions {
  readonly feed: Feed
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
  readonly clock: Clock
  /** A number from 0 to 1, which spreads reconnects. */
  readonly random: () => number
}

export function sseRoutes(app: FastifyInstance, { feed, connections, clock, random }: SseOptions): void {
  app.get('/stream', { config: { lists: FEED_LISTS }, schema: streamSchema }, (request, reply) => {
    const parameters = request.query as FeedParameters
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(parameters, feed.view.symbols, lastEventId)
    const response = openResponse(request, reply)
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    if (feed.isFull) {
      response.end(encodeBusy(random))
      return
    }
    const wire = wireOf(response, clock, feed.lagMaxMs)
    // Written as the frames are: node:http would send its own chunk at the end of the turn, after them.
    wire.write(encodeChunk(encodeFirstRetry(random)))
    const lab = connections?.add({ cut: () => cut(response) })
    const subscription = { request: feedRequest, codec: sseCodec, labKey: lab?.key }
    const reader = feed.subscribe(subscription, lab === undefined ? wire : new PacedWire(wire, lab.pace, cutIntoPieces))
    closeWith(response, () => {
      reader.close()
      if (lab !== undefined) connections?.remove(lab)
    })
  })
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

function wireOf(response: SseResponse, clock: Clock, lagMaxMs: number): FeedWire<SseChunk> {
  const isHttp1 = response.req.httpVersionMajor === 1
  return {
    get hasRoom() {
      return response.writableLength <= BUFFERED_BYTES_MAX
    },
    write(chunk) {
      const { socket } = response
      // Written to the socket: node:http would encode the chunk for each reader, and write it at the end of the turn,
      // where nothing bounds how much is written. A pipelined response has no socket before the responses before it
      // have ended.
      if (isHttp1 && socket !== null && response.headersSent) {
        if (!socket.destroyed) socket.write(response.chunkedEncoding ? chunk.chunked : chunk.body)
      } else response.write(chunk.body)
      return this.hasRoom
    },
    onDrained(callback) {
      const drained = isHttp1 && response.socket !== null ? response.socket : response
      drained.once('drain', callback)
    },
    end(reason) {
      response.end()
      // A peer that reads nothing does not read the end either. One that lags gets time to read the reason.
      const cancel = clock.setTimer(() => response.destroy(), reason === 'lagging' ? lagMaxMs : END_GRACE_MS)
      response.once('close', cancel)
    },
  }
}

function closeWith(response: SseResponse, close: () => void): void {
  response.on('close', close)
  // A peer that resets the connection is no error to report.
  response.on('error', close)
}

/** The peer sees that the connection was lost, not that the stream has ended. */
function cut(response: SseResponse): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else if (response.socket === null || response.socket instanceof TLSSocket) response.destroy()
  else response.socket.resetAndDestroy()
}
