// Runs the market source at the pace of the market's clock, applies users' commands between its steps, and decides when
// to flush. Works in slices of a few milliseconds, so that messages are received between them.

import type { Clock, Command, CommandAnswer } from '@papertape/protocol'
import { type MarketPort, type MarketSource, parsePace } from '@papertape/simulators'
import type { Batch } from '../messages.ts'
import type { Sequencer } from '../sequencer/sequencer.ts'
import type { MarketClock } from './market-clock.ts'

const SLICE_MS = 8
/** While the market is behind its clock no reader waits for a single event, and larger commits cost less. */
const CATCH_UP_FLUSH = { intervalMs: 100, commands: 4_000 }
/** In a market without commands the clock advances at this interval, so that minutes close. */
const IDLE_ADVANCE_MS = 1_000
/** While nobody waits for events, ten seconds of them are one flush: a fifth of the bytes on the disk. */
const UNWATCHED_FLUSH_MS = 10_000
/** Batches that are flushed and not yet committed, published and processed by the gateway. Bounds memory. */
const BATCHES_IN_FLIGHT_MAX = 8

export interface MarketLoopOptions {
  readonly sequencer: Sequencer
  readonly source: MarketSource
  readonly marketClock: MarketClock
  readonly clock: Clock
  /**
   * Minimum time between two flushes of the market's commands, and between two of users': those in between share one
   * commit.
   */
  readonly flushMs: number
  /** Called with each batch once it is committed. */
  readonly publish: (batch: Batch) => void
  readonly beforeSlice: () => void
  /** Called after each slice. */
  readonly afterSlice: (isBehind: boolean) => void
}

export class MarketLoop {
  readonly #options: MarketLoopOptions
  #source: MarketSource
  /** Since it was last saved. To save and store it takes longer than a user's command. */
  #hasSourceChanged = true
  #cancelTimer: () => void = () => {}
  #lastFlushMs = Number.NEGATIVE_INFINITY
  /** When the last flush had the answer to a command of a user. */
  #lastAnsweredMs = Number.NEGATIVE_INFINITY
  /** The next one has. */
  #isAnswerDue = false
  /** Somebody waits for the market's events. */
  hasAudience = true
  #lastFlushed = 0
  #lastProcessed = 0
  #isStopped = false

  constructor(options: MarketLoopOptions) {
    this.#options = options
    this.#source = options.source
  }

  /**
   * Applies a command of a user or the operator at the market's time now.
   * @param commandId given when the answer is to be part of the batch.
   */
  submit(command: Command, commandId?: number): CommandAnswer {
    const { sequencer, marketClock } = this.#options
    const answer = sequencer.submit(command, this.userTime, commandId)
    if (commandId !== undefined) this.#isAnswerDue = true
    if (command.type === 'pace.set') {
      // parsePace() has no text for a pause.
      marketClock.change(parsePace(command.pace) ?? 0, this.source.nextTime ?? sequencer.time)
    } else if (command.type === 'scenario.start') {
      this.#planScenarios(command.names, command.startTime ?? Math.floor(this.userTime))
    }
    return answer
  }

  get source(): MarketSource {
    return this.#source
  }

  /** Replaced when time is left out. */
  set source(source: MarketSource) {
    this.#source = source
    this.#hasSourceChanged = true
  }

  /** The market's time for commands of users: now, but not after the next step of a source that is behind. */
  get userTime(): number {
    const { sequencer, marketClock } = this.#options
    const now = Math.min(marketClock.now(), this.source.nextTime ?? Number.POSITIVE_INFINITY)
    return Number.isFinite(now) ? now : sequencer.time
  }

  /** The gateway has processed this batch. */
  acknowledge(number: number): void {
    this.#lastProcessed = number
  }

  /** Runs what is due and schedules the next run. Called after each message too: a command may have to be flushed. */
  run(): void {
    if (this.#isStopped) return
    this.#cancelTimer()
    const { sequencer, beforeSlice, afterSlice } = this.#options
    beforeSlice()
    const { isBlocked } = this
    const isBehind = !isBlocked && this.#runSlice()
    const isFull = sequencer.pendingCount >= CATCH_UP_FLUSH.commands
    if (sequencer.pendingCount > 0 && (isFull || this.#untilFlushMs(isBehind) <= 0)) this.flush()
    if (!isBlocked) afterSlice(isBehind)
    this.#schedule(isBehind)
  }

  flush(): void {
    const { sequencer, clock, publish } = this.#options
    const startMs = clock.nowMs()
    this.#lastFlushMs = startMs
    if (this.#isAnswerDue) this.#lastAnsweredMs = this.#lastFlushMs
    this.#isAnswerDue = false
    const batch = sequencer.flush(this.#hasSourceChanged ? this.source.save() : undefined, batch => {
      publish(batch)
      sequencer.measures.addFlush(clock.nowMs() - startMs)
    })
    this.#hasSourceChanged = false
    this.#lastFlushed = batch.number
    sequencer.maintain()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelTimer()
  }

  /** True while the gateway has as many batches to process as it may. */
  get isBlocked(): boolean {
    return this.#lastFlushed - this.#lastProcessed >= BATCHES_IN_FLIGHT_MAX
  }

  /** A user waits for other users' commands, which share a commit, and not for the market's. */
  #untilFlushMs(isBehind: boolean): number {
    const { clock, flushMs } = this.#options
    const intervalMs = this.hasAudience ? flushMs : UNWATCHED_FLUSH_MS
    const marketMs = this.#lastFlushMs + (isBehind ? CATCH_UP_FLUSH.intervalMs : intervalMs)
    const usersMs = this.#isAnswerDue ? this.#lastAnsweredMs + flushMs : Number.POSITIVE_INFINITY
    return Math.min(marketMs, usersMs) - clock.nowMs()
  }

  /** True when the slice ended before the market had caught up with its clock. */
  #runSlice(): boolean {
    const { sequencer, marketClock, clock } = this.#options
    const sliceEndMs = clock.nowMs() + SLICE_MS
    for (;;) {
      const dueTime = this.source.nextTime
      if (dueTime === undefined || dueTime > marketClock.now()) break
      this.#hasSourceChanged = true
      this.source.step(this.#portAt(dueTime))
      if (sequencer.pendingCount >= CATCH_UP_FLUSH.commands || clock.nowMs() >= sliceEndMs) return true
    }
    this.#advanceIdleClock()
    return false
  }

  #portAt(time: number): MarketPort {
    const { sequencer } = this.#options
    return {
      book: sequencer.book,
      submit(command) {
        const answer = sequencer.submit(command, time)
        if (answer.type !== 'desk') throw new Error(`a desk command was answered with ${answer.type}`)
        return answer
      },
      announce: command => void sequencer.submit(command, time),
    }
  }

  #advanceIdleClock(): void {
    const { sequencer, marketClock } = this.#options
    const now = marketClock.now()
    if (!Number.isFinite(now) || now - sequencer.time < IDLE_ADVANCE_MS) return
    sequencer.submit({ type: 'clock.advance' }, now)
  }

  /** A scenario that is planned or running already, such as after a restart, is not started again. */
  #planScenarios(names: readonly string[], startTime: number): void {
    const { scenarios } = this.source
    if (scenarios === undefined) return
    this.#hasSourceChanged = true
    const running = new Set<string>(scenarios.running.map(({ name }) => name))
    const known = names.filter(name => scenarios.names.includes(name))
    for (const name of known) if (!running.has(name)) scenarios.plan({ name, startTime })
  }

  #schedule(isBehind: boolean): void {
    const { sequencer, marketClock } = this.#options
    const isPending = sequencer.pendingCount > 0
    const untilFlushMs = isPending ? this.#untilFlushMs(isBehind) : Number.POSITIVE_INFINITY
    if (this.isBlocked) {
      // The market source waits for the gateway; commands of users do not.
      if (isPending) this.#runAfter(Math.max(1, untilFlushMs))
      return
    }
    if (isBehind) {
      this.#runAfter(0)
      return
    }
    const { nextTime } = this.source
    const untilMarketMs = nextTime === undefined ? Number.POSITIVE_INFINITY : marketClock.waitFor(nextTime)
    this.#runAfter(Math.max(1, Math.min(untilFlushMs, untilMarketMs, IDLE_ADVANCE_MS)))
  }

  #runAfter(delayMs: number): void {
    this.#cancelTimer = this.#options.clock.setTimer(() => this.run(), delayMs)
  }
}
