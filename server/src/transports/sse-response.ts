// One response of Server-Sent Events, HTTP/1.0 to HTTP/2, hijacked from Fastify: its head, the coding of its chunks,
// and its end where there is nothing to send. Used by the routes of the streams; sse-wire.ts writes the events.

import type { OutgoingHttpHeaders } from 'node:http'
import type { ChunkPiece, FrameCodec } from '@papertape/feed'
import { cutEvenly, encodeBusy, encodeFrames, pieceCount, STREAM_HEADERS } from '@papertape/gateway'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { mayTake } from '../http/take-socket.ts'
import type { ConnectionCounts, ConnectionProtocol, CountedConnection, Endpoint } from '../metrics/connection-counts.ts'

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

/**
 * Sends the head. From here on Fastify does not answer.
 * @param mayBeTaken sse-wire.ts takes its connection from node:http where it can: then it has no further request.
 */
export function openResponse(request: FastifyRequest, reply: FastifyReply, mayBeTaken = false): SseResponse {
  reply.hijack()
  const response = reply.raw
  // A stream has no request timeout.
  request.raw.setTimeout(0)
  const last = mayBeTaken && mayTake(response) ? { connection: 'close' } : {}
  response.writeHead(200, { ...reply.getHeaders(), ...STREAM_HEADERS, ...last } as OutgoingHttpHeaders)
  response.flushHeaders()
  return response
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
