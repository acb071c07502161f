// The two servers of the app: clear HTTP/1.1, and TLS with HTTP/2 and HTTP/1.1, both with WebSockets. Opens no port by
// itself. Keeps track of all TCP connections, so that none can keep the process from ending.

import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import type { Clock } from '@papertape/protocol'
import type { FastifyServerFactory } from 'fastify'
import type { Certificate } from './certificate.ts'
import { answerParserError, refuseExpectation, refuseTunnel } from './parser-errors.ts'
import { notePipelined } from './take-socket.ts'
import { takesUpgrade } from './upgrade.ts'
import { upgradeOverHttp2 } from './websocket-over-http2.ts'

export interface Listeners {
  readonly serverFactory: FastifyServerFactory
  /** Opens the TLS port, and returns it. Fastify opens the clear one. */
  listenSecure(host: string, port: number): Promise<number>
  /**
   * Accepts no further connection. Closes idle ones at once, and destroys those that are left after `graceMs`. Settles
   * when all are closed.
   */
  stop(graceMs: number): Promise<void>
}

/**
 * Requests of an HTTP/1.1 connection in a turn of the event loop; with more it is destroyed. Browsers and proxies send
 * one.
 */
const PIPELINED_MAX = 100
/** Streams of an HTTP/2 connection: open at once, and begun in a turn of the event loop. */
const STREAMS_MAX = 250
/** How often idle connections are closed while the servers stop. */
const IDLE_CHECK_MS = 50

/**
 * Opens and closes each port once, so that a port in use is reported before the market is opened.
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
  /** Connections of the TLS port before the end of the handshake: they are destroyed at once. */
  const handshaking = new Map<string, net.Socket>()

  /** One for all: a connection has little memory. */
  function forgetConnection(this: net.Socket): void {
    connections.delete(this)
  }

  function track(server: http.Server | http2.Http2SecureServer): void {
    servers.push(server)
    server.on('connection', (socket: net.Socket) => {
      connections.add(socket)
      socket.on('close', forgetConnection)
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
        if (!mayStart(request)) return
        notePipelined(response)
        handle(request, response)
      }
      // A missing Host is refused by auth/hosts.ts, with a problem as the body.
      const parsing = { requireHostHeader: false, shouldUpgradeCallback }
      const timeouts = { noDelay: true, requestTimeout: 30_000, keepAliveTimeout: 72_000 }
      const plain = http.createServer({ ...timeouts, ...parsing }, handler)
      const settings = { enableConnectProtocol: true, maxConcurrentStreams: STREAMS_MAX }
      // One handler serves both: Fastify checks the version of each request.
      secure = http2.createSecureServer({ ...certificate, ...parsing, allowHTTP1: true, settings }, handler as never)
      // For HTTP/1.1 over TLS Node reads it from the server, but does not accept it as an option.
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
      // TCP sockets, below TLS and HTTP/2: a session that waits for its peer cannot delay this.
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
 * Node starts all requests of a connection that have arrived in one turn of the event loop, which may be thousands,
 * also streams of HTTP/2 that are reset already. Other connections would wait. Only destroying the connection stops it.
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

/** The same for a TLS socket and the TCP socket below it, which are two objects. */
function peerOf({ remoteAddress, remotePort }: net.Socket): string {
  return `${remoteAddress} ${remotePort}`
}
