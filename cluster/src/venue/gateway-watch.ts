// Which gateways live: each sends a sign of it now and then. One that has been silent for too long is lost, once. Keeps
// no session.

import type { Clock } from '@papertape/protocol'

export interface GatewayWatchOptions {
  readonly clock: Clock
  readonly silenceMaxMs: number
  readonly onLost: (gateway: string) => void
}

export class GatewayWatch {
  readonly #options: GatewayWatchOptions
  readonly #seenMs = new Map<string, number>()
  #cancelTimer = () => {}

  constructor(options: GatewayWatchOptions) {
    this.#options = options
    this.#look()
  }

  seen(gateway: string): void {
    this.#seenMs.set(gateway, this.#options.clock.nowMs())
  }

  stop(): void {
    this.#cancelTimer()
  }

  #look(): void {
    const { clock, silenceMaxMs, onLost } = this.#options
    const nowMs = clock.nowMs()
    for (const [gateway, seenMs] of [...this.#seenMs]) {
      if (nowMs - seenMs < silenceMaxMs) continue
      this.#seenMs.delete(gateway)
      onLost(gateway)
    }
    this.#cancelTimer = clock.setTimer(() => this.#look(), silenceMaxMs / 4)
  }
}
