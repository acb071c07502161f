// The WebSocket of ws, which remembers the close code that it has sent: of a peer that does not answer the close frame,
// the event `close` has 1006 alone. Called by the transports through @fastify/websocket.

import type { ServerResponse } from 'node:http'
import net from 'node:net'
import type { Duplex } from 'node:stream'
import { closeSocket } from '@papertape/gateway'
import type { FastifyBaseLogger, FastifyRequest } from 'fastify'
import { WebSocket } from 'ws'
import type { ConnectionCounts, CountedConnection, Endpoint } from '../metrics/connection-counts.ts'

/** The stream of an upgrade, with the response of @fastify/websocket, which is not in the public types. */
interface UpgradedSocket extends net.Socket {
  readonly _httpMessage?: ServerResponse | null
}

export class CountedSocket extends WebSocket {
  #sentCode: number | undefined

  /** Also called by ws: for the close frame of the peer, and for a violation of the protocol. */
  override close(code?: number, reason?: string | Buffer): void {
    this.#sentCode ??= code
    super.close(code, reason)
  }

  get sentCode(): number | undefined {
    return this.#sentCode
  }
}

/** The caller counts its end. */
export function countSocket(
  request: FastifyRequest,
  { counts, endpoint }: { counts: ConnectionCounts; endpoint: Endpoint },
): CountedConnection {
  // A WebSocket over HTTP/2 has a stream in place of the socket.
  return counts.add(endpoint, request.raw.socket instanceof net.Socket ? 'http/1.1' : 'http/2')
}

/** The stream under a WebSocket; node:http, Fastify and @fastify/websocket keep nothing of its request from here on. */
export function takeUpgraded(socket: WebSocket, request: FastifyRequest, onError: SocketErrorListener): Duplex {
  const transport = request.raw.socket as UpgradedSocket
  transport._httpMessage?.detachSocket(transport)
  // The one of @fastify/websocket keeps the request. Never none: an object with a field less is a larger one.
  const others = socket.listeners('error')
  socket.on('error', onError)
  for (const other of others) socket.off('error', other as SocketErrorListener)
  return transport
}

export type SocketErrorListener = (this: WebSocket, error: Error) => void

/** One for all sockets. On a violation of the protocol ws has sent the close frame of RFC 6455. */
export function socketErrorListener(log: FastifyBaseLogger): SocketErrorListener {
  return function listen(error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) log.debug(`socket: ${error.message}`)
    else {
      log.error(error)
      closeSocket(this, 'internalError')
    }
  }
}
