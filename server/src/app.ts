// Builds the app: hooks, plugins and routes in the order in which a request passes them. Does not listen, and reads no
// environment. Called by main.ts, and by testing/test-app.ts.

import type { AddressInfo } from 'node:net'
import fastifyCookie from '@fastify/cookie'
import fastifyWebsocket from '@fastify/websocket'
import { type AdapterDeps, AlpacaAdapter, BinanceAdapter } from '@papertape/adapters'
import type { Feed } from '@papertape/feed'
import {
  AccountStreams,
  Accounts,
  apiRoutes,
  CHANNEL_LIMITS,
  commandRate,
  eventCodecs,
  healthRoute,
  KeyedCount,
  LabConnections,
  type NewAccountLimits,
  type PrivateStreams,
  probeRoutes,
  type RoomService,
  readRate,
  type Secrets,
  SessionRegistry,
  type SharedLimits,
  type SharedSessions,
  type TokenHolders,
  type VenueClient,
} from '@papertape/gateway'
import { type ChannelLimits, type Clock, FRAME_BYTES_MAX, SUBPROTOCOL } from '@papertape/protocol'
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import { AddressSockets } from './auth/address-sockets.ts'
import { checkHosts } from './auth/hosts.ts'
import { Operator } from './auth/operator.ts'
import { checkOrigins } from './auth/origins.ts'
import type { TrustProxy } from './auth/trusted-proxies.ts'
import { Audience } from './connections/audience.ts'
import type { Drain } from './connections/drain.ts'
import { Rotation } from './connections/rotation.ts'
import { dashboard, isBuilt, notFoundPage } from './dashboard/dashboard.ts'
import { loadSite } from './dashboard/static-site.ts'
import { KernelQueues } from './delivery/kernel-queues.ts'
import { describeRoutes } from './docs/openapi.ts'
import { type OpenPorts, ownOrigins } from './http/own-origins.ts'
import { routeTarget } from './http/request-target.ts'
import { ConnectionCounts } from './metrics/connection-counts.ts'
import { LoopLag } from './metrics/loop-lag.ts'
import { metricsRoute } from './metrics/metrics-route.ts'
import { RequestCounts } from './metrics/request-counts.ts'
import { ServiceMetrics } from './metrics/service-metrics.ts'
import { keepRouteTable, optionsRoute } from './plugins/allowed-methods.ts'
import { compressAnswers } from './plugins/compression.ts'
import { checkMediaTypes } from './plugins/media-types.ts'
import { refuseUnknownParameters } from './plugins/parameters.ts'
import { answerFrameworkError, answerMissing, problems } from './plugins/problems.ts'
import { logTraceContext, sendTraceContext } from './plugins/trace-context.ts'
import { logRequest } from './process/log-request.ts'
import { signHmac } from './process/secrets.ts'
import { docsRoutes } from './routes/docs.ts'
import { handshakeRoute } from './routes/lab-handshake.ts'
import { labHeadersRoutes } from './routes/lab-headers.ts'
import { labOriginsRoutes } from './routes/lab-origins.ts'
import { registerRoutes } from './routes/register-routes.ts'
import { simulationRoutes } from './simulations/simulation-routes.ts'
import { simulationStreamRoutes } from './simulations/simulation-stream.ts'
import type { Simulations } from './simulations/simulations.ts'
import { accountStreamRoutes } from './transports/account-stream.ts'
import { adapterRoutes } from './transports/adapters.ts'
import { CountedSocket, socketErrorListener } from './transports/counted-socket.ts'
import { Heartbeats } from './transports/heartbeats.ts'
import { longPollRoutes } from './transports/long-poll.ts'
import { orderChannelRoutes } from './transports/order-channel.ts'
import { sseRoutes } from './transports/sse.ts'

export interface AppDeps {
  readonly feed: Feed
  readonly venue: VenueClient
  readonly streams: PrivateStreams
  readonly holders?: TokenHolders | undefined
  /** Absent where no other gateway has sessions. */
  readonly sharedSessions?: SharedSessions | undefined
  /** Absent where nothing passes at other gateways. */
  readonly sharedLimits?: SharedLimits | undefined
  readonly simulations: Simulations
  readonly rooms: RoomService
  /** The kernel's tables of TCP connections as text; none where there are none. */
  readonly readTcpTables: () => Promise<readonly string[]>
  readonly clock: Clock
  readonly secrets: Secrets
  /** From 0 to 1; spreads the reconnects of clients. */
  readonly random: () => number
  readonly serverFactory: FastifyServerFactory
  /** Undefined before both are open. */
  readonly ports: () => OpenPorts | undefined
  /** The dashboard's static export. */
  readonly webFolder: string
  readonly operatorToken: string
  /** Whether readers may have their own connections cut and delayed. */
  readonly lab: boolean
  /** Whether the service also answers as other venues do. */
  readonly adapters: boolean
  /** What the adapters say of fees, and of the hours of a market with a schedule. */
  readonly marketTerms: Pick<AdapterDeps, 'feeRates' | 'tradingHours'>
  /** Notifies the connections, at the latest when the app closes. */
  readonly drain: Drain
  /** Streams of Server-Sent Events end before it, to be resumed; 0: none does. */
  readonly streamAgeMaxMs: number
  readonly logLevel: string
  readonly logStream: { write(line: string): void }
  readonly access: AccessSettings
  readonly limits: LimitSettings
}

/** Limits that settings change; those of the contract are not among them. */
export interface LimitSettings
  extends Pick<ChannelLimits, 'commandsPerSecond' | 'burst' | 'addressSocketsMax' | 'openOrdersMax'> {
  /** Of an address. */
  readonly newAccounts: NewAccountLimits
}

/** Which origins, hosts and proxies are accepted. */
export interface AccessSettings {
  /** Origins whose pages have the rights of the dashboard. */
  readonly origins: readonly string[]
  /** Host names that are accepted beside loopback names and IP addresses. */
  readonly hosts: readonly string[]
  readonly trustProxy: TrustProxy
  /** `/tape`, or empty. */
  readonly basePath: string
}

/** A peer that does not answer the close frame is disconnected after this. */
const CLOSE_TIMEOUT_MS = 2_000
/** Fragments of one message. */
const FRAGMENTS_MAX = 1_024
/** Limits on what a peer sends. No compression: it costs more than it saves on small frames. */
const SOCKET_OPTIONS = {
  maxPayload: FRAME_BYTES_MAX,
  perMessageDeflate: false,
  // At most one frame of a connection is parsed in a turn of the event loop, so that a flood does not delay others.
  allowSynchronousEvents: false,
  maxFragments: FRAGMENTS_MAX,
  closeTimeout: CLOSE_TIMEOUT_MS,
  // The type asks for the whole module; ws calls the constructor alone.
  WebSocket: CountedSocket as never,
  handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
}
const LAB_KEY_BYTES = 16
/** Probes and scrapers, which want no prices. */
const PROBES_PATH = /^\/(health\/live|health\/ready|ready|metrics)\b/

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { feed, venue, streams, clock, secrets, random, serverFactory, ports, webFolder, operatorToken } = deps
  const { lab, simulations, sharedSessions, sharedLimits, rooms, drain, streamAgeMaxMs } = deps
  const { logLevel, logStream, access } = deps
  const { origins, hosts, trustProxy, basePath } = access
  const { newAccounts, ...channelLimits } = deps.limits
  const limits = { ...CHANNEL_LIMITS, ...channelLimits }
  const app = Fastify({
    serverFactory,
    logger: { level: logLevel, stream: logStream, serializers: { req: logRequest } },
    bodyLimit: 64 * 1024,
    // preClose notifies open connections first; listeners.ts closes those that remain.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false },
    rewriteUrl: request => routeTarget(request.url ?? '/', basePath),
    trustProxy,
    frameworkErrors: answerFrameworkError,
    // Handled by listeners.ts, for both ports.
    clientErrorHandler: () => {},
  })
  // Schemas are for the document: handlers check the requests, with error messages of their own.
  app.setValidatorCompiler(() => () => true)
  app.decorate('basePath', basePath)
  app.decorate('trustsPeer', (address: string | undefined) => trustProxy(address, 0))

  const epoch = () => feed.log.epoch
  const onError = (error: unknown) => app.log.error(error)
  const accounts = new Accounts(venue, secrets, clock, deps.holders)
  const { streamsMax, lagMaxMs } = feed
  // Numbers of the private streams start again with a new log.
  const privateEpoch = epoch
  const readers = { venue, streams, accounts, clock, privateEpoch, streamsMax, lagMaxMs, streamAgeMaxMs, onError }
  const accountStreams = new AccountStreams(readers)
  const takesNewcomers = () => feed.admission.refusal(feed.isFull) === undefined
  const ends = { drain, rotation: new Rotation({ clock, random, ageMaxMs: streamAgeMaxMs, takesNewcomers }) }

  const counts = new ConnectionCounts()
  const kernelQueues = new KernelQueues({ clock, readTables: deps.readTcpTables })
  const requests = new RequestCounts()
  const registry = new SessionRegistry()
  const { admission } = feed
  const loopLag = new LoopLag(clock, lagMs => admission.addLag(lagMs))
  app.addHook('onClose', async () => {
    loopLag.stop()
    kernelQueues.close()
  })
  const audience = new Audience({
    clock,
    openCount: () => counts.openCount,
    onChange: isPresent => venue.setAudience(isPresent),
  })
  audience.watch(app, path => PROBES_PATH.test(path))
  const metrics = new ServiceMetrics({ feed, venue, streams, registry, connections: counts, requests, loopLag, clock })

  logTraceContext(app)
  keepRouteTable(app)
  requests.watch(app)
  await describeRoutes(app, { basePath })
  const assets = isBuilt(webFolder) ? loadSite(webFolder, basePath) : []
  problems(app, clock)
  // The server waits for its connections before it closes: those that are left are notified.
  app.addHook('preClose', async () => drain.end())
  const onSocketError = socketErrorListener(app.log)
  await app.register(fastifyWebsocket, {
    options: SOCKET_OPTIONS,
    errorHandler: (error, socket) => onSocketError.call(socket, error),
    // drain.ts has closed the sockets.
    preClose: done => app.websocketServer.close(() => done()),
  })

  // After the hook of @fastify/websocket, which ends the socket of a refused upgrade.
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })
  sendTraceContext(app)
  checkHosts(app, { hosts })
  checkOrigins(app, { origins })
  answerMissing(app, notFoundPage(assets))
  checkMediaTypes(app)
  compressAnswers(app)
  await app.register(fastifyCookie)

  const newKey = () => secrets.random(LAB_KEY_BYTES, 'base64url')
  const connections = lab ? new LabConnections({ clock, newKey }) : undefined
  const nowMs = () => clock.nowMs()
  const commands = commandRate(limits, nowMs)
  const reads = readRate(nowMs)
  sharedLimits?.share('commands', commands)
  sharedLimits?.share('reads', reads)
  const socketParts = {
    addressSockets: new AddressSockets(limits.addressSocketsMax),
    counts,
    drain,
    heartbeats: new Heartbeats(clock),
  }
  const context = { operator: new Operator(operatorToken, epoch), epoch }
  await app.register(
    async api => {
      refuseUnknownParameters(api)
      const streamParts = { counts, kernelQueues, requests, ...ends, clock, random }
      sseRoutes(api, { feed, connections, ...streamParts })
      longPollRoutes(api, { feed, counts, drain })
      accountStreamRoutes(api, { accounts, accountStreams, admission, epoch, lagMaxMs, ...streamParts })
      labHeadersRoutes(api)
      const routes = apiRoutes({
        ...{ feed, venue, accounts, rooms, connections, commands, reads },
        ...{ clock, newAccounts, sharedLimits },
      })
      registerRoutes(api, routes, context)
      registerRoutes(api, [handshakeRoute({ clock, lab, address: () => app.server.address() as AddressInfo })], context)
      labOriginsRoutes(api, { ports })
      registerRoutes(api, simulationRoutes(simulations, nowMs), context)
      simulationStreamRoutes(api, { simulations, counts, clock, random })
      const channel = {
        feed,
        codecs: eventCodecs(feed),
        venue,
        accounts,
        streams,
        registry,
        sharedSessions,
        limits,
        commands,
        rooms,
        privateEpoch,
        newSessionId: () => secrets.random(12, 'base64url'),
        clock,
        retryMs: () => drain.retryMs(),
        onError,
      }
      orderChannelRoutes(api, { deps: channel, connections, onSocketError, ...socketParts })
    },
    { prefix: '/v1' },
  )
  if (deps.adapters) {
    const market = { feed, venue, accounts, streams, commands, reads, limits, clock, secrets, signHmac, onError }
    const accountStreams = new KeyedCount(limits.sessionsMax)
    const adapterDeps = { ...market, ...deps.marketTerms, accountStreams }
    const adapters = [new AlpacaAdapter(adapterDeps), new BinanceAdapter(adapterDeps)]
    await adapterRoutes(app, { adapters, onSocketError, ...socketParts, clock, lagMaxMs })
  }
  await app.register(async site => {
    refuseUnknownParameters(site)
    const probes = probeRoutes({ isClosing: () => drain.isClosing, retryMs: () => drain.retryMs() })
    registerRoutes(site, [healthRoute(feed), ...probes], context)
    metricsRoute(site, metrics)
  })
  docsRoutes(app)
  optionsRoute(app)
  dashboard(app, { assets, originsOf: host => Object.values(ownOrigins(host, ports())).flat() })
  return app
}
