// Runs the market source at the clock's pace, between the commands of users, and decides when to flush. Single-threaded:
// it never takes longer than a slice before it lets messages in.

import type { MarketDoor, MarketSource } from '@papertape/simulators'
import type { MarketClock } from './pace.ts'
import type { Sequencer } from './sequencer.ts'

/** At most so long at a stretch before messages are let in. */
const SLICE_MS = 8
/** A flush follows the one before it by at least this: what comes in between shares one commit. */
const FLUSH_INTERVAL_MS = 4
/** While catching up nobody waits for a single event: larger commits cost less. */
const CATCH_UP_FLUSH = { intervalMs: 100, commands: 4_000 }
/** The quiet market's clock still closes minutes. */
const IDLE_ADVANCE_MS = 1_000

export interface PacerOptions {
  /** The one that makes the market now. */
  readonly source: () => MarketSource
  readonly sequencer: Sequencer
  readonly clock: MarketClock
  readonly door: (time: number) => MarketDoor
  readonly marketTime: () => number
  readonly flush: () => void
  /** False while the gateway has too much before it. */
  readonly mayRun: () => boolean
  /** Monotone. */
  readonly nowMs: () => number
  /** Before each run: the clocks may have parted. */
  readonly beforeRun: () => void
  /** After each slice: whether the market is still behind its clock. */
  readonly onSlice: (behind: boolean) => void
}

export class Pacer {
  readonly #options: PacerOptions
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined
  #lastFlushMs = Number.NEGATIVE_INFINITY
  #stopped = false

  constructor(options: PacerOptions) {
    this.#options = options
  }

  /** Runs what is due and sees to it that it is called again. Also after each message: a command may wait for a flush. */
  run(): void {
    if (this.#stopped) return
    this.#clearTimer()
    const { sequencer, mayRun, nowMs, beforeRun } = this.#options
    beforeRun()
    const running = mayRun()
    const behind = running && this.#runSlice()
    const intervalMs = behind ? CATCH_UP_FLUSH.intervalMs : FLUSH_INTERVAL_MS
    const isFull = sequencer.pendingCount >= CATCH_UP_FLUSH.commands
    if (sequencer.pending && (isFull || nowMs() - this.#lastFlushMs >= intervalMs)) this.flush()
    if (running) this.#options.onSlice(behind)
    this.#schedule(behind)
  }

  flush(): void {
    this.#lastFlushMs = this.#options.nowMs()
    this.#options.flush()
  }

  stop(): void {
    this.#stopped = true
    this.#clearTimer()
  }

  /** True when the slice ended before the market had caught up with its clock. */
  #runSlice(): boolean {
    const { sequencer, clock, door, nowMs } = this.#options
    const source = this.#options.source()
    const sliceEndMs = nowMs() + SLICE_MS
    for (;;) {
      const due = source.nextTime
      if (due === undefined || due > clock.now()) break
      source.step(door(due))
      if (sequencer.pendingCount >= CATCH_UP_FLUSH.commands || nowMs() >= sliceEndMs) return true
    }
    this.#advanceIdleClock()
    return false
  }

  #advanceIdleClock(): void {
    const { sequencer, clock, marketTime } = this.#options
    const now = clock.now()
    if (!Number.isFinite(now) || now - marketTime() < IDLE_ADVANCE_MS) return
    sequencer.submit({ type: 'clock.advance' }, now)
  }

  #schedule(behind: boolean): void {
    const { sequencer, clock, mayRun, nowMs } = this.#options
    const source = this.#options.source()
    if (!mayRun()) {
      // The market stands until the gateway's next message; what a user sent does not wait for that.
      if (!sequencer.pending) return
      const untilFlushMs = this.#lastFlushMs + FLUSH_INTERVAL_MS - nowMs()
      this.#timer = setTimeout(() => this.run(), Math.max(0, untilFlushMs))
      return
    }
    if (behind) {
      this.#timer = setImmediate(() => this.run())
      return
    }
    const untilFlushMs = sequencer.pending ? this.#lastFlushMs + FLUSH_INTERVAL_MS - nowMs() : Number.POSITIVE_INFINITY
    const untilMarketMs = source.nextTime === undefined ? Number.POSITIVE_INFINITY : clock.waitFor(source.nextTime)
    const waitMs = Math.min(untilFlushMs, untilMarketMs, IDLE_ADVANCE_MS)
    this.#timer = setTimeout(() => this.run(), Math.max(0, waitMs))
  }

  #clearTimer(): void {
    clearTimeout(this.#timer as NodeJS.Timeout)
    clearImmediate(this.#timer as NodeJS.Immediate)
    this.#timer = undefined
  }
}
