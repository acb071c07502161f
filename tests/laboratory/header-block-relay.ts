// A relay between a browser and the TLS port that reads what the browser sends over HTTP/2: the sizes of its header
// blocks (RFC 9113, 6.2), which neither a page nor Node's server shows.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import tls from 'node:tls'
import type { RunningServer } from '../support/server.ts'

const PREFACE_BYTES = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length
const FRAME_HEAD_BYTES = 9
const HEADERS = 1
const PADDED = 0x08
const PRIORITY = 0x20

export interface HeaderBlockRelay {
  readonly url: string
  /** Bytes of each block, in the order of arrival. */
  readonly blocks: readonly number[]
  close(): void
}

export async function startHeaderBlockRelay({ dataFolder, tlsPort }: RunningServer): Promise<HeaderBlockRelay> {
  const read = (file: string) => readFileSync(join(dataFolder, file))
  const blocks: number[] = []
  const sockets = new Set<tls.TLSSocket>()
  const relay = tls.createServer(
    { key: read('tls-key.pem'), cert: read('tls-cert.pem'), ALPNProtocols: ['h2'] },
    browser => {
      const server = tls.connect({ port: tlsPort, ALPNProtocols: ['h2'], rejectUnauthorized: false })
      for (const [one, other] of [
        [browser, server],
        [server, browser],
      ] as const) {
        sockets.add(one)
        one.pipe(other)
        // The other side has ended it.
        one.on('error', () => other.destroy())
      }
      browser.on('data', readFrames(blocks))
    },
  )
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  return {
    url: `https://localhost:${(relay.address() as AddressInfo).port}`,
    blocks,
    close() {
      for (const socket of sockets) socket.destroy()
      relay.close()
    },
  }
}

function readFrames(blocks: number[]): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  let isPastPreface = false
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    if (!isPastPreface && rest.length >= PREFACE_BYTES) {
      isPastPreface = true
      rest = rest.subarray(PREFACE_BYTES)
    }
    while (isPastPreface && rest.length >= FRAME_HEAD_BYTES) {
      const payloadBytes = rest.readUIntBE(0, 3)
      if (rest.length < FRAME_HEAD_BYTES + payloadBytes) return
      if (rest[3] === HEADERS) blocks.push(blockBytes(payloadBytes, rest[4]!, rest[FRAME_HEAD_BYTES]!))
      rest = rest.subarray(FRAME_HEAD_BYTES + payloadBytes)
    }
  }
}

function blockBytes(payloadBytes: number, flags: number, paddingBytes: number): number {
  return payloadBytes - ((flags & PADDED) === 0 ? 0 : 1 + paddingBytes) - ((flags & PRIORITY) === 0 ? 0 : 5)
}
