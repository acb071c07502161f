// The real app on a venue in memory, in the test's own thread, at a time that stands still until the test moves it.
// Opens in milliseconds; routes and plugins are asked without a socket. test-server.ts opens its ports for tests of
// sockets.

import http from 'node:http'
import { CHANNEL_LIMITS, LocalRooms, MemoryRoomStore } from '@papertape/gateway'
import {
  openTestGateway,
  TEST_EPOCH,
  type TestClock,
  type TestGateway,
  type TestGatewaySettings,
  testSecrets,
} from '@papertape/gateway/testing'
import type { FastifyInstance, FastifyServerFactory } from 'fastify'
import { type AccessSettings, buildApp, type LimitSettings } from '../app.ts'
import { TRUST_NOBODY } from '../auth/trusted-proxies.ts'
import { Drain } from '../connections/drain.ts'
import { startSimulationThread } from '../simulations/simulation-thread.ts'
import { Simulations } from '../simulations/simulations.ts'

export const OPERATOR_TOKEN = `op_${'test'.repeat(8)}`
/** The Host of requests that name none. */
const HOST = 'localhost:8080'
const ANSWER_WAIT_MS = 5_000
const { commandsPerSecond, burst, addressSocketsMax, openOrdersMax } = CHANNEL_LIMITS
const LIMITS: LimitSettings = {
  commandsPerSecond,
  burst,
  addressSocketsMax,
  openOrdersMax,
  newAccounts: { burst: 0, perHour: 0 },
}

export interface TestApp extends TestGateway {
  readonly app: FastifyInstance
  readonly drain: Drain
  readonly epoch: string
}

export interface TestAppSettings extends TestGatewaySettings {
  readonly access?: Partial<AccessSettings>
  /** As standard when absent, with any number of new accounts. */
  readonly limits?: Partial<LimitSettings>
  /** The dashboard; none when absent. */
  readonly webFolder?: string
  /** Takes what is logged by default; nothing is logged when absent. */
  readonly logLines?: string[]
  /** Of what it takes; warnings and errors when absent. */
  readonly logLevel?: 'info' | 'warn'
  readonly lab?: boolean
  readonly adapters?: boolean
  /** Over how long streams and sockets are notified; at once when absent. */
  readonly drainMaxMs?: number
  /** Streams get no older; any age when absent. */
  readonly streamAgeMaxMs?: number
}

const plainServer: FastifyServerFactory = handler => http.createServer(handler)

/** @param serverFactory of an app that is to listen. */
export async function openTestApp(
  given: TestAppSettings = {},
  serverFactory: (clock: TestClock) => FastifyServerFactory = () => plainServer,
): Promise<TestApp> {
  const {
    access,
    limits,
    webFolder = '/nowhere',
    logLines,
    logLevel = 'warn',
    lab = true,
    adapters = true,
    drainMaxMs = 0,
    streamAgeMaxMs = 0,
    ...settings
  } = given
  const gateway = await openTestGateway(settings)
  const { clock, feed, venue, streams } = gateway
  const random = () => 0.5
  const onError = (error: unknown) => {
    throw error
  }
  const drain = new Drain({ clock, random, maxMs: drainMaxMs, admission: feed.admission, onError })
  const app = await buildApp({
    feed,
    venue,
    streams,
    simulations: new Simulations({
      startThread: startSimulationThread,
      newId: numberedIds(),
      wallMs: () => clock.wallMs(),
    }),
    rooms: new LocalRooms({ store: new MemoryRoomStore(), clock, symbols: () => feed.view.symbols }, onError),
    // What they say would come at times that the test's clock does not know.
    readTcpTables: async () => [],
    clock,
    secrets: testSecrets(),
    random,
    serverFactory: serverFactory(clock),
    ports: () => ({ clear: 8080, secure: 8443 }),
    webFolder,
    operatorToken: OPERATOR_TOKEN,
    lab,
    adapters,
    drain,
    streamAgeMaxMs,
    marketTerms: { feeRates: { maker: 0, taker: 0 }, tradingHours: undefined },
    logLevel: logLines === undefined ? 'silent' : logLevel,
    logStream: { write: line => logLines?.push(line) },
    access: { origins: [], hosts: [], trustProxy: TRUST_NOBODY, basePath: '', ...access },
    limits: { ...LIMITS, ...limits },
  })
  await app.ready()
  return {
    ...gateway,
    app,
    drain,
    epoch: TEST_EPOCH,
    async close() {
      await app.close()
      await gateway.close()
    },
  }
}

function numberedIds(): () => string {
  let count = 0
  return () => `sim-${++count}`
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
