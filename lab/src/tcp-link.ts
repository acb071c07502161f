// A link for TCP. A program without rights cannot lose a segment of a connection, so the loss is modelled: the
// connection delivers nothing for the time of a retransmission, then everything in order, as the receiver of a lost
// segment would.

import { once } from 'node:events'
import net from 'node:net'
import { createDelayQueue } from './delay-queue.ts'
import { type LinkOptions, LOOPBACK, type LossyLink, PendingLoss } from './lossy-link.ts'

export interface TcpLinkOptions extends LinkOptions {
  readonly retransmissionMs: number
}

const CONNECTIONS_MAX = 64
/** A client that does not read for so long is disconnected. */
const UNREAD_BYTES_MAX = 1_000_000

export async function openTcpLink(options: TcpLinkOptions): Promise<LossyLink> {
  const loss = new PendingLoss()
  const open = new Set<net.Socket>()
  const server = net.createServer({ noDelay: true }, client => {
    const upstream = net.connect({ port: options.targetPort, host: LOOPBACK, noDelay: true })
    open.add(client)
    client.once('close', () => {
      open.delete(client)
      loss.forget(client)
    })
    forward(client, upstream, () => options.delayMs)
    forward(upstream, client, bytes => {
      const isLost = loss.takes(client, bytes)
      return options.delayMs + (isLost ? options.retransmissionMs : 0)
    })
  })
  server.maxConnections = CONNECTIONS_MAX
  server.listen(options.port, LOOPBACK)
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    loseNext: waitMaxMs => loss.wait(waitMaxMs),
    close() {
      server.close()
      for (const client of open) client.destroy()
    },
  }
}

/** @param delayOf milliseconds that a chunk of so many bytes takes. */
function forward(from: net.Socket, to: net.Socket, delayOf: (bytes: number) => number): void {
  /** No chunk overtakes another of its connection. */
  let lastDueMs = 0
  const queue = createDelayQueue((chunk: Buffer | undefined) => {
    if (chunk === undefined || to.writableLength > UNREAD_BYTES_MAX) to.destroy()
    else if (to.writable) to.write(chunk)
  })
  const push = (chunk: Buffer | undefined, delayMs: number) => {
    lastDueMs = Math.max(lastDueMs, performance.now() + delayMs)
    queue.push(chunk, lastDueMs)
  }
  from.on('data', (chunk: Buffer) => push(chunk, delayOf(chunk.length)))
  // A reset is followed by a close, which is passed on like the end.
  from.on('error', () => {})
  from.once('close', () => push(undefined, 0))
  to.once('close', () => {
    queue.clear()
    from.destroy()
  })
}
