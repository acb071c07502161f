// The events of one simulation over Server-Sent Events, and its tape as a file. A reader that does not take what is
// written gets the newest progress later, not all of it. The stream ends with the simulation.

import { createReadStream } from 'node:fs'
import { busyRetryMs, CodedError, encodeStreamRetry } from '@papertape/gateway'
import { type Clock, encodeSse } from '@papertape/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConnectionCounts, CountedConnection } from '../metrics/connection-counts.ts'
import { countResponse, endBusy, openResponse, type SseResponse } from '../transports/sse-response.ts'
import type { SimulationEvent } from './simulation-events.ts'
import type { SimulationJob } from './simulation-job.ts'
import { simulationStreamSchema, tapeSchema } from './simulation-schemas.ts'
import type { Simulations } from './simulations.ts'

/** A comment is sent this often: proxies close connections that are silent. */
const COMMENT_MS = 15_000
const STREAMS_MAX = 100

export interface SimulationStreamOptions {
  readonly simulations: Simulations
  readonly counts: ConnectionCounts
  readonly clock: Clock
  /** From 0 to 1; spreads reconnects. */
  readonly random: () => number
}

export function simulationStreamRoutes(
  app: FastifyInstance,
  { simulations, counts, clock, random }: SimulationStreamOptions,
): void {
  const streams = new Map<SseResponse, CountedConnection>()
  // A simulation ends with the process: whoever follows it does so to its end.
  app.addHook('preClose', async () => {
    await simulations.close()
    for (const [response, counted] of streams) {
      counted.close('drain')
      response.end()
    }
  })

  app.get('/simulations/:id/tape', { schema: tapeSchema }, (request, reply) => {
    const job = simulations.get(idOf(request))
    const { result, state, header } = job
    if (result === null) throw new CodedError('not-found', `the simulation ${job.id} has no tape: it is ${state}`)
    reply.header('content-disposition', `attachment; filename="papertape-seed-${header.seed}.tape.gz"`)
    reply.header('content-length', result.compressedBytes)
    return reply.type('application/gzip').send(createReadStream(simulations.tapeFile(job)))
  })

  app.get('/simulations/:id/stream', { schema: simulationStreamSchema }, (request, reply) => {
    const job = simulations.get(idOf(request))
    const after = positionOf(request)
    // EventSource ends its attempts at 204 (HTML standard, 9.2.3): there is nothing after the last event.
    if (job.hasEnded && after >= job.events.newest) return reply.code(204).send()
    const response = openResponse(request, reply)
    if (request.method === 'HEAD') return response.end()
    const counted = countResponse(response, counts, 'simulationStream')
    if (streams.size >= STREAMS_MAX) return endBusy(response, counted, busyRetryMs(random))
    streams.set(response, counted)
    response.on('close', () => streams.delete(response))
    return streamSimulation(response, job, { clock, counted, after, firstRetry: encodeStreamRetry(random) })
  })
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id
}

/** 0 when there is none, or none of ours. */
function positionOf(request: FastifyRequest): number {
  const id = request.headers['last-event-id'] as string | undefined
  return /^\d{1,9}$/.test(id ?? '') ? Number(id) : 0
}

interface ReaderOptions {
  readonly clock: Clock
  readonly counted: CountedConnection
  /** The number of the last event that the reader has. */
  readonly after: number
  /** Encoded: after how long a browser reconnects. */
  readonly firstRetry: string
}

function streamSimulation(
  response: SseResponse,
  job: SimulationJob,
  { clock, counted, after, firstRetry }: ReaderOptions,
): void {
  const { events } = job
  let sent = after
  let isWaiting = false

  function send(): void {
    if (isWaiting || response.writableEnded) return
    for (const { number, event, data } of events.after(sent)) {
      sent = number
      const text = encodeSse({ id: String(number), event, data: JSON.stringify(data) })
      counted.sent.value += Buffer.byteLength(text)
      response.write(text)
      if (!isLast(event)) continue
      counted.close('done')
      response.end()
    }
    if (response.writableEnded || !response.writableNeedDrain) return
    isWaiting = true
    response.once('drain', () => {
      isWaiting = false
      send()
    })
  }

  function comment(): void {
    if (!isWaiting) response.write(':\n\n')
    cancelComment = clock.setTimer(comment, COMMENT_MS)
  }

  let cancelComment = clock.setTimer(comment, COMMENT_MS)
  const unwatch = events.watch(send)
  response.on('close', () => {
    unwatch()
    cancelComment()
  })
  // A peer that resets the connection is no error to report.
  response.on('error', () => unwatch())
  response.write(firstRetry)
  send()
}

function isLast(event: SimulationEvent['event']): boolean {
  return event === 'done' || event === 'failed' || event === 'canceled'
}
