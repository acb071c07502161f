// A TCP proxy in front of the server that can hold data back, break every connection, or switch to another server. Does
// not parse what it forwards.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Where connections that are opened from now on lead to. */
  target: number
  /** What the service says is kept until `release`; what is sent to it still arrives. */
  hold(): void
  release(): void
  /** Every connection breaks; what was held is lost. */
  cut(): void
  close(): void
}

export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<{ cut(): void; flush(): void }>()
  let isHolding = false
  const server = createServer(client => {
    const upstream = connect(proxy.target, '127.0.0.1')
    let held: Buffer[] = []
    const pair = {
      cut() {
        for (const socket of [client, upstream]) socket.destroy()
      },
      flush() {
        for (const chunk of held) client.write(chunk)
        held = []
      },
    }
    pairs.add(pair)
    client.on('data', chunk => upstream.write(chunk))
    upstream.on('data', (chunk: Buffer) => {
      if (isHolding) held.push(chunk)
      else client.write(chunk)
    })
    for (const [own, other] of [
      [client, upstream],
      [upstream, client],
    ] as [Socket, Socket][]) {
      own.setNoDelay(true)
      // A connection that breaks is what the proxy is for.
      own.on('error', () => {})
      own.on('close', () => {
        other.destroy()
        pairs.delete(pair)
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: TcpProxy = {
    port: (server.address() as AddressInfo).port,
    target,
    hold() {
      isHolding = true
    },
    release() {
      isHolding = false
      for (const pair of pairs) pair.flush()
    },
    cut() {
      isHolding = false
      for (const pair of pairs) pair.cut()
    },
    close() {
      server.close()
      for (const pair of pairs) pair.cut()
    },
  }
  return proxy
}
