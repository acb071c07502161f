// The whole app, top to bottom: what is asked of it passes these registrations in this order. Never listens, never reads
// the environment; main.ts hands in what it needs.

import fastifyCookie from '@fastify/cookie'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import fastifyWebsocket from '@fastify/websocket'
import { FRAME_BYTES_MAX, SUBPROTOCOL } from '@papertape/protocol'
import Fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify'
import type { Feed } from './feed/feed.ts'
import { dashboard, notFoundPage } from './plugins/dashboard.ts'
import { publicReads } from './plugins/origins.ts'
import { problems } from './plugins/problems.ts'
import { accountRoutes } from './routes/accounts.ts'
import { docsRoutes } from './routes/docs.ts'
import { healthRoutes } from './routes/health.ts'
import { instrumentRoutes } from './routes/instruments.ts'
import { marketRoutes } from './routes/market.ts'
import { transportRoutes } from './routes/transport.ts'
import type { PrivateStreams } from './sessions/private-streams.ts'
import { SessionRegistry } from './sessions/session-registry.ts'
import { longPollRoutes } from './transports/long-poll.ts'
import { orderChannelRoutes } from './transports/order-channel.ts'
import { sseRoutes } from './transports/sse.ts'
import type { VenueClient } from './venue/venue-client.ts'

export interface AppDeps {
  readonly feed: Feed
  readonly venue: VenueClient
  readonly streams: PrivateStreams
  readonly serverFactory: FastifyServerFactory
  /** The dashboard's static export. */
  readonly webFolder: string
  /** Origins beside our own whose pages may trade. */
  readonly origins: readonly string[]
  readonly operatorToken: string | undefined
  readonly logLevel: string
}

/** A peer that ignores the close frame is cut off after this. */
const CLOSE_TIMEOUT_MS = 2_000
/** Limits on everything that a peer sends; deflate stays off, it costs more than it saves on small frames. */
const SOCKET_OPTIONS = {
  maxPayload: FRAME_BYTES_MAX,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
  handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
}
/** Those who are sent away come back spread over this time. */
const DRAIN_MS = { least: 500, most: 3_000 }

export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const { feed, venue, streams, serverFactory, webFolder, origins, operatorToken, logLevel } = deps
  const app = Fastify({
    serverFactory,
    logger: { level: logLevel },
    bodyLimit: 64 * 1024,
    // Whoever is connected is told first, below; what is left is cut by listeners.ts.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  const retryMs = () => Math.round(DRAIN_MS.least + (DRAIN_MS.most - DRAIN_MS.least) * Math.random())

  problems(app, notFoundPage(webFolder))
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })
  await app.register(fastifyCookie)
  await app.register(fastifyWebsocket, {
    options: SOCKET_OPTIONS,
    preClose: done => {
      feed.close(retryMs)
      for (const socket of app.websocketServer.clients) {
        socket.send(JSON.stringify({ type: 'notice', code: 'closing', retryMs: retryMs() }))
        socket.close(1001, 'the server goes away')
      }
      app.websocketServer.close(() => done())
    },
  })

  await app.register(
    async open => {
      publicReads(open)
      await open.register(instrumentRoutes, { feed, venue })
      await open.register(transportRoutes)
      sseRoutes(open, { feed, random: Math.random })
      longPollRoutes(open, { feed })
    },
    { prefix: '/v1' },
  )
  await app.register(
    async ours => {
      await ours.register(marketRoutes, { feed, venue, operatorToken })
      await ours.register(accountRoutes, { venue, origins })
      orderChannelRoutes(ours, {
        feed,
        venue,
        streams,
        origins,
        registry: new SessionRegistry(),
        // One account, one stream for as long as the log's generation lives.
        privateEpoch: () => feed.log.epoch,
        nowMs: () => feed.clock.nowMs(),
        wallMs: () => feed.clock.wallMs(),
        onError: error => app.log.error(error),
      })
    },
    { prefix: '/v1' },
  )
  healthRoutes(app, { feed })
  docsRoutes(app)
  await dashboard(app, { folder: webFolder })
  return app
}
