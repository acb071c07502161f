// Takes the connection of a response away from node:http, which keeps about 12 KiB for one: its parser, the request and
// the response, and Fastify's own of both. Node does the same when a connection is upgraded, but has no call for it.
// Does it only where nothing else can be under way on the connection; writes and reads nothing.

import { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** The listener with which node:http gives back the parser and what it has of requests when a connection has gone. */
const FORGET = 'bound socketOnClose'
/** The other listeners of node:http. Should Node name them otherwise, no connection is taken. */
const LISTENERS: Readonly<Record<string, string>> = {
  data: 'bound socketOnData',
  end: 'bound socketOnEnd',
  drain: 'bound socketOnDrain',
  error: 'socketOnError',
  timeout: 'socketOnTimeout',
  resume: 'onSocketResume',
  pause: 'onSocketPause',
}

/** A client that goes on sending would keep the event loop busy. */
const DROPPED_BYTES_MAX = 64 * 1024
const READ_MAX = Symbol('read max')
type TakenSocket = Socket & { [READ_MAX]: number }

/** Connections with a request behind the one that is answered: its answer has to follow. */
const pipelined = new WeakSet<Socket>()

/** To be called for each request that begins. */
export function notePipelined({ socket, req }: ServerResponse): void {
  if (socket === null) pipelined.add(req.socket)
}

/**
 * What is written to the socket from here on is the caller's, and so are its ends and its errors; `response` is not to
 * be used any more, and its `close` never comes. Bytes that the client still sends are dropped, and too many end the
 * connection: the head has said `Connection: close`, see mayTake(). Not in the turn of the request.
 *
 * @returns undefined where the connection has to stay with node:http; the response is then as it was.
 */
export function takeSocket(response: ServerResponse): Socket | undefined {
  const { socket, req } = response
  if (socket === null || !mayTake(response) || socket.destroyed || response.writableEnded) return undefined
  // Otherwise node:http would destroy the connection with the request.
  if (!req.readableEnded || !response.headersSent) return undefined
  const forget = find(socket, 'close', FORGET)!
  response.detachSocket(socket)
  for (const [event, name] of Object.entries(LISTENERS)) {
    const listener = find(socket, event, name)
    if (listener !== undefined) socket.off(event, listener)
  }
  socket.off('close', forget)
  forget()
  ;(socket as TakenSocket)[READ_MAX] = socket.bytesRead + DROPPED_BYTES_MAX
  // Also has it read again: the parser has stopped it.
  socket.on('data', drop)
  return socket
}

/** A function of all sockets: a closure for each would be as much as a stream has otherwise. */
function drop(this: Socket): void {
  if (this.bytesRead > (this as TakenSocket)[READ_MAX]) this.destroy()
}

/** Whether takeSocket() may take this connection, once the head has been sent. */
export function mayTake(response: ServerResponse | Http2ServerResponse): response is ServerResponse {
  if (!(response instanceof ServerResponse) || !response.req.complete) return false
  const { socket } = response
  // Absent: the answer waits for others. Over TLS the layers have more of the connection than node:http has.
  if (!(socket instanceof Socket) || socket instanceof TLSSocket || pipelined.has(socket)) return false
  return find(socket, 'close', FORGET) !== undefined
}

function find(socket: Socket, event: string, name: string): (() => void) | undefined {
  return socket.listeners(event).find(listener => listener.name === name) as (() => void) | undefined
}
