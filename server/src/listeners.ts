// One app, two ports: clear HTTP/1.1, and TLS with HTTP/2 and HTTP/1.1; WebSockets on both, and over HTTP/2. Opens no
// port by itself.

import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import type { FastifyServerFactory } from 'fastify'
import type { Certificate } from './certificate.ts'
import { upgradeOverHttp2 } from './transports/websocket-over-http2.ts'

export interface Listeners {
  readonly serverFactory: FastifyServerFactory
  /** Opens the TLS port; the clear one is Fastify's to open. Returns the port. */
  listenSecure(host: string, port: number): Promise<number>
  /** Ends the sessions that are left and closes the TLS port. */
  closeSecure(): Promise<void>
}

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

export function createListeners(certificate: Certificate): Listeners {
  let secure: http2.Http2SecureServer | undefined
  const sessions = new Set<http2.ServerHttp2Session>()

  return {
    serverFactory(handler) {
      const plain = http.createServer({ noDelay: true, requestTimeout: 30_000, keepAliveTimeout: 72_000 }, handler)
      const settings = { enableConnectProtocol: true, maxConcurrentStreams: 250 }
      // Fastify looks at each request's own version: the same handler serves both.
      secure = http2.createSecureServer({ ...certificate, allowHTTP1: true, settings }, handler as never)
      secure.on('upgrade', (request, socket, head) => plain.emit('upgrade', request, socket, head))
      secure.on('session', session => {
        sessions.add(session)
        session.on('close', () => sessions.delete(session))
      })
      upgradeOverHttp2(secure, plain)
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
    async closeSecure() {
      if (secure?.listening !== true) return
      const closed = new Promise<void>(resolve => secure!.close(() => resolve()))
      for (const session of sessions) session.destroy()
      await closed
    },
  }
}
