// The whole app in the test's own process: a market that keeps nothing, two real ports. For tests of routes and plugins.

import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import type { Feed } from '@papertape/feed'
import type { FastifyInstance } from 'fastify'
import { type AccessSettings, buildApp } from '../app.ts'
import { TRUST_NOBODY } from '../auth/trusted-proxies.ts'
import { openGateway } from '../gateway.ts'
import { type Certificate, localCertificate } from '../http/certificate.ts'
import { createListeners } from '../http/listeners.ts'
import { systemClock } from '../process/system-clock.ts'
import type { VenueClient } from '../venue/venue-client.ts'

export const OPERATOR_TOKEN = `op_${'test'.repeat(8)}`
const ANSWER_WAIT_MS = 5_000

export interface TestApp {
  readonly app: FastifyInstance
  readonly port: number
  readonly tlsPort: number
  readonly url: string
  readonly epoch: string
  readonly feed: Feed
  readonly venue: VenueClient
  close(): Promise<void>
}

export interface TestAppSettings {
  readonly access?: Partial<AccessSettings>
  /** The dashboard; none when absent. */
  readonly webFolder?: string
  /** Takes what is logged by default; nothing is logged when absent. */
  readonly logLines?: string[]
  readonly streamsMax?: number
  readonly lagMaxMs?: number
}

let certificate: Promise<Certificate> | undefined

export async function openTestApp(given: TestAppSettings = {}): Promise<TestApp> {
  const { access, webFolder = '/nowhere', streamsMax = 100, lagMaxMs = 30_000, logLines } = given
  const rules = { bands: 'off', collar: 'off', schedule: '' }
  const { venue, feed, streams } = await openGateway({
    venue: {
      plan: { kind: 'simulated', seed: 1, symbols: 2, rules, scenarios: [] },
      dataFolder: undefined,
      pace: 1,
      pastMs: 0,
      eventsKept: 100_000,
    },
    clock: systemClock,
    streamsMax,
    lagMaxMs,
    onCatchingUp: () => {},
    onOpened: () => {},
    onNotice: () => {},
    onFailure: error => {
      throw error
    },
    onError: error => {
      throw error
    },
  })
  certificate ??= localCertificate(undefined, new Date())
  const settings: AccessSettings = {
    origins: [],
    hosts: [],
    trustProxy: TRUST_NOBODY,
    basePath: '',
    accountBurst: 0,
    ...access,
  }
  const listeners = createListeners(await certificate, settings.basePath)
  const app = await buildApp({
    feed,
    venue,
    streams,
    serverFactory: listeners.serverFactory,
    webFolder,
    operatorToken: OPERATOR_TOKEN,
    logLevel: logLines === undefined ? 'silent' : 'warn',
    logStream: { write: line => logLines?.push(line) },
    access: settings,
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as net.AddressInfo
  const tlsPort = await listeners.listenSecure('127.0.0.1', 0)
  return {
    app,
    port,
    tlsPort,
    url: `http://127.0.0.1:${port}`,
    epoch: feed.log.epoch,
    feed,
    venue,
    async close() {
      await app.close()
      await listeners.stop(0)
      await venue.close()
    },
  }
}

export interface TestAnswer {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
  /** The body when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read fields of many kinds of answers
  readonly body: any
}

/** @param route `POST /v1/orders`; an object goes out as JSON, text as it is. */
export function ask(
  { port }: Pick<TestApp, 'port'>,
  route: string,
  { headers = {}, body }: { headers?: http.OutgoingHttpHeaders; body?: object | string } = {},
): Promise<TestAnswer> {
  const [method, path] = route.split(' ') as [string, string]
  const isJson = typeof body === 'object'
  return new Promise((resolve, reject) => {
    const sent = isJson ? { 'content-type': 'application/json', ...headers } : headers
    const request = http.request({ host: '127.0.0.1', port, method, path, headers: sent, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => resolve(toAnswer(response.statusCode!, response.headers, Buffer.concat(chunks))))
    })
    request.setTimeout(ANSWER_WAIT_MS, () => request.destroy(new Error(`no answer to ${route}`)))
    request.once('error', reject)
    request.end(isJson ? JSON.stringify(body) : body)
  })
}

function toAnswer(status: number, headers: http.IncomingHttpHeaders, bytes: Buffer): TestAnswer {
  const text = bytes.toString('latin1')
  const isJson = headers['content-encoding'] === undefined && /json/.test(headers['content-type'] ?? '') && text !== ''
  return { status, headers, text, body: isJson ? JSON.parse(bytes.toString()) : undefined }
}

/** Sends bytes as they are and reads until `until` matches, the peer ends, or two seconds have passed. */
export function exchange(port: number, text: string, { secure = false, until = /$^/ } = {}): Promise<string> {
  return new Promise(resolve => {
    const socket = secure
      ? tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
      : net.connect({ host: '127.0.0.1', port })
    let received = ''
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(received)
    }
    const timer = setTimeout(done, 2_000)
    socket.setEncoding('latin1')
    socket.on('data', chunk => {
      received += chunk
      if (until.test(received)) done()
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(text)
  })
}

/** The status and the problem of a whole answer as it came over a socket. */
export function readRaw(received: string) {
  const end = received.indexOf('\r\n\r\n')
  const head = received.slice(0, end < 0 ? undefined : end)
  const body = end < 0 ? '' : received.slice(end + 4)
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]),
    type: /^content-type: (.*)$/im.exec(head)?.[1],
    head,
    code: /"code":"([^"]*)"/.exec(body)?.[1],
    body,
  }
}
