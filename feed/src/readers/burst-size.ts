// How much a slow peer is written at once, so that it has taken that within a short time: what changes meanwhile waits
// no longer than this for the next burst. Learns from how long the bursts before took. Pure: times are handed in.

/** Longer than the way to most peers and back, and than the kernel's queues are looked at (server/src/delivery). */
const TAKEN_WITHIN_MS = 300
/** A burst that was taken in time is followed by one larger by so much. */
const GROWTH = 1.5

export interface BurstBounds {
  readonly least: number
  readonly most: number
}

export class BurstSize {
  readonly #bounds: BurstBounds
  #max: number
  #written = 0
  #writtenMs = 0

  /** @param bounds bytes, or any other measure. The first burst is the least. */
  constructor(bounds: BurstBounds) {
    this.#bounds = bounds
    this.#max = bounds.least
  }

  /** The next burst is to be no larger than this, and one frame. */
  get max(): number {
    return this.#max
  }

  write(amount: number, nowMs: number): void {
    if (this.#written === 0) this.#writtenMs = nowMs
    this.#written += amount
  }

  /** The peer has taken what was written. */
  take(nowMs: number): void {
    const { least, most } = this.#bounds
    const tookMs = nowMs - this.#writtenMs
    if (this.#written === 0) return
    if (tookMs > TAKEN_WITHIN_MS) this.#max = Math.max(least, (this.#written * TAKEN_WITHIN_MS) / tookMs)
    else if (this.#written >= this.#max) this.#max = Math.min(most, this.#max * GROWTH)
    this.#written = 0
  }
}
