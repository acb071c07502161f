// The one writer: stamps each command, applies it to the exchange, and keeps its events until the next flush makes them
// durable. Nothing is published before flush() has returned it. Called by the market loop.

import { type BookReader, type Exchange, withKnown } from '@papertape/engine'
import type { Command, CommandAnswer, Stamp } from '@papertape/protocol'
import { encodeEvent, encodePrivateEvent } from '../event-encoding.ts'
import type { Journal, LoggedCommand } from '../journal/journal.ts'
import { VenueMeasures } from '../measures/venue-measures.ts'
import type { Batch, CheckpointMark, EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import { checkpointOf, markOf } from './checkpoint.ts'
import { PendingOrders } from './pending-orders.ts'

/** Bounds how many commands a restart replays, to less than a second. */
const COMMANDS_PER_CHECKPOINT = 25_000
/** Changed accounts and orders; bounds how long a checkpoint takes. */
const CHANGES_PER_CHECKPOINT = 4_000

export interface SequencerOptions {
  readonly exchange: Exchange
  readonly journal: Journal
  /** The last command that the exchange already includes. */
  readonly commandNumber: number
  /** The newest checkpoint of the journal. */
  readonly checkpoint: CheckpointMark
  /** Wall clock, integer microseconds since 1970; it may be set back: `seq` orders events, `ts` does not. */
  readonly wallMicros: () => number
  /** How many public events stay in the journal. */
  readonly eventsKept: number
  /** Monotone milliseconds, for measures only; without them the journal's time is not measured. */
  readonly nowMs?: () => number
  /** How long private events stay in the journal; for ever when absent. */
  readonly privateKeptMs?: number | undefined
}

export class Sequencer {
  readonly measures = new VenueMeasures()
  readonly #options: SequencerOptions
  readonly #orders: PendingOrders
  #lastCheckpoint: CheckpointMark
  #number: number
  #checkpointDue: number
  #batchNumber = 0
  #commands: LoggedCommand[] = []
  #events: EncodedEvent[] = []
  #privateEvents: EncodedPrivateEvent[] = []
  #answers: { commandId: number; answer: CommandAnswer }[] = []

  constructor(options: SequencerOptions) {
    this.#options = options
    this.#orders = new PendingOrders(options.journal.orders, options.exchange)
    this.#number = options.commandNumber
    this.#lastCheckpoint = options.checkpoint
    this.#checkpointDue = options.commandNumber + COMMANDS_PER_CHECKPOINT
  }

  /** The market's clock at the last command, milliseconds since 1970. */
  get time(): number {
    return this.#options.exchange.time
  }

  /** The books after the last command. */
  get book(): BookReader {
    return this.#options.exchange
  }

  /** The newest checkpoint of the journal. */
  get lastCheckpoint(): CheckpointMark {
    return this.#lastCheckpoint
  }

  /** Commands since the last flush. */
  get pendingCount(): number {
    return this.#commands.length
  }

  /**
   * Applies a command. Later commands see its effects at once, readers after the flush.
   * @param time the market's clock, milliseconds; at least the time of the last command is used.
   * @param commandId given when the answer is to be part of the batch.
   */
  submit(command: Command, time: number, commandId?: number): CommandAnswer {
    const { exchange, journal, wallMicros } = this.#options
    const stamp: Stamp = { ts: wallMicros(), time: Math.max(exchange.time, Math.floor(time)) }
    journal.orders.advance(stamp.ts)
    const known = withKnown(command, this.#orders)
    const answer = exchange.apply(known, stamp)
    this.#commands.push({ number: ++this.#number, stamp, command: known })
    for (const event of exchange.takeEvents()) this.#events.push(encodeEvent(event))
    for (const envelope of exchange.takePrivateEvents()) {
      this.#orders.add(envelope)
      this.measures.addPrivateEvent(envelope.event)
      const isAnswer = commandId !== undefined && envelope.event === answer
      this.#privateEvents.push(encodePrivateEvent(envelope, isAnswer ? commandId : undefined))
    }
    if (commandId !== undefined) {
      this.measures.addAnswer(answer)
      this.#answers.push({ commandId, answer })
    }
    return answer
  }

  /**
   * Makes everything pending durable and returns it for publishing.
   * @param source the saved state of the market source; undefined when the last flush had it.
   */
  flush(source?: unknown): Batch {
    const { exchange, journal, nowMs = () => 0 } = this.#options
    const startMs = nowMs()
    journal.append({
      commands: this.#commands,
      events: this.#events,
      privateEvents: this.#privateEvents,
      orders: this.#orders.takeRecords(),
      ...(source !== undefined && { source }),
    })
    this.measures.addAppend({ commands: this.#commands.length, ms: nowMs() - startMs })
    const batch: Batch = {
      type: 'batch',
      number: ++this.#batchNumber,
      time: exchange.time,
      events: this.#events,
      privateEvents: this.#privateEvents,
      answers: this.#answers,
    }
    this.#commands = []
    this.#events = []
    this.#privateEvents = []
    this.#answers = []
    return batch
  }

  /**
   * Work that can wait until a batch is published, called after each flush: the journal's, or a checkpoint when one is
   * due.
   */
  maintain(): void {
    const { exchange, journal, nowMs = () => 0 } = this.#options
    const startMs = nowMs()
    if (this.#number >= this.#checkpointDue || exchange.changesCount >= CHANGES_PER_CHECKPOINT) this.#writeCheckpoint()
    else if (!journal.maintain()) return
    this.measures.addMaintenance(nowMs() - startMs)
  }

  #writeCheckpoint(): void {
    const checkpoint = this.checkpoint()
    this.#options.journal.writeCheckpoint(checkpoint)
    this.measures.addCheckpoint()
    this.#checkpointDue = this.#number + COMMANDS_PER_CHECKPOINT
    this.#lastCheckpoint = markOf(checkpoint)
    this.forget()
  }

  /** Has the journal forget what it need not keep, a little with each maintain(). */
  forget(): void {
    const { journal, eventsKept, wallMicros, privateKeptMs } = this.#options
    journal.forget(eventsKept, privateKeptMs === undefined ? 0 : wallMicros() - privateKeptMs * 1_000)
  }

  /** The exchange after the last command. The checkpoint must be stored. */
  checkpoint(): ReturnType<typeof checkpointOf> {
    return checkpointOf(this.#options.exchange, this.#number)
  }
}
