// The WebSocket of ws, which remembers the close code that it has sent: of a peer that does not answer the close frame,
// the event `close` has 1006 alone. Called by the transports through @fastify/websocket.

import net from 'node:net'
import type { FastifyRequest } from 'fastify'
import { WebSocket } from 'ws'
import type { ConnectionCounts, CountedConnection, Endpoint } from '../metrics/connection-counts.ts'

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

export function countSocket(
  socket: WebSocket,
  request: FastifyRequest,
  { counts, endpoint }: { counts: ConnectionCounts; endpoint: Endpoint },
): CountedConnection {
  // A WebSocket over HTTP/2 has a stream in place of the socket.
  const counted = counts.add(endpoint, request.raw.socket instanceof net.Socket ? 'http/1.1' : 'http/2')
  socket.once('close', code => counted.close(String((socket as CountedSocket).sentCode ?? code)))
  return counted
}
