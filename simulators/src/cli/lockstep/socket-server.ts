// Serves lockstep sessions over a socket of this machine: a TCP port of the loopback address, or a Unix socket. Each
// connection is a session of its own, whose episodes end with it.

import { once } from 'node:events'
import { type AddressInfo, createServer, type ListenOptions, type Socket } from 'node:net'
import { createLockstepSession } from '../../lockstep/session.ts'
import { failed } from '../failure.ts'
import { createRequestReader } from './request-reader.ts'

const CONNECTIONS_MAX = 64
/** A page in a browser can send a request of this form to a port, but must not open episodes with its body. */
const HTTP_REQUEST = /^[A-Z]+ \S* HTTP\/1/

/**
 * Settles on the signal, when all is closed.
 * @param listening is called with `127.0.0.1:PORT` or the path.
 * @throws {CliFailure} when the port or the path is in use.
 */
export async function serveSocket(
  options: Pick<ListenOptions, 'port' | 'path'>,
  listening: (address: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, highWaterMark: 1 << 16, allowHalfOpen: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serveConnection(socket)
  })
  server.maxConnections = CONNECTIONS_MAX
  const { path } = options
  server.listen(path === undefined ? { ...options, host: '127.0.0.1' } : { path })
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    const where = path ?? `port ${options.port}`
    if (error.code !== 'EADDRINUSE') throw failed(`cannot listen on ${where}: ${error.message}`)
    throw failed(
      `${where} is in use; give another${path === undefined ? '' : ', or remove it when no server runs there'}`,
    )
  })
  const closed = once(server, 'close')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  signal.addEventListener('abort', stop, { once: true })
  await listening(path ?? `127.0.0.1:${(server.address() as AddressInfo).port}`)
  if (signal.aborted) stop()
  await closed
}

function serveConnection(socket: Socket): void {
  const reader = createRequestReader(createLockstepSession())
  let isFirst = true
  socket.on('data', chunk => {
    if (isFirst && HTTP_REQUEST.test(chunk.toString('latin1', 0, 256))) {
      socket.destroy()
      return
    }
    isFirst = false
    const answers = reader.take(chunk as Buffer)
    if (answers === '' || socket.write(answers)) return
    socket.pause()
    socket.once('drain', () => socket.resume())
  })
  socket.on('end', () => socket.end(reader.end()))
  socket.on('error', () => socket.destroy())
}
