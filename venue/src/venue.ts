// The venue without its thread: market source, sequencer, exchange and journal behind one pair of messages. Opens nothing and
// imports no node: module; a server runs it in a worker thread, a page in a Web Worker, a test in its own thread.

import type { Exchange } from '@papertape/engine'
import { type Clock, type Command, formatPosition, type InstrumentSpec, type Order } from '@papertape/protocol'
import type { SourceState } from '@papertape/simulators'
import type { Journal } from './journal/journal.ts'
import { EventDamaged } from './journal/journal-errors.ts'
import { parseOrderId } from './journal/order-records.ts'
import { ClockWatch, describeBreak } from './market/clock-watch.ts'
import { createMarketClock, type MarketClock } from './market/market-clock.ts'
import { MarketLoop } from './market/market-loop.ts'
import type { MarketPlan, OpenableMarket } from './market/market-plan.ts'
import type { FromVenue, MarketDescription, PaceSetting, Queries, QueryName, ToVenue, VenueState } from './messages.ts'
import { readDepth, readInstrument } from './reads/market-reader.ts'
import { ReadQueue } from './reads/read-queue.ts'
import type { OpenedJournal } from './recovery/opened-journal.ts'
import { Sequencer } from './sequencer/sequencer.ts'

export interface VenueOptions {
  readonly plan: MarketPlan
  readonly pace: PaceSetting
  /** A new simulated market trades so long a past first. */
  readonly pastMs: number
  /** How many public events stay in the journal. */
  readonly eventsKept: number
}

export interface VenueDeps {
  readonly market: OpenableMarket
  readonly opened: OpenedJournal
  readonly send: (message: FromVenue) => void
  readonly clock: Clock
}

/** One query returns at most so many events; readers ask again for more. */
const EVENTS_READ_MAX = 512
/** Queries that anyone may send without limit, and that wait in line; the others are the gateway's own or an account's. */
const PUBLIC_READS: ReadonlySet<QueryName> = new Set(['events', 'history', 'depth', 'market'])
/** They read what has been flushed: they need no flush of their own. */
const READ_FROM_JOURNAL: ReadonlySet<QueryName> = new Set(['events', 'history', 'privateEvents'])
const PROGRESS_INTERVAL_MS = 100

type Query = Extract<ToVenue, { type: 'query' }>

export class Venue {
  readonly #deps: VenueDeps
  readonly #options: VenueOptions
  readonly #instruments: readonly InstrumentSpec[]
  readonly #journal: Journal
  readonly #exchange: Exchange
  readonly #clockWatch: ClockWatch
  readonly #sequencer: Sequencer
  readonly #marketClock: MarketClock
  readonly #loop: MarketLoop
  readonly #reads: ReadQueue<Query>
  #ready = false
  #isClosed = false
  #lastProgressMs = Number.NEGATIVE_INFINITY

  constructor(options: VenueOptions, deps: VenueDeps) {
    this.#options = options
    this.#deps = deps
    const { market, opened, clock } = deps
    const { exchange, commandNumber, checkpoint } = opened.recovered
    this.#clockWatch = new ClockWatch(clock)
    this.#instruments = market.instruments
    this.#journal = opened.journal
    this.#exchange = exchange
    const source = market.open(this.#resumeTime(), (opened.journal.source() ?? undefined) as SourceState | undefined)
    const isRealTime = options.plan.kind === 'simulated' && options.pace === 1
    const startTime = isRealTime ? this.#wallTime() : (source.nextTime ?? exchange.time)
    this.#marketClock = createMarketClock(startTime, options.pace, () => clock.nowMs())
    this.#sequencer = new Sequencer({
      exchange,
      journal: opened.journal,
      commandNumber,
      checkpoint,
      wallMicros: () => Math.floor(clock.wallMs() * 1_000),
      eventsKept: options.eventsKept,
    })
    this.#loop = new MarketLoop({
      sequencer: this.#sequencer,
      source,
      marketClock: this.#marketClock,
      clock,
      publish: batch => {
        opened.confirm()
        deps.send(batch)
      },
      beforeSlice: () => this.#followClocks(),
      afterSlice: isBehind => this.#reportProgress(isBehind),
    })
    this.#reads = new ReadQueue({
      answer: query => this.#answerQuery(query),
      nowMs: () => clock.nowMs(),
      setTimer: (callback, delayMs) => void clock.setTimer(callback, delayMs),
    })
  }

  /** Starts to trade, and to catch up with the clock. */
  start(): void {
    const { opened, send } = this.#deps
    // Recovery took time that is no pause of the clock.
    this.#clockWatch.look()
    if (opened.notice !== undefined) send({ type: 'notice', text: opened.notice })
    // A session that was open before a restart is lost.
    if (this.#exchange.guardsSessions) this.#loop.submit({ type: 'session.loseAll' })
    this.#startScenarios()
    send({ type: 'opened' })
    this.#loop.run()
  }

  receive(message: ToVenue): void {
    if (message.type === 'command') {
      this.#submit(message.command, message.commandId)
    } else if (message.type === 'query') {
      if (PUBLIC_READS.has(message.name)) this.#reads.ask(message)
      else this.#answerQuery(message)
    } else if (message.type === 'processed') {
      this.#loop.acknowledge(message.number)
    } else {
      this.#close()
      return
    }
    this.#loop.run()
  }

  #answerQuery({ queryId, name, params }: Query): void {
    if (this.#isClosed) return
    // A result never shows what has not been flushed.
    if (this.#sequencer.pendingCount > 0 && !READ_FROM_JOURNAL.has(name)) this.#loop.flush()
    this.#deps.send({ type: 'result', queryId, ...this.#resultOrDamage(name, params) })
  }

  /** A command whose ids cannot be looked up has not been applied; the market goes on. */
  #submit(command: Command, commandId: number): void {
    try {
      this.#loop.submit(command, commandId)
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      this.#deps.send({ type: 'refused', commandId, damaged: error.message })
    }
  }

  #startScenarios(): void {
    const { plan } = this.#options
    if (plan.kind !== 'simulated' || plan.scenarios === undefined || plan.scenarios.length === 0) return
    const now = this.#marketClock.now()
    const startTime = Math.floor(Number.isFinite(now) ? now : this.#loop.userTime)
    this.#loop.submit({ type: 'scenario.start', names: plan.scenarios, startTime })
  }

  /**
   * Where a simulated market's clock goes on. At real time it follows the wall, and a pause longer than `pastMs` is
   * left out: what would have been traded through the night is not made up in the morning.
   */
  #resumeTime(): number {
    const wall = this.#deps.clock.wallMs()
    const earliest = wall - this.#options.pastMs
    if (this.#exchange.seq === 0) return Math.floor(earliest / 60_000) * 60_000
    return this.#options.pace === 1 ? Math.floor(earliest) : this.#exchange.time
  }

  /**
   * Where a simulated market at real time should stand. One that once ran ahead of the wall goes on from where it is: it would
   * otherwise stand still until the wall is there.
   */
  #wallTime(): number {
    return Math.max(this.#deps.clock.wallMs(), this.#exchange.time)
  }

  /**
   * After a sleep or a clock that was set the market goes on as after a restart: at real time it is at the wall's time
   * again, and of what it missed no more than `pastMs` is traded; at any other pace it goes on from where it is.
   */
  #followClocks(): void {
    const timeBreak = this.#clockWatch.look()
    if (timeBreak === undefined) return
    const { plan, pastMs } = this.#options
    const { time } = this.#exchange
    const cause = describeBreak(timeBreak)
    if (plan.kind === 'replay' || this.#marketClock.pace !== 1) {
      if (Number.isFinite(this.#marketClock.now()) && timeBreak.pausedMs > 0)
        this.#marketClock.set(this.#loop.source.nextTime ?? time)
      this.#notice(`${cause}: the market goes on from where it is`)
      return
    }
    const now = this.#wallTime()
    this.#marketClock.set(now)
    const leftOutMs = now - time - pastMs
    if (leftOutMs > 0) this.#loop.source = this.#deps.market.open(Math.floor(now - pastMs), this.#loop.source.save())
    const leftOut = leftOutMs > 0 ? `, without the ${Math.ceil(leftOutMs / 1_000)} s before that it missed` : ''
    this.#notice(`${cause}: the market goes on at the wall clock's time${leftOut}`)
  }

  #notice(text: string): void {
    this.#deps.send({ type: 'notice', text })
  }

  #reportProgress(behind: boolean): void {
    if (this.#ready) return
    const { send, clock } = this.#deps
    const now = this.#marketClock.now()
    if (!behind || !Number.isFinite(now)) {
      this.#ready = true
      send({ type: 'ready' })
    } else if (clock.nowMs() - this.#lastProgressMs > PROGRESS_INTERVAL_MS) {
      this.#lastProgressMs = clock.nowMs()
      send({ type: 'catchingUp', behindMs: Math.floor(now - this.#exchange.time) })
    }
  }

  /** An old event that cannot be read is the asker's trouble alone: the market goes on. */
  #resultOrDamage<Q extends QueryName>(
    name: Q,
    params: Queries[Q]['params'],
  ): { result: unknown } | { damaged: string } {
    try {
      return { result: this.#answer(name, params) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { damaged: error.message }
    }
  }

  /** What comes before an event that cannot be read is as good as gone: its readers are reset. */
  #eventsFrom(from: number, limit: number): Queries['events']['result'] {
    const oldest = this.#journal.oldest()
    try {
      return { oldest, events: this.#journal.eventsFrom(from, limit) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { oldest: Math.max(oldest, error.seq + 1), events: [] }
    }
  }

  #answer<Q extends QueryName>(name: Q, params: Queries[Q]['params']): Queries[Q]['result'] {
    const answers: { [N in QueryName]: (params: Queries[N]['params']) => Queries[N]['result'] } = {
      state: () => this.#state(),
      events: ({ from, limit }) => this.#eventsFrom(from, Math.min(limit, EVENTS_READ_MAX)),
      depth: ({ symbol, levels }) => this.#depth(symbol, levels),
      history: ({ symbol, event, before, limit }) => this.#journal.history(symbol, event, before, limit),
      past: ({ symbol, event, before, limit }) => this.#journal.history(symbol, event, before, limit),
      account: ({ accountId }) => this.#exchange.account(accountId),
      orders: ({ accountId, after, limit }) => this.#orders(accountId, after, limit),
      order: ({ accountId, orderId }) =>
        this.#exchange.openOrder(accountId, orderId) ?? this.#journal.orders.endedOrder(accountId, orderId),
      market: () => this.#describe(),
      findAccount: ({ tokenHash }) => this.#findAccount(tokenHash),
      privateEvents: ({ accountId, from, limit }) => this.#journal.privateEvents(accountId, from, limit),
    }
    return answers[name](params)
  }

  #depth(symbol: string, levels: number): Queries['depth']['result'] {
    const index = this.#instruments.findIndex(spec => spec.symbol === symbol)
    return { id: this.#id(), ...readDepth(this.#exchange, this.#instruments[index]!, index, levels) }
  }

  #id(): string {
    return formatPosition(this.#deps.opened.epoch, this.#exchange.seq)
  }

  #findAccount(tokenHash: string): Queries['findAccount']['result'] {
    const accountId = this.#exchange.findAccount(tokenHash)
    const account = accountId === undefined ? undefined : this.#exchange.account(accountId)
    return account && { accountId: account.accountId, lastSeq: account.seq }
  }

  /** Open and ended ones, newest first. */
  #orders(accountId: string, after: string | undefined, limit: number): readonly Order[] {
    const below = after === undefined ? Number.MAX_SAFE_INTEGER : (parseOrderId(after) ?? 0)
    const open = this.#exchange.account(accountId)?.orders ?? []
    const orders = [
      ...open.filter(({ orderId }) => Number(orderId) < below),
      ...this.#journal.orders.endedOrders(accountId, below, limit),
    ]
    return orders.sort((a, b) => Number(b.orderId) - Number(a.orderId)).slice(0, limit)
  }

  #describe(): MarketDescription {
    const { plan } = this.#options
    return {
      epoch: this.#deps.opened.epoch,
      oldest: this.#journal.oldest(),
      id: this.#id(),
      time: this.#exchange.time,
      checkpoint: this.#sequencer.lastCheckpoint,
      source: {
        kind: plan.kind,
        name: plan.kind === 'simulated' ? `seed ${plan.seed}` : plan.file,
        seed: plan.kind === 'simulated' ? plan.seed : null,
        ended: this.#loop.source.nextTime === undefined,
      },
      pace: this.#marketClock.pace,
      scenarios: this.#loop.source.scenarios?.running ?? [],
    }
  }

  /** All books: for a gateway that starts, not for every asker. */
  #state(): VenueState {
    return {
      ...this.#describe(),
      seq: this.#exchange.seq,
      specs: this.#instruments,
      instruments: this.#instruments.map((spec, index) => readInstrument(this.#exchange, spec, index)),
    }
  }

  /** A checkpoint on the way out makes the next start immediate. */
  #close(): void {
    this.#loop.stop()
    this.#isClosed = true
    this.#loop.flush()
    this.#journal.writeCheckpoint(this.#sequencer.checkpoint())
    this.#deps.opened.close()
    this.#deps.send({ type: 'closed' })
  }
}
