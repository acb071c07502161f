// One app, two ports: clear HTTP/1.1, and TLS with HTTP/2 and HTTP/1.1; WebSockets on both, and over HTTP/2. Opens no
// port by itself. Knows every TCP connection below them, so that none can keep the server from ending.

import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import type { Clock } from '@papertape/protocol'
import type { FastifyServerFactory } from 'fastify'
import type { Certificate } from './certificate.ts'
import { answerParserError, refuseExpectation, refuseTunnel } from './parser-errors.ts'
import { takesUpgrade } from './upgrade.ts'
import { upgradeOverHttp2 } from './websocket-over-http2.ts'

export interface Listeners {
  readonly serverFactory: FastifyServerFactory
  /** Opens the TLS port; the clear one is Fastify's to open. Returns the port. */
  listenSecure(host: string, port: number): Promise<number>
  /**
   * Accepts nobody from now on; connections that nothing is going on on are closed at once, those that are left after
   * `graceMs` are cut, whatever their peers do. Settles when there are none any more.
   */
  stop(graceMs: number): Promise<void>
}

/** Requests of an HTTP/1.1 connection in a turn of the event loop; one that sends more is cut. Browsers and proxies send one. */
const PIPELINED_MAX = 100
/** Of an HTTP/2 connection, open at once and begun in a turn of the event loop. */
const STREAMS_MAX = 250
/** How often connections are looked at that may have become idle. */
const IDLE_CHECK_MS = 50

/**
 * Opens and closes each port once: one that is taken is told before a market is opened behind it.
 * @throws what listening throws: EADDRINUSE, EACCES, EADDRNOTAVAIL.
 */
export async function requireFreePorts(host: string, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const probe = net.createServer().once('error', reject)
      probe.listen(port, host, () => probe.close(() => resolve()))
    })
  }
}

export interface ListenerOptions {
  readonly certificate: Certificate
  /** As in routeTarget(). */
  readonly basePath: string
  readonly clock: Clock
}

export function createListeners({ certificate, basePath, clock }: ListenerOptions): Listeners {
  let secure: http2.Http2SecureServer | undefined
  const servers: (http.Server | http2.Http2SecureServer)[] = []
  const connections = new Set<net.Socket>()
  /** Of the TLS port: nothing is owed to a peer that has not said who it is. */
  const handshaking = new Map<string, net.Socket>()

  function track(server: http.Server | http2.Http2SecureServer): void {
    servers.push(server)
    server.on('connection', (socket: net.Socket) => {
      connections.add(socket)
      socket.once('close', () => connections.delete(socket))
    })
  }

  function trackHandshakes(server: http2.Http2SecureServer): void {
    server.on('connection', (socket: net.Socket) => {
      const peer = peerOf(socket)
      handshaking.set(peer, socket)
      socket.once('close', () => handshaking.delete(peer))
    })
    server.on('secureConnection', socket => handshaking.delete(peerOf(socket)))
  }

  function closeIdle(): void {
    for (const server of servers) if ('closeIdleConnections' in server) server.closeIdleConnections()
  }

  const shouldUpgradeCallback = (request: http.IncomingMessage) => takesUpgrade(request, basePath)

  return {
    serverFactory(handle) {
      const mayStart = boundTurns(clock)
      const handler: http.RequestListener = (request, response) => {
        if (mayStart(request)) handle(request, response)
      }
      // A missing Host is refused by plugins/hosts.ts, with a body that says so.
      const parsing = { requireHostHeader: false, shouldUpgradeCallback }
      const timeouts = { noDelay: true, requestTimeout: 30_000, keepAliveTimeout: 72_000 }
      const plain = http.createServer({ ...timeouts, ...parsing }, handler)
      const settings = { enableConnectProtocol: true, maxConcurrentStreams: STREAMS_MAX }
      // Fastify looks at each request's own version: the same handler serves both.
      secure = http2.createSecureServer({ ...certificate, ...parsing, allowHTTP1: true, settings }, handler as never)
      // Node reads it from the server for HTTP/1.1 over TLS, but does not take it among the options there.
      Object.assign(secure, { shouldUpgradeCallback })
      for (const server of [plain, secure]) {
        server.on('clientError', answerParserError)
        server.on('checkExpectation', refuseExpectation)
      }
      plain.on('connect', refuseTunnel)
      secure.on('upgrade', (request, socket, head) => plain.emit('upgrade', request, socket, head))
      upgradeOverHttp2(secure, plain, basePath, mayStart)
      track(plain)
      track(secure)
      trackHandshakes(secure)
      return plain
    },
    async listenSecure(host, port) {
      const server = secure!
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve()
        })
      })
      return (server.address() as { port: number }).port
    },
    async stop(graceMs) {
      const closed = servers
        .filter(server => server.listening)
        .map(server => new Promise<void>(resolve => server.close(() => resolve())))
      for (const socket of handshaking.values()) socket.destroy()
      let cancelIdleCheck = () => {}
      const checkIdle = () => {
        closeIdle()
        cancelIdleCheck = clock.setTimer(checkIdle, IDLE_CHECK_MS)
      }
      checkIdle()
      // Below TLS and HTTP/2: a session that waits for its peer to read cannot hold this up.
      const cancelCut = clock.setTimer(() => {
        for (const socket of connections) socket.destroy()
      }, graceMs)
      await Promise.all(closed)
      cancelIdleCheck()
      cancelCut()
    },
  }
}

/**
 * Node starts as many requests of a connection as have come, thousands in a turn of the event loop, those of HTTP/2 that are
 * reset already among them: others would wait for all. Nothing but the end of the connection keeps it from reading on.
 */
function boundTurns(clock: Clock): (request: http.IncomingMessage | http2.Http2ServerRequest) => boolean {
  const startedInTurn = new Map<net.Socket | http2.Http2Session, number>()
  return request => {
    const stream = 'stream' in request ? request.stream : undefined
    const connection = stream === undefined ? request.socket : stream.session
    if (connection === undefined || connection.destroyed) return false
    if (startedInTurn.size === 0) clock.setTimer(() => startedInTurn.clear(), 0)
    const started = (startedInTurn.get(connection) ?? 0) + 1
    startedInTurn.set(connection, started)
    const isWithin = started <= (stream === undefined ? PIPELINED_MAX : STREAMS_MAX)
    if (!isWithin) connection.destroy()
    return isWithin
  }
}

/** The TLS socket and the TCP connection below it are two objects with one peer. */
function peerOf({ remoteAddress, remotePort }: net.Socket): string {
  return `${remoteAddress} ${remotePort}`
}
