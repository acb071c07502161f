// A TCP proxy that breaks each connection at a byte that is planned when the connection opens. Does not parse what it
// forwards. For tests of what clients and server make of an answer, or a command, that arrives in part or not at all.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface PlannedCut {
  /** `up`: what the client sends. */
  readonly direction: 'up' | 'down'
  /** So many bytes of that direction pass. */
  readonly bytes: number
  /** `stall`: the connection stays open, and what follows in that direction is lost. */
  readonly kind: 'close' | 'reset' | 'stall'
}

export interface CuttingProxy {
  readonly port: number
  /** How many connections were cut so far. */
  readonly cuts: number
  /** Resolves when so many connections were cut. */
  untilCuts(count: number): Promise<void>
  close(): void
}

/**
 * @param target the port of each connection that opens
 * @param plan of it; undefined lets it be
 */
export async function openCuttingProxy(
  target: number | (() => number),
  plan: () => PlannedCut | undefined,
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let cuts = 0
  let onCut = () => {}

  const server = createServer(client => {
    const upstream = connect(typeof target === 'number' ? target : target(), '127.0.0.1')
    const planned = plan()
    const isCut = () => {
      cuts++
      onCut()
    }
    forward(client, upstream, planned?.direction === 'up' ? planned : undefined, isCut)
    forward(upstream, client, planned?.direction === 'down' ? planned : undefined, isCut)
    for (const [own, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(own)
      own.setNoDelay(true)
      // A connection that breaks is what the proxy is for.
      own.on('error', () => {})
      own.on('close', () => {
        sockets.delete(own)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    port: (server.address() as AddressInfo).port,
    get cuts() {
      return cuts
    },
    async untilCuts(count) {
      while (cuts < count) {
        await new Promise<void>(resolve => {
          onCut = resolve
        })
      }
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function forward(from: Socket, to: Socket, cut: PlannedCut | undefined, onCut: () => void): void {
  let left = cut?.bytes ?? Number.POSITIVE_INFINITY
  from.on('data', (chunk: Buffer) => {
    if (left > chunk.length) {
      left -= chunk.length
      to.write(chunk)
      return
    }
    if (left < 0) return
    const last = chunk.subarray(0, left)
    left = -1
    onCut()
    // What was written arrives before the end.
    if (cut!.kind === 'stall') to.write(last)
    else {
      to.end(last, () => {
        if (cut!.kind === 'reset') to.resetAndDestroy()
        from.destroy()
      })
    }
  })
}
