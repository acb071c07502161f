// A reader through a balancer of a kind of event that does not come by itself: when each one arrived, nothing else
// happens on it.

import { FEED_TRANSPORTS, type VisitEnd } from '../transport-changes/feed-transports.ts'
import { type BalancedTransport, describeTransport } from './balanced-transports.ts'
import { openWire, type Wire } from './wire.ts'

/** Of the symbol that the operator halts. */
const EVENT = 'status'
const VISIT_MAX_MS = 120_000

export class QuietStream {
  readonly balancer: string
  readonly name: string
  /** It has its first snapshot. */
  readonly opened: Promise<void>
  readonly ended: Promise<VisitEnd>
  readonly #arrivedMs: number[] = []
  readonly #wire: Wire
  #wake = () => {}

  constructor(port: number, transport: BalancedTransport, balancer: string) {
    this.balancer = balancer
    this.name = describeTransport(transport)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.opened = promise
    this.#wire = openWire(transport.version, port)
    this.ended = FEED_TRANSPORTS[transport.kind]({
      url: `http://localhost:${port}`,
      connect: this.#wire.connect,
      parameters: { events: EVENT, mode: 'raw' },
      last: undefined,
      maxMs: VISIT_MAX_MS,
      isEnding: () => false,
      take: frame => {
        if (frame.event === 'snapshot') resolve()
        if (frame.event === EVENT) this.#arrivedMs.push(performance.now())
        this.#wake()
        return false
      },
    })
  }

  /** Waits for its nth event. @returns when it came, by performance.now() */
  arrived(n: number): Promise<number> {
    return new Promise(resolve => {
      this.#wake = () => {
        if (this.#arrivedMs.length >= n) resolve(this.#arrivedMs[n - 1]!)
      }
      this.#wake()
    })
  }

  close(): void {
    this.#wire.close()
  }
}
