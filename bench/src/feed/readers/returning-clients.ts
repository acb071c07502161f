// Clients of the feed that change the server: each reads a stream of one until that says `drain`, and comes back to
// another after the time that it was given. Keeps what each has read and when it came, and does not judge it.

import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Opened at once, with a pause after. */
const BATCH = 100
const OPEN_MS_MAX = 60_000

export interface ReturningClient {
  /** Of the events of the first server, in order. */
  readonly seqs: number[]
  /** When it was asked to leave, and when it had connected to the other server: performance.now(). */
  drainedMs?: number
  returnedMs?: number
  /** Its connection ended without `drain`. */
  isBroken: boolean
  /** The other server has refused it, and it waits to ask again. */
  refusals: number
  isTaken: boolean
}

export class ReturningClients {
  readonly all: readonly ReturningClient[]
  readonly #path: string
  readonly #sockets = new Set<net.Socket>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #after: URL
  #open = 0

  /** @param path of the stream @param after the server to which they come back */
  constructor(count: number, path: string, after: string) {
    this.all = Array.from({ length: count }, () => ({ seqs: [], isBroken: false, refusals: 0, isTaken: false }))
    this.#path = path
    this.#after = new URL(after)
  }

  /** Resolves when each has an answer. */
  async open(url: string): Promise<void> {
    const first = new URL(url)
    for (const [index, client] of this.all.entries()) {
      this.#readUntilDrained(client, first)
      if (index % BATCH === BATCH - 1) await sleep(20)
    }
    for (const endMs = performance.now() + OPEN_MS_MAX; this.#open < this.all.length; await sleep(50)) {
      if (performance.now() > endMs) throw new Error(`${this.#open} of ${this.all.length} clients were answered`)
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    for (const socket of this.#sockets) socket.destroy()
  }

  #readUntilDrained(client: ReturningClient, server: URL): void {
    let retryMs: number | undefined
    const socket = this.#connect(server, text => {
      for (const [, seq] of text.matchAll(/^data: \{"seq":(\d+)/gm)) client.seqs.push(Number(seq))
      const drain = /^event: drain\ndata: \{"retryMs":(\d+)/m.exec(text)
      if (drain === null) return
      client.drainedMs = performance.now()
      retryMs = Number(drain[1])
    })
    socket.once('data', () => this.#open++)
    socket.once('close', () => {
      if (retryMs === undefined) client.isBroken = true
      else this.#later(retryMs, () => this.#comeBack(client))
    })
  }

  #comeBack(client: ReturningClient): void {
    let retryMs: number | undefined
    const socket = this.#connect(
      this.#after,
      text => {
        const busy = /^event: busy\ndata: \{"retryMs":(\d+)/m.exec(text)
        if (busy !== null) retryMs = Number(busy[1])
        else if (/^event: hello$/m.test(text)) client.isTaken = true
      },
      client.seqs.at(-1),
    )
    socket.once('connect', () => {
      client.returnedMs ??= performance.now()
    })
    socket.once('close', () => {
      if (retryMs === undefined) return
      client.refusals++
      this.#later(retryMs, () => this.#comeBack(client))
    })
  }

  /** @param onText gets whole lines. */
  #connect({ hostname, port }: URL, onText: (text: string) => void, last?: number): net.Socket {
    const socket = net.connect(Number(port), hostname)
    this.#sockets.add(socket)
    // Of another log: the server answers with a reset, as after a change of the market.
    const position = last === undefined ? '' : `Last-Event-ID: bench-${last}\r\n`
    socket.write(`GET ${this.#path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n${position}\r\n`)
    socket.setEncoding('latin1')
    let unread = ''
    socket.on('data', (chunk: string) => {
      const text = unread + chunk
      const end = text.lastIndexOf('\n\n') + 2
      unread = end === 1 ? text : text.slice(end)
      if (end > 1) onText(text.slice(0, end))
    })
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
    return socket
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }
}

/** The most in any second that begins with one of them. @param timesMs in any order */
export function mostInASecond(timesMs: readonly number[]): number {
  const sorted = [...timesMs].sort((a, b) => a - b)
  let [first, most] = [0, 0]
  for (const [index, ms] of sorted.entries()) {
    while (sorted[first]! <= ms - 1_000) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

/** Whether these are a part of the log without a gap, in its order. @param places of each seq in the log */
export function isStretch(seqs: readonly number[], places: ReadonlyMap<number, number>): boolean {
  const first = places.get(seqs[0]!)
  return first !== undefined && seqs.every((seq, index) => places.get(seq) === first + index)
}
