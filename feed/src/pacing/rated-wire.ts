// A wire whose peer has declared how many bytes it reads a second. What is in flight is then known without the peer's
// answer, whatever buffers it is in: what the peer cannot have read yet at that rate. Changes nothing of what is
// written. Put around its wire by a transport.

import type { Clock } from '@papertape/protocol'
import type { EndReason, FeedWire } from '../readers/feed-reader.ts'

/** So much may be in flight before the peer is slow, as of peers that declare nothing (server/src/delivery). */
const LATE_MS = 250
/** Of what it reads, so much is written: what a pause of the peer has left in between is read in time. */
const WRITTEN_SHARE = 0.9
/** It is written one burst at a time for so long after it was. */
const SLOW_MS = 10_000

interface DeclaredRate<Chunk> {
  readonly clock: Clock
  readonly bytesPerSecond: number
  readonly sizeOf: (chunk: Chunk) => number
}

/** @param bytesPerSecond undefined when nothing was declared: the wire as it is. */
export function atDeclaredRate<Chunk>(
  wire: FeedWire<Chunk>,
  { bytesPerSecond, ...options }: Omit<DeclaredRate<Chunk>, 'bytesPerSecond'> & { bytesPerSecond: number | undefined },
): FeedWire<Chunk> {
  return bytesPerSecond === undefined ? wire : new RatedWire(wire, { ...options, bytesPerSecond })
}

class RatedWire<Chunk> implements FeedWire<Chunk> {
  readonly #wire: FeedWire<Chunk>
  readonly #options: DeclaredRate<Chunk>
  /** When the peer has read what it was written. */
  #readMs = 0
  #slowUntilMs = 0
  #cancelTimer: (() => void) | undefined

  constructor(wire: FeedWire<Chunk>, options: DeclaredRate<Chunk>) {
    this.#wire = wire
    this.#options = options
  }

  get isSlow(): boolean {
    return this.#options.clock.nowMs() < this.#slowUntilMs || (this.#wire.isSlow ?? false)
  }

  get hasRoom(): boolean {
    return this.#inFlightMs <= (this.isSlow ? 0 : LATE_MS) && this.#wire.hasRoom
  }

  staySlow(): void {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs < this.#slowUntilMs) this.#slowUntilMs = nowMs + SLOW_MS
    this.#wire.staySlow?.()
  }

  write(chunk: Chunk): boolean {
    const { clock, bytesPerSecond, sizeOf } = this.#options
    const nowMs = clock.nowMs()
    this.#readMs = Math.max(this.#readMs, nowMs) + (sizeOf(chunk) / bytesPerSecond / WRITTEN_SHARE) * 1_000
    if (this.#inFlightMs > LATE_MS) this.#slowUntilMs = Math.max(this.#slowUntilMs, nowMs + SLOW_MS)
    const hasRoom = this.#wire.write(chunk)
    return hasRoom && this.hasRoom
  }

  onDrained(callback: () => void): void {
    if (!this.#wire.hasRoom) {
      this.#wire.onDrained(() => this.onDrained(callback))
      return
    }
    this.#cancelTimer?.()
    this.#cancelTimer = this.#options.clock.setTimer(callback, Math.max(1, Math.ceil(this.#inFlightMs)))
  }

  end(reason: EndReason): void {
    this.#cancelTimer?.()
    this.#wire.end(reason)
  }

  get #inFlightMs(): number {
    return this.#readMs - this.#options.clock.nowMs()
  }
}
