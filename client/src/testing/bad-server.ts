// For tests alone: a service over real sockets that behaves as badly as it is told to, and a clock that moves only when
// it is told to. Nothing outside of *.test.ts imports it.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { encodeSse } from '@papertape/protocol'
import type { FeedState } from '../feed/feed-interface.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'

export type Answer = (request: URL, response: ServerResponse, count: number) => void

export interface BadServer {
  readonly baseUrl: string
  /** Path and query of every request so far. */
  readonly requests: URL[]
  readonly open: number
  readonly openMost: number
  answer: Answer
}

export async function startBadServer(t: TestContext, answer: Answer): Promise<BadServer> {
  const state = { baseUrl: '', requests: [] as URL[], open: 0, openMost: 0, answer }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    state.requests.push(url)
    state.open++
    state.openMost = Math.max(state.openMost, state.open)
    response.on('close', () => state.open--)
    // A test that cuts its own connection is not surprised by it.
    response.on('error', () => {})
    state.answer(url, response, state.requests.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  state.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return state
}

export class TestClock implements Environment {
  #nowMs = 1_700_000_000_000
  #jumpedMs = 0
  #timers: { atMs: number; run: () => void }[] = []
  readonly fetch = DEFAULT_ENVIRONMENT.fetch

  wallMs = () => this.#nowMs + this.#jumpedMs
  nowMs = () => this.#nowMs
  random = () => 0.5
  setTimer = (run: () => void, delayMs: number) => {
    const timer = { atMs: this.#nowMs + delayMs, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter(other => other !== timer)
    }
  }

  /** Somebody sets the wall clock; no time passes. */
  setWallClock(byMs: number): void {
    this.#jumpedMs += byMs
  }

  /** Time passes, and nothing rings: a machine that sleeps, a process that is stopped. */
  sleep(forMs: number): void {
    this.#nowMs += forMs
  }

  get timers(): number {
    return this.#timers.length
  }

  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      this.#timers = this.#timers.filter(other => other !== due)
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      due.run()
    }
    this.#nowMs = untilMs
  }

  /** As after a sleep: the time has passed at once, and what was due in it rings late. */
  jump(byMs: number): void {
    this.#nowMs += byMs
    this.advance(0)
  }
}

/** Waits for something that a callback will make true; no time limit of its own, the test's holds. */
export class Watch {
  #waiting: { holds: () => boolean; done: () => void }[] = []

  look = () => {
    const ready = this.#waiting.filter(({ holds }) => holds())
    this.#waiting = this.#waiting.filter(one => !ready.includes(one))
    for (const { done } of ready) done()
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise(done => this.#waiting.push({ holds, done }))
  }
}

/** Turns the event loop until something holds that no callback tells of: what the server has seen. */
export async function spin(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate)
}

/** Lets every wait pass at once: for tests where only what comes after it matters. */
export function hurry(clock: TestClock, state: FeedState): void {
  if (state.phase === 'waiting') queueMicrotask(() => clock.advance(state.retryInMs ?? 0))
}

export const EPOCH = 'k3f9'
export const idOf = (seq: number) => `${EPOCH}-${seq}`
export const seqOf = (id: string | null) => Number(id?.slice(EPOCH.length + 1) ?? 0)

/** Whole numbers, both ends included. */
export const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
export const idsTo = (count: number) => seqs(1, count).map(idOf)

export const hello = encodeSse({
  event: 'hello',
  data: JSON.stringify({ epoch: EPOCH, head: 0, oldest: 1, serverTime: 1_700_000_000_250, heartbeatMs: 15_000 }),
})
export const trade = (seq: number, more: object = {}) =>
  encodeSse({ id: idOf(seq), event: 'trade', data: JSON.stringify({ seq, symbol: 'PPR', note: 'é💹', ...more }) })
export const snapshot = (seq: number) =>
  encodeSse({ id: idOf(seq), event: 'snapshot', data: JSON.stringify({ id: idOf(seq), instruments: [] }) })

export function stream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const type = status === 200 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body))
}
