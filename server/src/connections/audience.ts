// Whether anybody waits for the market's events: somebody has a connection open, or asked for something a moment ago.
// Probes and scrapers are nobody. Does not decide what follows from it. Watched by app.ts.

import type { Clock } from '@papertape/protocol'
import type { FastifyInstance } from 'fastify'

/** After a request its client is expected to ask again: pages and bots poll. */
const ATTENTION_MS = 10_000
const LOOK_EVERY_MS = 1_000

export interface AudienceOptions {
  readonly clock: Clock
  /** Of streams, sockets and polls. */
  readonly openCount: () => number
  /** Called when it has changed; at first somebody is there. Settles when whoever comes may be answered. */
  readonly onChange: (isPresent: boolean) => Promise<void>
}

export class Audience {
  readonly #options: AudienceOptions
  #lastMs: number
  #isPresent = true
  /** Of the last time that somebody came. */
  #changed: Promise<void> | undefined
  #stopLooking: () => void

  constructor(options: AudienceOptions) {
    this.#options = options
    this.#lastMs = options.clock.nowMs()
    this.#stopLooking = this.#lookLater()
  }

  /** Every request of the app is attention, but for those of these paths. */
  watch(app: FastifyInstance, isProbe: (path: string) => boolean): void {
    app.addHook('onRequest', async ({ url }) => {
      if (!isProbe(url)) await this.attend()
    })
    app.addHook('onClose', async () => this.#stopLooking())
  }

  /** Settles at once, unless nobody was there. */
  async attend(): Promise<void> {
    this.#lastMs = this.#options.clock.nowMs()
    if (!this.#isPresent) this.#changed = this.#set(true)
    await this.#changed
  }

  #lookLater(): () => void {
    return this.#options.clock.setTimer(() => {
      const { clock, openCount } = this.#options
      if (openCount() > 0) this.#lastMs = clock.nowMs()
      else if (this.#isPresent && clock.nowMs() - this.#lastMs >= ATTENTION_MS) void this.#set(false)
      this.#stopLooking = this.#lookLater()
    }, LOOK_EVERY_MS)
  }

  #set(isPresent: boolean): Promise<void> {
    this.#isPresent = isPresent
    return this.#options.onChange(isPresent)
  }
}
