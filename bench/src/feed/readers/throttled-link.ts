// A link between a reader and the server that can be held to so many bytes a second: a port that the reader connects
// to, and a connection to the server for each, of which no more is read than the reader may have. The rest stays where
// it would with a slow program: in the buffers of the kernel. What the reader sends passes at once.

import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

const TICK_MS = 25
/** What is read at once, at most. */
const PIECE_BYTES = 512

export interface ThrottledLink {
  readonly port: number
  /** What has passed to readers. */
  readonly bytes: number
  /** From now on so many bytes pass a second, over all connections. */
  hold(bytesPerSecond: number): void
  close(): void
}

/** @param port of the server */
export async function openThrottledLink(port: number): Promise<ThrottledLink> {
  const sources = new Set<net.Socket>()
  const budget = new Budget()
  let bytes = 0
  const resume = () => {
    for (const source of sources) source.resume()
  }
  const listener = net.createServer(reader => {
    const piece = Buffer.alloc(PIECE_BYTES)
    const onread = {
      buffer: piece,
      callback(length: number) {
        bytes += length
        reader.write(Buffer.from(piece.subarray(0, length)))
        return budget.take(length)
      },
    }
    const source = net.connect({ port, host: '127.0.0.1', onread })
    sources.add(source)
    source.setNoDelay(true)
    reader.setNoDelay(true)
    reader.on('data', data => source.write(data))
    for (const [one, other] of [
      [source, reader],
      [reader, source],
    ] as const) {
      one.on('error', () => {})
      one.once('close', () => {
        sources.delete(source)
        other.destroy()
      })
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const timer = setInterval(() => {
    if (budget.add(TICK_MS)) resume()
  }, TICK_MS)
  return {
    port: (listener.address() as AddressInfo).port,
    get bytes() {
      return bytes
    },
    hold: bytesPerSecond => budget.hold(bytesPerSecond),
    close() {
      clearInterval(timer)
      listener.close()
      for (const source of sources) source.destroy()
    },
  }
}

/** How many bytes may be read now. */
export class Budget {
  #bytesPerSecond = Number.POSITIVE_INFINITY
  #left = Number.POSITIVE_INFINITY

  hold(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond
    this.#left = 0
  }

  /** @returns whether more may be read. */
  take(bytes: number): boolean {
    this.#left -= bytes
    return this.#left > 0
  }

  /** After a time. What was not used for a while is not kept: a reader that is held has no bursts. */
  add(ms: number): boolean {
    const earned = (this.#bytesPerSecond * ms) / 1_000
    this.#left = Math.min(this.#left + earned, Math.max(earned, PIECE_BYTES))
    return this.#left > 0
  }
}
