// The feed over Server-Sent Events, HTTP/1.0 to HTTP/2, on a hijacked response. Only the wire: what is sent, and from
// where, is the feed's business.

import type { OutgoingHttpHeaders } from 'node:http'
import type { Feed, FeedReader, FeedWire } from '@papertape/feed'
import { controlFrame, type Frame, type FrameCodec } from '@papertape/feed'
import { type Clock, encodeRetry, encodeSse } from '@papertape/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { FEED_LISTS, FEED_PARAMETERS, type FeedParameters, parseFeedRequest } from './feed-request.ts'

/** More than this waiting in the process, and a reader is taken for slow. */
const BUFFERED_BYTES_MAX = 64 * 1024
/** How long what was written before the end may still take to leave. */
const END_GRACE_MS = 5_000
/** A browser's EventSource waits this long before it comes back; drawn anew for each, so that they do not come at once. */
const RETRY_MS = { least: 1_000, most: 5_000 }
const BUSY_RETRY_MS = { least: 8_000, most: 30_000 }

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** Frames as they go out: bare, and as one chunk of HTTP/1.1's chunked coding (RFC 9112 7.1), which is made once for all. */
export interface SseChunk {
  readonly body: Buffer
  readonly chunked: Buffer
}

export const sseCodec: FrameCodec<SseChunk> = {
  name: 'sse',
  encode(frames) {
    return encodeChunk(frames.map(frame => encodeSse(frame)).join(''))
  },
}

function encodeChunk(text: string): SseChunk {
  const bodyBytes = Buffer.byteLength(text)
  const head = `${bodyBytes.toString(16)}\r\n`
  const chunked = Buffer.from(`${head}${text}\r\n`)
  return { body: chunked.subarray(head.length, head.length + bodyBytes), chunked }
}

export interface SseOptions {
  readonly feed: Feed
  readonly clock: Clock
  /** A number from 0 to 1, to spread reconnects. */
  readonly random: () => number
}

export function sseRoutes(app: FastifyInstance, { feed, clock, random }: SseOptions): void {
  const config = { parameters: FEED_PARAMETERS, lists: FEED_LISTS }
  app.get('/stream', { config }, (request, reply) => {
    const parameters = request.query as FeedParameters
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(parameters, feed.view.symbols, lastEventId)
    const response = openResponse(request, reply)
    if (request.method === 'HEAD') {
      response.end()
      return
    }
    if (feed.isFull) {
      refuseBusy(response, between(BUSY_RETRY_MS, random))
      return
    }
    const wire = wireOf(response, clock, feed.lagMaxMs)
    // By the same way as the frames: node:http holds its own chunks back until the turn is over, behind them.
    wire.write(encodeChunk(encodeRetry(between(RETRY_MS, random))))
    const reader = feed.subscribe({ request: feedRequest, codec: sseCodec }, wire)
    closeWith(response, reader)
  })
}

type Response = FastifyReply['raw']

/** From here on Fastify answers nothing: the head is out, and the body ends when we end it. */
function openResponse(request: FastifyRequest, reply: FastifyReply): Response {
  reply.hijack()
  const response = reply.raw
  // Streams outlive every request timeout, and ticks are small: they leave when they are written.
  request.raw.setTimeout(0)
  response.writeHead(200, { ...reply.getHeaders(), ...SSE_HEADERS } as OutgoingHttpHeaders)
  response.flushHeaders()
  return response
}

function wireOf(response: Response, clock: Clock, lagMaxMs: number): FeedWire<SseChunk> {
  const isHttp1 = response.req.httpVersionMajor === 1
  return {
    get hasRoom() {
      return response.writableLength <= BUFFERED_BYTES_MAX
    },
    write(chunk) {
      const { socket } = response
      // Straight to the socket: node:http would frame each reader's chunk anew, and write it after the turn is over, where
      // nothing bounds how much is written. A pipelined response has no socket before its turn has come.
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
      // A peer that takes nothing does not take the end either; one that lags may wake up and read why.
      const cancel = clock.setTimer(() => response.destroy(), reason === 'lagging' ? lagMaxMs : END_GRACE_MS)
      response.once('close', cancel)
    },
  }
}

function closeWith(response: Response, reader: FeedReader<SseChunk>): void {
  response.on('close', () => reader.close())
  // A peer that resets the connection is nothing to report: its reader closes with it.
  response.on('error', () => reader.close())
}

/** Never a 429 or 503: a browser's EventSource would stay closed for good. */
function refuseBusy(response: Response, retryMs: number): void {
  const busy: Frame = controlFrame({ event: 'busy', data: { retryMs } })
  response.end(encodeRetry(retryMs) + encodeSse(busy))
}

function between({ least, most }: { least: number; most: number }, random: () => number): number {
  return Math.round(least + (most - least) * random())
}
