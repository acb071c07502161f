// An HTTP service whose answers, good or bad, the test chooses, a clock that the test advances, and ways to wait for
// what happens in between. For tests only.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { encodeSse } from '@papertape/protocol'
import type { FeedState } from '../feed/feed-interface.ts'
import { DEFAULT_ENVIRONMENT, type Environment } from '../platform/environment.ts'

export type RequestHandler = (request: URL, response: ServerResponse, count: number) => void

export interface BadServer {
  readonly baseUrl: string
  /** URLs of all requests so far. */
  readonly requests: URL[]
  readonly open: number
  readonly openMost: number
  answer: RequestHandler
}

export async function startBadServer(t: TestContext, answer: RequestHandler): Promise<BadServer> {
  const state = { baseUrl: '', requests: [] as URL[], open: 0, openMost: 0, answer }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    state.requests.push(url)
    state.open++
    state.openMost = Math.max(state.openMost, state.open)
    response.on('close', () => state.open--)
    // Connections that the test cuts.
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

export class TestEnvironment implements Environment {
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

  /** Changes the wall clock; no time passes. */
  setWallClock(byMs: number): void {
    this.#jumpedMs += byMs
  }

  /** Time passes without timers: the machine sleeps, or the process is stopped. */
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

  /** As after a sleep: time has passed, and the timers that were due fire late. */
  jump(byMs: number): void {
    this.#nowMs += byMs
    this.advance(0)
  }
}

/** In real time. A condition of a test that does not hold by then fails it. */
const WAIT_MAX_MS = 10_000

/** Waits for conditions that callbacks of the session make true; `look` is called in these. */
export class Watch {
  #waiting: { holds: () => boolean; done: () => void }[] = []

  look = () => {
    const ready = this.#waiting.filter(({ holds }) => holds())
    this.#waiting = this.#waiting.filter(one => !ready.includes(one))
    for (const { done } of ready) done()
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`Not within ${WAIT_MAX_MS} ms: ${holds}`)), WAIT_MAX_MS)
      const done = () => {
        clearTimeout(limit)
        resolve()
      }
      this.#waiting.push({ holds, done })
    })
  }
}

/** Runs the event loop until a condition holds that no callback of the session reports. */
export async function spin(holds: () => boolean): Promise<void> {
  const untilMs = performance.now() + WAIT_MAX_MS
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`Not within ${WAIT_MAX_MS} ms: ${holds}`)
    await new Promise(setImmediate)
  }
}

/** Skips every wait between connections. */
export function hurry(clock: TestEnvironment, state: FeedState): void {
  if (state.phase === 'waiting') queueMicrotask(() => clock.advance(state.retryInMs ?? 0))
}

const EPOCH = 'k3f9'
export const idOf = (seq: number) => `${EPOCH}-${seq}`
export const seqOf = (id: string | null) => Number(id?.slice(EPOCH.length + 1) ?? 0)

/** Integers, including both ends. */
export const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
export const idsTo = (count: number) => seqs(1, count).map(idOf)

export const hello = encodeSse({
  event: 'hello',
  data: JSON.stringify({ epoch: EPOCH, head: 0, oldest: 1, serverTime: 1_700_000_000_250, heartbeatMs: 15_000 }),
})
export const trade = (seq: number, more: object = {}) =>
  encodeSse({ id: idOf(seq), event: 'trade', data: JSON.stringify({ seq, symbol: 'VELTR', note: 'é💹', ...more }) })
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
