// The one writer: stamps each command, applies it to the exchange, and keeps its events until the next flush, which the
// log commits. Nothing is published before. Called by the market loop.

import { type BookReader, withKnown } from '@papertape/engine'
import type { Command, CommandAnswer, Stamp } from '@papertape/protocol'
import { encodeEvent, encodePrivateEvent } from '../event-encoding.ts'
import type { Checkpoint, LoggedCommand } from '../journal/journal.ts'
import { JournalLog } from '../log/journal-log.ts'
import type { MarketLog } from '../log/market-log.ts'
import { VenueMeasures } from '../measures/venue-measures.ts'
import type { Batch, CheckpointMark, EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import { Checkpoints, type CheckpointsOptions } from './checkpoints.ts'
import { PendingOrders } from './pending-orders.ts'

export interface SequencerOptions extends CheckpointsOptions {
  /** Writes to the journal what it commits; the journal itself when absent. */
  readonly log?: MarketLog | undefined
  /** Monotone milliseconds, for measures only; without them the log's time is not measured. */
  readonly nowMs?: () => number
}

export class Sequencer {
  readonly measures = new VenueMeasures()
  readonly #options: SequencerOptions
  readonly #log: MarketLog
  readonly #orders: PendingOrders
  readonly #checkpoints: Checkpoints
  #number: number
  #batchNumber = 0
  #committedNumber = 0
  #onCommitted = () => {}
  /** Of a flush that is not committed yet. */
  #heldCheckpoint: Checkpoint | undefined
  #commands: LoggedCommand[] = []
  #events: EncodedEvent[] = []
  #privateEvents: EncodedPrivateEvent[] = []
  #answers: { commandId: number; answer: CommandAnswer }[] = []

  constructor(options: SequencerOptions) {
    this.#options = options
    this.#log = options.log ?? new JournalLog({ journal: options.journal, confirm() {} })
    this.#orders = new PendingOrders(options.journal.orders, options.exchange)
    this.#number = options.commandNumber
    this.#checkpoints = new Checkpoints(options)
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
    return this.#checkpoints.last
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
   * Appends everything pending to the log.
   * @param source the saved state of the market source; undefined when the last flush had it.
   * @param publish called with the batch once it is committed.
   * @returns the batch, which may not be committed yet
   */
  flush(source?: unknown, publish: (batch: Batch) => void = () => {}): Batch {
    const { exchange, nowMs = () => 0 } = this.#options
    const startMs = nowMs()
    const [commands, events, privateEvents] = [this.#commands, this.#events, this.#privateEvents]
    const number = ++this.#batchNumber
    const batch = { type: 'batch', number, time: exchange.time, events, privateEvents, answers: this.#answers } as const
    const orders = this.#orders.takeRecords()
    const changed = source === undefined ? {} : { source }
    this.#commands = []
    this.#events = []
    this.#privateEvents = []
    this.#answers = []
    this.#log.append({ commands, events, privateEvents, orders, ...changed, batch }, () => {
      this.#committedNumber = number
      this.#orders.release(orders)
      this.measures.addAppend({ commands: commands.length, ms: nowMs() - startMs })
      if (this.#heldCheckpoint !== undefined && this.#heldCheckpoint.number === commands.at(-1)?.number)
        this.#storeCheckpoint()
      publish(batch)
      if (this.uncommittedCount === 0) this.#onCommitted()
    })
    return batch
  }

  /** Calls back when the log has committed every flush: at once, or in a later turn. */
  whenCommitted(callback: () => void): void {
    if (this.uncommittedCount === 0) callback()
    else this.#onCommitted = callback
  }

  /** Batches that the log has not committed yet. */
  get uncommittedCount(): number {
    return this.#batchNumber - this.#committedNumber
  }

  /**
   * Work that can wait until a batch is published, called after each flush: the journal's, or a checkpoint when one is
   * due.
   */
  maintain(): void {
    const { journal, nowMs = () => 0 } = this.#options
    const startMs = nowMs()
    if (this.#checkpoints.isDueAt(this.#number) && this.#heldCheckpoint === undefined) this.#makeCheckpoint()
    else if (!journal.maintain()) return
    this.measures.addMaintenance(nowMs() - startMs)
  }

  /** Stored once the journal has the flush that it is of. */
  #makeCheckpoint(): void {
    this.#heldCheckpoint = this.checkpoint()
    if (this.uncommittedCount === 0) this.#storeCheckpoint()
  }

  #storeCheckpoint(): void {
    const checkpoint = this.#heldCheckpoint!
    this.#heldCheckpoint = undefined
    this.#checkpoints.store(checkpoint)
    this.measures.addCheckpoint()
  }

  /** Has the journal forget what it need not keep. */
  forget(): void {
    this.#checkpoints.forget()
  }

  /** The exchange after the last command. The checkpoint must be stored. */
  checkpoint(): Checkpoint {
    return this.#checkpoints.make(this.#number)
  }
}
