// The route of the feed over Server-Sent Events. What is sent is the feed's decision, how it is written that of
// sse-response.ts.

import { atDeclaredRate, type Feed, PacedWire } from '@papertape/feed'
import {
  busyRetryMs,
  encodeStreamRetry,
  FEED_LISTS,
  type FeedParameters,
  type LabConnections,
  parseByteRate,
  parseFeedRequest,
} from '@papertape/gateway'
import type { FastifyInstance } from 'fastify'
import { streamSchema } from './route-schemas.ts'
import {
  countResponse,
  cutIntoPieces,
  encodeChunk,
  endBusy,
  openResponse,
  type SseChunk,
  sseCodec,
} from './sse-response.ts'
import { SseWire, type StreamParts } from './sse-wire.ts'

/** On the wire, but for TLS. */
const sizeOf = ({ chunked }: SseChunk) => chunked.length

export interface SseOptions extends StreamParts {
  readonly feed: Feed
  /** Undefined when the laboratory is off. */
  readonly connections: LabConnections | undefined
}

export function sseRoutes(app: FastifyInstance, options: SseOptions): void {
  const { feed, connections, counts, clock, random } = options
  const parts = { ...options, lagMaxMs: feed.lagMaxMs }
  app.get('/stream', { config: { lists: FEED_LISTS }, schema: streamSchema }, (request, reply) => {
    const parameters = request.query as FeedParameters
    const lastEventId = request.headers['last-event-id'] as string | undefined
    const feedRequest = parseFeedRequest(parameters, feed.view.symbols, lastEventId)
    const maxBytesPerSecond = parseByteRate(parameters)
    if (request.method === 'HEAD') {
      openResponse(request, reply).end()
      return
    }
    const refusal = feed.refuse(feedRequest)
    const response = openResponse(request, reply, refusal === undefined)
    const counted = countResponse(response, counts, 'stream')
    if (refusal !== undefined) {
      endBusy(response, counted, refusal.retryMs ?? busyRetryMs(random))
      return
    }
    const wire = new SseWire(response, parts, counted)
    // Written as the frames are: node:http would send its own chunk at the end of the turn, after them.
    wire.write(encodeChunk(encodeStreamRetry(random)))
    const lab = connections?.add(wire)
    const paced = lab === undefined ? wire : new PacedWire(wire, lab.pace, cutIntoPieces)
    const subscription = { request: feedRequest, codec: sseCodec, maxBytesPerSecond, labKey: lab?.key }
    const reader = feed.subscribe(
      subscription,
      atDeclaredRate(paced, { clock, bytesPerSecond: maxBytesPerSecond, sizeOf }),
    )
    wire.start(reader, () => {
      reader.close()
      if (lab !== undefined) connections?.remove(lab)
    })
  })
}
