// A reader of the server's raw stream that comes back to a position and reads what it has missed, as it is sent. One
// that is refused with `busy` waits for as long as that says and tries again. Looks at ids alone: many read at once.

import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const ID = Buffer.from('\nid: ')
/** So long an id may be. */
const ID_BYTES_MAX = 64
const TRIES_MAX = 100

export interface Replay {
  /** Everything from the position up to the number that was asked for, each once. */
  readonly isWhole: boolean
  /** From its first connection, with the times in which it was refused. */
  readonly ms: number
  readonly refusals: number
}

export interface ReplayTarget {
  readonly url: string
  readonly epoch: string
  /** The last event that it has. */
  readonly after: number
  /** It goes when it has this one. */
  readonly upTo: number
  /** Called when it is taken, and when it has all. */
  readonly onBegin?: () => void
  readonly onEnd?: () => void
}

export async function readReplay(target: ReplayTarget): Promise<Replay> {
  const startMs = performance.now()
  for (let refusals = 0; refusals < TRIES_MAX; refusals++) {
    const outcome = await connect(target)
    if (typeof outcome === 'boolean') return { isWhole: outcome, ms: performance.now() - startMs, refusals }
    await sleep(outcome.retryMs)
  }
  return { isWhole: false, ms: performance.now() - startMs, refusals: TRIES_MAX }
}

/** @returns whether it had all, or after how long it should come back. */
async function connect(target: ReplayTarget): Promise<boolean | { readonly retryMs: number }> {
  const { url, epoch, after, upTo, onBegin, onEnd } = target
  const { hostname, port, pathname, search } = new URL(url)
  const socket = net.connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nLast-Event-ID: ${epoch}-${after}\r\n\r\n`,
  )
  const ids = new IdCounter(after)
  let text = ''
  let hasBegun = false
  socket.on('data', (chunk: Buffer) => {
    if (!hasBegun) text += chunk.toString('latin1')
    const retryMs = /event: busy\ndata: \{"retryMs":(\d+)/.exec(text)?.[1]
    if (retryMs !== undefined) {
      // The answer has ended; its connection could be used for another request.
      socket.destroy()
      return
    }
    ids.push(chunk)
    if (!hasBegun && ids.last > after) {
      hasBegun = true
      text = ''
      onBegin?.()
    }
    if (ids.last >= upTo) socket.destroy()
  })
  await once(socket, 'close')
  const retryMs = /event: busy\ndata: \{"retryMs":(\d+)/.exec(text)?.[1]
  if (retryMs !== undefined) return { retryMs: Number(retryMs) }
  if (hasBegun) onEnd?.()
  return ids.last >= upTo && ids.isWhole
}

/** Counts the ids of a stream of all events, in whatever pieces they arrive. */
export class IdCounter {
  last: number
  readonly #after: number
  #count = 0
  #unread: Buffer = Buffer.alloc(0)

  /** @param after the seq that the first follows */
  constructor(after: number) {
    this.#after = after
    this.last = after
  }

  /** None is missing and none came twice. */
  get isWhole(): boolean {
    return this.#count === this.last - this.#after
  }

  push(chunk: Buffer): void {
    const bytes = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    let newest = -1
    let at = bytes.indexOf(ID)
    for (; at >= 0; at = bytes.indexOf(ID, at + ID.length)) {
      // The last one may not have arrived to its end.
      if (bytes.length - at < ID_BYTES_MAX && bytes.indexOf(10, at + 1) < 0) break
      newest = at
      this.#count++
    }
    if (newest >= 0) this.last = seqOf(bytes, newest + ID.length)
    this.#unread = Buffer.from(at >= 0 ? bytes.subarray(at) : bytes.subarray(Math.max(0, bytes.length - ID.length + 1)))
  }
}

/** Of an id, which is an epoch and a number. */
function seqOf(bytes: Buffer, at: number): number {
  const id = bytes.toString('latin1', at, bytes.indexOf(10, at))
  return Number(id.slice(id.lastIndexOf('-') + 1))
}
