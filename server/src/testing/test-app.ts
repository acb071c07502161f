// The real app on a venue in memory, in the test's own thread, at a time that stands still until the test moves it.
// Opens in milliseconds; routes and plugins are asked without a socket. test-server.ts opens its ports for tests of
// sockets.

import http from 'node:http'
import type { Feed } from '@papertape/feed'
import type { FastifyInstance, FastifyServerFactory } from 'fastify'
import { type AccessSettings, buildApp } from '../app.ts'
import { TRUST_NOBODY } from '../auth/trusted-proxies.ts'
import { openGateway } from '../gateway.ts'
import type { PrivateStreams } from '../orders/private-streams.ts'
import type { VenueClient } from '../venue/venue-client.ts'
import { connectSameThread } from './same-thread-venue.ts'
import { TestClock, turns } from './test-clock.ts'

export const OPERATOR_TOKEN = `op_${'test'.repeat(8)}`
/** The Host of requests that name none. */
const HOST = 'localhost:8080'
const EPOCH = 'k3f9'
/** A whole minute: a simulated market begins at one. */
const WALL_MS = Date.UTC(2026, 0, 5, 15)
/** So long the market has traded when the app opens: each instrument has quotes and trades. */
const TRADED_MS = 2_000
/** The venue makes a batch every few milliseconds, and waits for the gateway when it is some batches ahead. */
const STEP_MS = 20
/** A batch reaches the gateway, is written to the readers and acknowledged. */
const TURNS_PER_STEP = 4
const ANSWER_WAIT_MS = 5_000

export interface TestApp {
  readonly app: FastifyInstance
  readonly clock: TestClock
  readonly epoch: string
  readonly feed: Feed
  readonly venue: VenueClient
  readonly streams: PrivateStreams
  /** Lets time pass: the market trades, timers run, and what is published reaches its readers. */
  pass(ms: number): Promise<void>
  /** Settles when every command that was sent so far has been applied and published. */
  settled(): Promise<void>
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
  readonly eventsKept?: number
}

const plainServer: FastifyServerFactory = handler => http.createServer(handler)

/** @param serverFactory of an app that is to listen. */
export async function openTestApp(
  given: TestAppSettings = {},
  serverFactory: (clock: TestClock) => FastifyServerFactory = () => plainServer,
): Promise<TestApp> {
  const { access, webFolder = '/nowhere', streamsMax = 100, lagMaxMs = 30_000, logLines, eventsKept = 100_000 } = given
  const clock = new TestClock(WALL_MS)
  const rules = { bands: 'off', collar: 'off', schedule: '' }
  const { venue, feed, streams } = await openGateway({
    connect: connectSameThread(clock, EPOCH),
    venue: {
      plan: { kind: 'simulated', seed: 1, symbols: 2, rules, scenarios: [] },
      dataFolder: undefined,
      pace: 1,
      pastMs: 0,
      eventsKept,
    },
    clock,
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
  const app = await buildApp({
    feed,
    venue,
    streams,
    clock,
    random: () => 0.5,
    serverFactory: serverFactory(clock),
    webFolder,
    operatorToken: OPERATOR_TOKEN,
    logLevel: logLines === undefined ? 'silent' : 'warn',
    logStream: { write: line => logLines?.push(line) },
    access: { origins: [], hosts: [], trustProxy: TRUST_NOBODY, basePath: '', accountBurst: 0, ...access },
  })
  await app.ready()
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      clock.pass(Math.min(STEP_MS, ms - passed))
      await turns(TURNS_PER_STEP)
    }
  }
  await pass(TRADED_MS)
  return {
    app,
    clock,
    epoch: EPOCH,
    feed,
    venue,
    streams,
    pass,
    async settled() {
      // The venue answers in order, and publishes what is pending before it answers.
      await venue.query('market', {})
    },
    async close() {
      await app.close()
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

export interface TestRequest {
  readonly headers?: http.OutgoingHttpHeaders
  /** An object is sent as JSON, text as it is. */
  readonly body?: object | string
}

/**
 * Asks without a socket: what ends its answer through Fastify, which a stream does not. @param route `POST /v1/orders`
 */
export async function ask(
  { app }: Pick<TestApp, 'app'>,
  route: string,
  { headers = {}, body }: TestRequest = {},
): Promise<TestAnswer> {
  const [method, url] = route.split(' ') as [string, string]
  const answer = await app.inject({
    method: method as 'GET',
    url,
    headers: { host: HOST, ...headers },
    ...(body !== undefined && { payload: body }),
    signal: AbortSignal.timeout(ANSWER_WAIT_MS),
  })
  const { 'set-cookie': cookies } = answer.headers
  const received: http.IncomingHttpHeaders = {
    ...(answer.headers as http.IncomingHttpHeaders),
    ...(cookies !== undefined && { 'set-cookie': [cookies].flat() }),
  }
  const text = answer.rawPayload.toString('latin1')
  const isJson =
    received['content-encoding'] === undefined && /json/.test(received['content-type'] ?? '') && text !== ''
  return { status: answer.statusCode, headers: received, text, body: isJson ? answer.json() : undefined }
}
