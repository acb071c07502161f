// Answers probes where no service listens: on the clear port until it does, and in a process that is a venue alone. Any
// other request has its connection reset, as by a port that is closed: an EventSource that gets an error status does
// not try again. Opened and closed by main.ts.

import http from 'node:http'
import type { Socket } from 'node:net'
import { CodedError, PROBES, problemHeaders } from '@papertape/gateway'
import { withBasePath } from './problem-links.ts'
import { pathOf, routeTarget } from './request-target.ts'

/** Catching up may take some of these. */
const RETRY_MS = 2_000

export interface Probes {
  readonly port: number
  /** Frees the port. */
  close(): Promise<void>
}

export interface ProbesOptions {
  readonly host: string
  readonly port: number
  /** As in routeTarget(). */
  readonly basePath: string
  /** Never, when absent. */
  readonly isReady?: () => boolean
}

/** @throws what listening throws. */
export async function openProbes(options: ProbesOptions): Promise<Probes> {
  const { host, port, basePath, isReady = () => false } = options
  // Without Host, too: Node would answer 400.
  const server = http.createServer({ requireHostHeader: false }, (request, response) => {
    const answer = answerTo(pathOf(routeTarget(request.url ?? '/', basePath)), basePath, isReady())
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (answer === undefined || !isRead) {
      request.socket.resetAndDestroy()
      return
    }
    const { status, mediaType, body, headers = {} } = answer
    // The connection would hold the port.
    const type = `${mediaType}; charset=utf-8`
    response.writeHead(status, { 'content-type': type, connection: 'close', ...headers })
    response.end(JSON.stringify(body))
  })
  for (const event of ['upgrade', 'connect', 'clientError'] as const) {
    server.on(event, (_: unknown, socket: Socket) => socket.resetAndDestroy())
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as { port: number }).port,
    close() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

interface ProbeResponse {
  readonly status: number
  readonly mediaType: string
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
}

function answerTo(path: string, basePath: string, isReady: boolean): ProbeResponse | undefined {
  if (path === PROBES.live) return { status: 200, mediaType: 'application/json', body: { status: 'ok' } }
  if (path !== PROBES.ready && path !== PROBES.readyShort) return undefined
  if (isReady) return { status: 200, mediaType: 'application/json', body: { status: 'ready' } }
  const error = new CodedError('starting', 'the market catches up with its clock; ask again', RETRY_MS)
  const { status } = error
  const body = withBasePath(error.problem(), basePath)
  return { status, mediaType: 'application/problem+json', body, headers: problemHeaders(error) }
}
