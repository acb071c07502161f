// The venue: market source, sequencer, exchange and journal, driven by messages. Imports no node: module and opens
// nothing: a server runs it in a worker thread, a page in a Web Worker, a test in its own thread.

import type { Exchange } from '@papertape/engine'
import type { Clock, Command } from '@papertape/protocol'
import type { SourceState } from '@papertape/simulators'
import { EventDamaged } from './journal/journal-errors.ts'
import { JournalLog } from './log/journal-log.ts'
import type { MarketLog } from './log/market-log.ts'
import { CancelTimer } from './market/cancel-timer.ts'
import { ClockWatch, describeBreak } from './market/clock-watch.ts'
import { createMarketClock, type MarketClock } from './market/market-clock.ts'
import { MarketLoop } from './market/market-loop.ts'
import { type MarketPlan, type OpenableMarket, pastOf } from './market/market-plan.ts'
import type { FromVenue, PaceSetting, QueryName, ToVenue } from './messages.ts'
import { QueryAnswers } from './reads/query-answers.ts'
import { ReadQueue } from './reads/read-queue.ts'
import type { OpenedJournal } from './recovery/opened-journal.ts'
import { Sequencer } from './sequencer/sequencer.ts'

export interface VenueOptions {
  readonly plan: MarketPlan
  readonly pace: PaceSetting
  /** A new simulated market starts so long before now and catches up; also how much of a pause is traded. */
  readonly pastMs: number
  /** Days of minute bars that a simulated market has from before it began; 0 for none. */
  readonly pastDays: number
  /** How many public events stay in the journal. */
  readonly eventsKept: number
  /** How long private events stay in the journal; for ever when absent. */
  readonly privateKeptMs?: number
  /**
   * Minimum time between two commits of the market, and between two of users' commands, 4 ms when absent; 0 for a
   * journal whose commits cost nothing.
   */
  readonly flushMs?: number
  /** True where the connections of sessions end elsewhere, and outlive this venue. */
  readonly keepsSessions?: boolean
}

export interface VenueDeps {
  readonly market: OpenableMarket
  readonly opened: OpenedJournal
  /** What the venue shares with others; its journal when absent. */
  readonly log?: MarketLog
  /** Called at the end, after the last commit: another venue may go on from there while this one closes its journal. */
  readonly handOver?: () => Promise<void>
  readonly send: (message: FromVenue) => void
  readonly clock: Clock
}

/** Queries that anyone may cause, and that are queued; the others are the gateway's or an account's. */
const QUEUED: ReadonlySet<QueryName> = new Set(['events', 'history', 'depth', 'market', 'counts'])
/** They read only what has been flushed, or counts, for which no flush is made. */
const NEED_NO_FLUSH: ReadonlySet<QueryName> = new Set(['events', 'history', 'privateEvents', 'cashEvents', 'counts'])
const PROGRESS_INTERVAL_MS = 100
const FLUSH_MS = 4

type QueryMessage = Extract<ToVenue, { type: 'query' }>

export class Venue {
  readonly #deps: VenueDeps
  readonly #options: VenueOptions
  readonly #exchange: Exchange
  readonly #clockWatch: ClockWatch
  readonly #sequencer: Sequencer
  readonly #marketClock: MarketClock
  readonly #loop: MarketLoop
  readonly #cancelTimer: CancelTimer
  readonly #answers: QueryAnswers
  readonly #reads: ReadQueue<QueryMessage>
  #isReady = false
  #isClosed = false
  #lastProgressMs = Number.NEGATIVE_INFINITY

  constructor(options: VenueOptions, deps: VenueDeps) {
    this.#options = options
    this.#deps = deps
    const { market, opened, clock } = deps
    const { exchange, commandNumber, checkpoint } = opened.recovered
    this.#clockWatch = new ClockWatch(clock)
    this.#exchange = exchange
    const source = market.open(this.#resumeTime(), (opened.journal.source() ?? undefined) as SourceState | undefined)
    const isRealTime = options.plan.kind === 'simulated' && options.pace === 1
    const startTime = isRealTime ? this.#wallTime() : (source.nextTime ?? exchange.time)
    this.#marketClock = createMarketClock(startTime, options.pace, () => clock.nowMs())
    this.#sequencer = new Sequencer({
      exchange,
      journal: opened.journal,
      log: deps.log ?? new JournalLog(opened),
      commandNumber,
      checkpoint,
      wallMicros: () => Math.floor(clock.wallMs() * 1_000),
      nowMs: () => clock.nowMs(),
      eventsKept: options.eventsKept,
      privateKeptMs: options.privateKeptMs,
    })
    this.#loop = new MarketLoop({
      sequencer: this.#sequencer,
      source,
      marketClock: this.#marketClock,
      clock,
      flushMs: options.flushMs ?? FLUSH_MS,
      publish: deps.send,
      beforeSlice: () => this.#followClocks(),
      afterSlice: isBehind => this.#reportProgress(isBehind),
    })
    this.#cancelTimer = new CancelTimer(clock, () => this.#cancelDue())
    this.#answers = new QueryAnswers({
      plan: options.plan,
      past: pastOf(options, market, source),
      instruments: market.instruments,
      epoch: opened.epoch,
      journal: opened.journal,
      exchange,
      running: () => ({
        checkpoint: this.#sequencer.lastCheckpoint,
        pace: this.#marketClock.pace,
        scenarios: this.#loop.source.scenarios?.running ?? [],
        scenarioNames: this.#loop.source.scenarios?.names ?? [],
        ended: this.#loop.source.nextTime === undefined,
      }),
      counts: () => this.#sequencer.measures.read({ behindMs: this.#behindMs, pace: this.#marketClock.pace }),
    })
    this.#reads = new ReadQueue({ answer: query => this.#answerQuery(query), clock })
  }

  /** Starts the market, which catches up with its clock first. */
  start(): void {
    const { opened, send } = this.#deps
    // The time that recovery took is no pause.
    this.#clockWatch.check()
    if (opened.notice !== undefined) send({ type: 'notice', text: opened.notice })
    // Sessions that were open before a restart are lost with it.
    if (this.#options.keepsSessions !== true && this.#exchange.guardedSessions.length > 0)
      this.#loop.submit({ type: 'session.loseAll', cause: 'restart' })
    this.#cancelTimer.arm(this.#exchange.cancelDueUs)
    // Much may have come of age while the venue was down.
    this.#sequencer.forget()
    this.#startScenarios()
    send({ type: 'opened' })
    this.#loop.run()
  }

  /** Commands that are received together share a commit, however long the one before took. */
  receive(...messages: readonly ToVenue[]): void {
    for (const message of messages) this.#handle(message)
    this.#loop.run()
  }

  #handle(message: ToVenue): void {
    if (this.#isClosed) return
    if (message.type === 'command') {
      this.#submit(message.command, message.commandId)
    } else if (message.type === 'query') {
      if (QUEUED.has(message.name)) this.#reads.add(message)
      else this.#answerQuery(message)
    } else if (message.type === 'processed') {
      this.#loop.acknowledge(message.number)
    } else if (message.type === 'audience') {
      this.#loop.hasAudience = message.isPresent
      if (message.isPresent && this.#sequencer.pendingCount > 0) this.#loop.flush()
    } else this.#close()
  }

  #answerQuery({ queryId, name, params }: QueryMessage): void {
    if (this.#isClosed) return
    // A result never includes what has not been flushed.
    if (this.#sequencer.pendingCount > 0 && !NEED_NO_FLUSH.has(name)) this.#loop.flush()
    this.#deps.send({ type: 'result', queryId, ...this.#answers.answer(name, params) })
  }

  /** A command whose ids cannot be looked up in a damaged journal is not applied; the market goes on. */
  #submit(command: Command, commandId: number): void {
    try {
      this.#loop.submit(command, commandId)
      this.#cancelTimer.arm(this.#exchange.cancelDueUs)
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      this.#deps.send({ type: 'refused', commandId, damaged: error.message })
    }
  }

  #cancelDue(): void {
    this.#loop.submit({ type: 'order.cancelDue' })
    this.#cancelTimer.arm(this.#exchange.cancelDueUs)
    this.#loop.run()
  }

  #startScenarios(): void {
    const { plan } = this.#options
    if (plan.kind !== 'simulated' || plan.scenarios === undefined || plan.scenarios.length === 0) return
    const now = this.#marketClock.now()
    const startTime = Math.floor(Number.isFinite(now) ? now : this.#loop.userTime)
    this.#loop.submit({ type: 'scenario.start', names: plan.scenarios, startTime })
  }

  /**
   * The time at which a simulated market starts or goes on. At real time it follows the wall clock, and of a pause only
   * the last `pastMs` are traded: after a night the server does not simulate the whole night.
   */
  #resumeTime(): number {
    const wall = this.#deps.clock.wallMs()
    const earliest = wall - this.#options.pastMs
    if (this.#exchange.seq === 0) return Math.floor(earliest / 60_000) * 60_000
    return this.#options.pace === 1 ? Math.floor(earliest) : this.#exchange.time
  }

  /**
   * The time that a simulated market at real time should have. A market that has run ahead of the wall clock goes on
   * from its own time: it would otherwise stand still until the wall clock has reached it.
   */
  #wallTime(): number {
    return Math.max(this.#deps.clock.wallMs(), this.#exchange.time)
  }

  /**
   * After a suspension, or when the wall clock was set, the market goes on as after a restart: at real time it follows
   * the wall clock again, and at most `pastMs` of the time between are traded; at any other pace it goes on from its
   * own time.
   */
  #followClocks(): void {
    const timeBreak = this.#clockWatch.check()
    if (timeBreak === undefined) return
    const { plan, pastMs } = this.#options
    const { time } = this.#exchange
    const cause = describeBreak(timeBreak)
    if (plan.kind === 'replay' || this.#marketClock.pace !== 1) {
      if (Number.isFinite(this.#marketClock.now()) && timeBreak.pausedMs > 0)
        this.#marketClock.set(this.#loop.source.nextTime ?? time)
      this.#notice(`${cause}: the market goes on from its own time`)
      return
    }
    const now = this.#wallTime()
    this.#marketClock.set(now)
    const leftOutMs = now - time - pastMs
    if (leftOutMs > 0) this.#loop.source = this.#deps.market.open(Math.floor(now - pastMs), this.#loop.source.save())
    const leftOut = leftOutMs > 0 ? `; ${Math.ceil(leftOutMs / 1_000)} s of trading are left out` : ''
    this.#notice(`${cause}: the market goes on at the wall clock's time${leftOut}`)
  }

  #notice(text: string): void {
    this.#deps.send({ type: 'notice', text })
  }

  /** The market's time that has still to be traded; 0 for a market without a clock. */
  get #behindMs(): number {
    const now = this.#marketClock.now()
    return Number.isFinite(now) ? Math.max(0, Math.floor(now - this.#exchange.time)) : 0
  }

  #reportProgress(isBehind: boolean): void {
    if (this.#isReady) return
    const { send, clock } = this.#deps
    if (!isBehind || !Number.isFinite(this.#marketClock.now())) {
      this.#isReady = true
      send({ type: 'ready' })
    } else if (clock.nowMs() - this.#lastProgressMs > PROGRESS_INTERVAL_MS) {
      this.#lastProgressMs = clock.nowMs()
      send({ type: 'catchingUp', behindMs: this.#behindMs })
    }
  }

  #close(): void {
    this.#cancelTimer.stop()
    this.#loop.stop()
    this.#isClosed = true
    this.#loop.flush()
    this.#sequencer.whenCommitted(() => {
      const { handOver } = this.#deps
      if (handOver === undefined) this.#finish()
      else void handOver().then(() => this.#finish())
    })
  }

  /** A checkpoint at the end makes the next start fast. */
  #finish(): void {
    const { opened, send } = this.#deps
    opened.journal.writeCheckpoint(this.#sequencer.checkpoint())
    opened.close()
    send({ type: 'closed' })
  }
}
