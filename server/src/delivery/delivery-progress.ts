// How far a peer has come with what it was written, and whether it may be written more: what is in flight is bounded by
// its age, whatever buffers it is in. A peer that was late once is then written one burst at a time, until it has kept
// up for a while. Pure: times and totals are handed in, by pings of a WebSocket or by the kernel's queues.

/** What is in flight may be so much older than it is at best. */
const LATE_MS = 250
/** A peer that was late has one burst in flight for so long, and for longer when it is late again soon after. */
const PROBATION_MS = { least: 10_000, most: 640_000, growth: 4 }
/** The way to a peer may become longer: what was best is forgotten after two of these at most. */
const PERIOD_MS = 60_000
/** Marks that nobody answers are not kept for ever. */
const MARKS_MAX = 64

interface Mark {
  readonly atMs: number
  /** How much had been written then. */
  readonly written: number
}

export class DeliveryProgress {
  #written = 0
  #taken = 0
  /** Of what is in flight, oldest first. */
  readonly #marks: Mark[] = []
  /** The shortest time from a mark until the peer had come to it: in this period, and in the one before. */
  #bestMs = Number.POSITIVE_INFINITY
  #bestBeforeMs = Number.POSITIVE_INFINITY
  #periodEndMs = Number.NEGATIVE_INFINITY
  #probationMs = PROBATION_MS.least
  #probationEndMs = Number.NEGATIVE_INFINITY

  /** @param total bytes, or any other measure, since the beginning. */
  write(total: number): void {
    this.#written = total
  }

  /** Remembers that everything until now was written by this time. */
  mark(nowMs: number): void {
    const last = this.#marks.at(-1)
    if (this.#written <= this.#taken || last?.written === this.#written || this.#marks.length === MARKS_MAX) return
    this.#marks.push({ atMs: nowMs, written: this.#written })
  }

  /**
   * The peer has come to here. Whoever knows when it did asks isOnProbation() at that time before; whoever only finds
   * that it has come somewhere, after.
   */
  take(total: number, nowMs: number): void {
    if (nowMs >= this.#periodEndMs) {
      this.#bestBeforeMs = this.#bestMs
      this.#bestMs = Number.POSITIVE_INFINITY
      this.#periodEndMs = nowMs + PERIOD_MS
    }
    this.#taken = Math.max(this.#taken, total)
    while (this.#marks.length > 0 && this.#marks[0]!.written <= this.#taken) {
      this.#bestMs = Math.min(this.#bestMs, nowMs - this.#marks.shift()!.atMs)
    }
  }

  /** True for a peer that was late, and has not kept up for long enough since. */
  isOnProbation(nowMs: number): boolean {
    this.#noteLateness(nowMs)
    return nowMs < this.#probationEndMs
  }

  /** It is written less than there is for it: that it takes this in time does not mean that it keeps up. */
  prolongProbation(nowMs: number): void {
    if (nowMs < this.#probationEndMs) this.#probationEndMs = nowMs + this.#probationMs
  }

  /** True while something is in flight. */
  get isBusy(): boolean {
    return this.#written > this.#taken
  }

  /** False while the peer should take what is in flight before it is written more. */
  hasRoom(nowMs: number): boolean {
    return !this.isOnProbation(nowMs) || !this.isBusy
  }

  #noteLateness(nowMs: number): void {
    const [oldest] = this.#marks
    const leastMs = Math.min(this.#bestMs, this.#bestBeforeMs)
    const bestMs = Number.isFinite(leastMs) ? leastMs : 0
    if (oldest === undefined || nowMs - oldest.atMs <= bestMs + LATE_MS) return
    if (nowMs >= this.#probationEndMs) {
      const { least, most, growth } = PROBATION_MS
      const isLateAgain = nowMs < this.#probationEndMs + this.#probationMs
      this.#probationMs = isLateAgain ? Math.min(this.#probationMs * growth, most) : least
    }
    this.#probationEndMs = nowMs + this.#probationMs
  }
}
