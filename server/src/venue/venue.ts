// The venue whole, without its thread: market source, sequencer, exchange and journal behind one door of messages.
// main.ts beside it runs it in a worker; tests may run it in the open.

import type { Exchange } from '@papertape/engine'
import { type Command, formatPosition, type InstrumentSpec, type Order } from '@papertape/protocol'
import type { MarketDoor, MarketSource, ScenarioName, SourceState } from '@papertape/simulators'
import type { Clock } from '../clock.ts'
import type { Journal } from './journal.ts'
import { EventDamaged } from './journal-damaged.ts'
import type { FromVenue, MarketDescription, Queries, QueryName, ToVenue, VenueState } from './messages.ts'
import { type OpenJournal, openJournal } from './open-journal.ts'
import { type MarketPlan, type OpenableMarket, planMarket } from './open-market.ts'
import { parseOrderId } from './order-table.ts'
import { createMarketClock, type MarketClock, type PaceSetting } from './pace.ts'
import { Pacer } from './pacer.ts'
import { ReadQueue } from './read-queue.ts'
import { Sequencer } from './sequencer.ts'
import { readDepth, readInstrument } from './state.ts'
import { describeBreak, WallWatch } from './wall-watch.ts'

export interface VenueOptions {
  readonly plan: MarketPlan
  /** The folder that markets are kept in; undefined keeps nothing. */
  readonly dataFolder: string | undefined
  /** Forget what this market's journal holds. */
  readonly fresh?: boolean
  /** Go on from what can be read of a damaged journal, in a new epoch. */
  readonly repair?: boolean
  readonly pace: PaceSetting
  /** A new simulated market has this much of a past when its doors open. */
  readonly pastMs: number
  readonly eventsKept: number
}

export interface VenueDeps {
  /** Of a replay, whose file has been read; a simulated one is made here from its plan. */
  readonly market?: OpenableMarket | undefined
  readonly send: (message: FromVenue) => void
  readonly time: Clock
  /** Lower-case letters and digits, unlike any before: a new log's generation. */
  readonly newEpoch: () => string
}

/** One look into the log answers so many events at most: whoever wants more asks again. */
const EVENTS_READ_MAX = 512
/** What anybody may ask without end; the others are the gateway's own, or belong to an account. */
const PUBLIC_READS: ReadonlySet<QueryName> = new Set(['events', 'history', 'depth', 'market'])

type Query = Extract<ToVenue, { type: 'query' }>

/** Batches that may be on their way at once: enough to keep the gateway busy, few enough to keep memory flat. */
const BATCHES_UNDER_WAY_MAX = 8
/** These see nothing but what has been flushed: readers who look back cause no commits. */
const FROM_THE_JOURNAL: ReadonlySet<QueryName> = new Set(['events', 'history', 'privateEvents'])

export class Venue {
  readonly #deps: VenueDeps
  readonly #options: VenueOptions
  readonly #instruments: readonly InstrumentSpec[]
  readonly #opened: OpenJournal
  readonly #journal: Journal
  readonly #exchange: Exchange
  readonly #openable: OpenableMarket
  readonly #wallWatch: WallWatch
  #source: MarketSource
  readonly #sequencer: Sequencer
  readonly #clock: MarketClock
  readonly #pacer: Pacer
  readonly #reads: ReadQueue<Query>
  readonly #epoch: string
  #ready = false
  #isClosed = false
  #batchesSent = 0
  #batchesTaken = 0
  #lastProgressMs = Number.NEGATIVE_INFINITY

  /** Opens the journal, recovers what it holds, and stands ready to run. */
  constructor(options: VenueOptions, deps: VenueDeps) {
    this.#options = options
    this.#deps = deps
    const market = deps.market ?? planMarket(options.plan)
    this.#openable = market
    this.#wallWatch = new WallWatch(deps.time)
    this.#instruments = market.instruments
    const { dataFolder, fresh = false, repair = false } = options
    this.#opened = openJournal(market, { dataFolder, fresh, repair }, deps.newEpoch)
    this.#journal = this.#opened.journal
    this.#epoch = this.#opened.epoch
    this.#reportRepair()
    const { exchange, commandNumber, checkpoint } = this.#opened.recovered
    this.#exchange = exchange
    const resumeTime = this.#resumeTime()
    this.#source = market.open(resumeTime, (this.#journal.source() ?? undefined) as SourceState | undefined)
    const clockStart =
      options.plan.kind === 'simulated' && options.pace === 1
        ? this.#wallTime()
        : (this.#source.nextTime ?? exchange.time)
    this.#clock = createMarketClock(clockStart, options.pace, deps.time.nowMs)
    if (options.plan.kind === 'simulated') this.#planScenarios(options.plan.scenarios ?? [], clockStart)
    this.#sequencer = new Sequencer({
      exchange,
      journal: this.#journal,
      commandNumber,
      checkpoint,
      wallMicros: () => Math.floor(deps.time.wallMs() * 1_000),
      saveSource: () => this.#source.save(),
      eventsKept: options.eventsKept,
    })
    this.#reads = new ReadQueue({
      answer: query => this.#answerQuery(query),
      nowMs: deps.time.nowMs,
      setTimer: (callback, delayMs) => void setTimeout(callback, delayMs),
    })
    this.#pacer = new Pacer({
      source: () => this.#source,
      sequencer: this.#sequencer,
      clock: this.#clock,
      door: time => this.#door(time),
      marketTime: () => exchange.time,
      flush: () => this.#flush(),
      mayRun: () => this.#batchesSent - this.#batchesTaken < BATCHES_UNDER_WAY_MAX,
      nowMs: deps.time.nowMs,
      beforeRun: () => this.#followClocks(),
      onSlice: behind => this.#reportProgress(behind),
    })
  }

  start(): void {
    // Recovery took its time: that was no pause.
    this.#wallWatch.look()
    // Whoever was connected to the server before this one is not connected any more.
    if (this.#exchange.guardsSessions) this.#sequencer.submit({ type: 'session.loseAll' }, this.#timeOfUsers())
    this.#deps.send({ type: 'opened' })
    this.#pacer.run()
  }

  receive(message: ToVenue): void {
    if (message.type === 'command') {
      this.#submit(message.command, message.commandId)
    } else if (message.type === 'query') {
      if (PUBLIC_READS.has(message.name)) this.#reads.ask(message)
      else this.#answerQuery(message)
    } else if (message.type === 'taken') {
      this.#batchesTaken = message.number
    } else {
      this.#close()
      return
    }
    this.#pacer.run()
  }

  #answerQuery({ queryId, name, ask }: Query): void {
    if (this.#isClosed) return
    // What has not been flushed has not happened for anybody outside.
    if (this.#sequencer.pending && !FROM_THE_JOURNAL.has(name)) this.#pacer.flush()
    this.#deps.send({ type: 'answer', queryId, ...this.#answerOrRefuse(name, ask) })
  }

  /** A command whose first answer cannot be read any more has not been applied: it is its asker's trouble alone. */
  #submit(command: Command, commandId: number): void {
    try {
      this.#sequencer.submit(command, this.#timeOfUsers(), commandId)
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      this.#deps.send({ type: 'refused', commandId, damaged: error.message })
    }
  }

  #reportRepair(): void {
    const { repaired } = this.#opened
    if (repaired === undefined) return
    const { epoch, number, copy } = repaired
    const text = `the journal was repaired: it goes on after command ${number} in the new epoch ${epoch}, and readers are reset; the damaged files are in ${copy}`
    this.#notice(text)
  }

  /**
   * Where a simulated market's clock goes on. At real time it follows the wall, and a pause longer than `pastMs` is
   * left out: what would have been traded through the night is not made up in the morning.
   */
  #resumeTime(): number {
    const wall = this.#deps.time.wallMs()
    const earliest = wall - this.#options.pastMs
    if (this.#exchange.seq === 0) return Math.floor(earliest / 60_000) * 60_000
    return this.#options.pace === 1 ? Math.floor(earliest) : this.#exchange.time
  }

  /**
   * Where a simulated market at real time should stand. One that once ran ahead of the wall goes on from where it is: it would
   * otherwise stand still until the wall is there.
   */
  #wallTime(): number {
    return Math.max(this.#deps.time.wallMs(), this.#exchange.time)
  }

  /**
   * After a sleep or a clock that was set the market goes on as after a restart: at real time it is at the wall's time
   * again, and of what it missed no more than `pastMs` is traded; at any other pace it goes on from where it is.
   */
  #followClocks(): void {
    const timeBreak = this.#wallWatch.look()
    if (timeBreak === undefined) return
    const { plan, pastMs } = this.#options
    const { time } = this.#exchange
    const cause = describeBreak(timeBreak)
    if (plan.kind === 'replay' || this.#clock.pace !== 1) {
      if (Number.isFinite(this.#clock.now()) && timeBreak.pausedMs > 0) this.#clock.set(this.#source.nextTime ?? time)
      this.#notice(`${cause}: the market goes on from where it is`)
      return
    }
    const now = this.#wallTime()
    this.#clock.set(now)
    const leftOutMs = now - time - pastMs
    if (leftOutMs > 0) this.#source = this.#openable.open(Math.floor(now - pastMs), this.#source.save())
    const leftOut = leftOutMs > 0 ? `, without the ${Math.ceil(leftOutMs / 1_000)} s before that it missed` : ''
    this.#notice(`${cause}: the market goes on at ${new Date(now).toISOString()}${leftOut}`)
  }

  #notice(text: string): void {
    this.#deps.send({ type: 'notice', text })
  }

  /** A user acts now, but never past what the market itself has still to do before now. */
  #timeOfUsers(): number {
    const now = Math.min(this.#clock.now(), this.#source.nextTime ?? Number.POSITIVE_INFINITY)
    return Number.isFinite(now) ? now : this.#exchange.time
  }

  #door(time: number): MarketDoor {
    return {
      book: this.#exchange,
      submit: command => {
        const answer = this.#sequencer.submit(command, time)
        if (answer.type !== 'desk') throw new Error(`a desk's command was answered with ${answer.type}`)
        return answer
      },
      announce: command => void this.#sequencer.submit(command, time),
    }
  }

  #flush(): void {
    const batch = this.#sequencer.flush()
    this.#opened.confirm()
    this.#batchesSent = batch.number
    this.#deps.send(batch)
  }

  #reportProgress(behind: boolean): void {
    if (this.#ready) return
    const { send, time } = this.#deps
    const now = this.#clock.now()
    if (!behind || !Number.isFinite(now)) {
      this.#ready = true
      send({ type: 'ready' })
    } else if (time.nowMs() - this.#lastProgressMs > 100) {
      this.#lastProgressMs = time.nowMs()
      send({ type: 'catchingUp', behindMs: Math.floor(now - this.#exchange.time) })
    }
  }

  /** An old event that cannot be read is the asker's trouble alone: the market goes on. */
  #answerOrRefuse<Q extends QueryName>(name: Q, ask: Queries[Q]['ask']): { answer: unknown } | { damaged: string } {
    try {
      return { answer: this.#answer(name, ask) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { damaged: error.message }
    }
  }

  /** What comes before an event that cannot be read is as good as gone: its readers are reset. */
  #eventsFrom(from: number, limit: number): Queries['events']['answer'] {
    const oldest = this.#journal.oldest()
    try {
      return { oldest, events: this.#journal.eventsFrom(from, limit) }
    } catch (error) {
      if (!(error instanceof EventDamaged)) throw error
      return { oldest: Math.max(oldest, error.seq + 1), events: [] }
    }
  }

  #answer<Q extends QueryName>(name: Q, ask: Queries[Q]['ask']): Queries[Q]['answer'] {
    const answers: { [N in QueryName]: (ask: Queries[N]['ask']) => Queries[N]['answer'] } = {
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
      setPace: ({ pace }) => {
        this.#clock.change(pace, this.#source.nextTime ?? this.#exchange.time)
        return { pace }
      },
      startScenarios: ({ names }) => this.#startScenarios(names),
    }
    return answers[name](ask)
  }

  /** One that a restart finds going on is not started again. */
  #planScenarios(names: readonly ScenarioName[], time: number): boolean {
    const { scenarios } = this.#source
    if (scenarios === undefined) return false
    const planned = new Set(scenarios.running.map(({ name }) => name))
    for (const name of names) if (!planned.has(name)) scenarios.plan({ name, startTime: Math.floor(time) })
    return true
  }

  /** Kept at once: the market's saved state says what befalls it. */
  #startScenarios(names: readonly ScenarioName[]): boolean {
    const isPlanned = this.#planScenarios(names, this.#timeOfUsers())
    if (isPlanned) this.#flush()
    return isPlanned
  }

  #depth(symbol: string, levels: number): Queries['depth']['answer'] {
    const index = this.#instruments.findIndex(spec => spec.symbol === symbol)
    return { id: this.#id(), ...readDepth(this.#exchange, this.#instruments[index]!, index, levels) }
  }

  #id(): string {
    return formatPosition(this.#epoch, this.#exchange.seq)
  }

  #findAccount(tokenHash: string): Queries['findAccount']['answer'] {
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
      epoch: this.#epoch,
      oldest: this.#journal.oldest(),
      id: this.#id(),
      time: this.#exchange.time,
      checkpoint: this.#sequencer.lastCheckpoint,
      source: {
        kind: plan.kind,
        name: plan.kind === 'simulated' ? `seed ${plan.seed}` : plan.file,
        seed: plan.kind === 'simulated' ? plan.seed : null,
        ended: this.#source.nextTime === undefined,
      },
      pace: this.#clock.pace,
      scenarios: this.#source.scenarios?.running ?? [],
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
    this.#pacer.stop()
    this.#isClosed = true
    this.#flush()
    this.#journal.writeCheckpoint(this.#sequencer.checkpoint())
    this.#opened.close()
    this.#deps.send({ type: 'closed' })
  }
}
