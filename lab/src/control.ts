// The control endpoint: says which links there are, and loses a packet on request. For pages and programs of this
// machine: a page of another origin, or under a name that leads here, is refused.

import { once } from 'node:events'
import http from 'node:http'
import type net from 'node:net'
import {
  type ErrorCode,
  HTTP_VERSIONS,
  type HttpVersion,
  LOSS_LAB,
  type LossLabAnswer,
  type PacketLoss,
  problem,
} from '@papertape/protocol'
import { LOOPBACK, type LostPacket } from './lossy-link.ts'

export interface ControlOptions {
  readonly port: number
  readonly answer: LossLabAnswer
  readonly loseNext: (version: HttpVersion, waitMaxMs: number) => Promise<LostPacket | undefined>
}

export interface Control {
  readonly port: number
  close(): void
}

/** Several intervals of the event streams. */
const LOSS_WAIT_MAX_MS = 2_000
const LOOPBACK_NAME = /^(localhost|127\.0\.0\.1|\[::1\])$/

class ControlRefusal extends Error {
  readonly code: ErrorCode
  constructor(code: ErrorCode, detail: string) {
    super(detail)
    this.code = code
  }
}

export async function openControl(options: ControlOptions): Promise<Control> {
  const server = http.createServer((request, response) => {
    respond(options, request).then(
      body => send(response, request, 200, body),
      (error: unknown) => {
        const isRefusal = error instanceof ControlRefusal
        const body = isRefusal ? problem(error.code, error.message) : problem('internal', String(error))
        send(response, request, body.status, body)
      },
    )
  })
  server.listen(options.port, LOOPBACK)
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function respond(options: ControlOptions, request: http.IncomingMessage): Promise<LossLabAnswer | PacketLoss> {
  checkCaller(request)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const isDrop = pathname === '/lab/drop'
  if (!isDrop && pathname !== '/lab')
    throw new ControlRefusal('not-found', 'There is GET /lab and POST /lab/drop here.')
  const method = isDrop ? 'POST' : 'GET'
  if (request.method !== method) throw new ControlRefusal('method-not-allowed', `Use ${method} for ${pathname}.`)
  return isDrop ? drop(options, searchParams.get('version')) : options.answer
}

async function drop({ answer, loseNext }: ControlOptions, asked: string | null): Promise<PacketLoss> {
  const version = HTTP_VERSIONS.find(one => one === asked)
  if (version === undefined) throw new ControlRefusal('bad-parameter', `version is one of ${HTTP_VERSIONS.join(', ')}.`)
  const { absence } = answer.links[version]
  if (absence !== null) throw new ControlRefusal('not-implemented', absence)
  const lost = await loseNext(version, LOSS_WAIT_MAX_MS)
  if (lost !== undefined) return { version, ...lost }
  const { origin } = answer.links[version]
  throw new ControlRefusal(
    'not-found',
    `No packet came by. Open ${origin}/stream?lane=0 to ${LOSS_LAB.streams - 1} first.`,
  )
}

function checkCaller({ headers }: http.IncomingMessage): void {
  const { host = '', origin } = headers
  if (!LOOPBACK_NAME.test(host.replace(/:\d+$/, '')))
    throw new ControlRefusal('unknown-host', `Ask for http://${LOOPBACK}, not for ${host}.`)
  if (origin !== undefined && !isLoopback(origin))
    throw new ControlRefusal('foreign-origin', 'Open the dashboard at http://localhost:8080 on this machine.')
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_NAME.test(new URL(origin).hostname)
}

function send(response: http.ServerResponse, request: http.IncomingMessage, status: number, body: object): void {
  const { origin } = request.headers
  response.writeHead(status, {
    'content-type': status === 200 ? 'application/json' : 'application/problem+json',
    'cache-control': 'no-store',
    vary: 'Origin',
    ...(origin !== undefined && isLoopback(origin) && { 'access-control-allow-origin': origin }),
  })
  response.end(JSON.stringify(body))
}
