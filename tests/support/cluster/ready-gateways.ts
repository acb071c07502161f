// Which gateways of a cluster are ready, as a balancer finds out: asks each for /health/ready over new connections.
// Chooses among those; forwards nothing.

import http from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestRandom } from '../random.ts'
import type { GatewayChild } from './cluster.ts'

const ASK_EACH_MS = 25
const ANSWER_MAX_MS = 1_000

export class ReadyGateways {
  readonly #gateways: readonly GatewayChild[]
  readonly #random: TestRandom
  readonly #ready = new Set<GatewayChild>()
  #isStopped = false

  constructor(gateways: readonly GatewayChild[], random: TestRandom) {
    this.#gateways = gateways
    this.#random = random
  }

  /** The port of one that is ready; of any where none is. */
  readonly drawPort = (): number => {
    const ready = this.#ready.size > 0 ? [...this.#ready] : this.#gateways
    return ready[this.#random.below(ready.length)]!.port
  }

  isReady(gateway: GatewayChild): boolean {
    return this.#ready.has(gateway)
  }

  /** Asks until `stop`. */
  async run(): Promise<void> {
    await Promise.all(this.#gateways.map(gateway => this.#ask(gateway)))
  }

  stop(): void {
    this.#isStopped = true
  }

  async #ask(gateway: GatewayChild): Promise<void> {
    for (; !this.#isStopped; await pause(ASK_EACH_MS)) {
      if ((await askProbe(gateway.url, 'ready')) === 200) this.#ready.add(gateway)
      else this.#ready.delete(gateway)
    }
  }
}

/** @returns the status, over a new connection; undefined without an answer */
export function askProbe(url: string, what: 'ready' | 'live'): Promise<number | undefined> {
  return new Promise(resolve => {
    const request = http.get(`${url}/health/${what}`, { agent: false, timeout: ANSWER_MAX_MS }, response => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
      response.on('error', () => resolve(undefined))
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(undefined))
  })
}
