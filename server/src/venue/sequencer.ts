// The one way into the book: stamps each command, applies it, and keeps what came of it until the next flush makes it
// durable. Nobody outside hears of anything that flush() has not returned.

import { type Exchange, STATE_VERSION, withKnown } from '@papertape/engine'
import type { Command, CommandAnswer, Stamp } from '@papertape/protocol'
import type { Checkpoint, CheckpointHead } from './checkpoint-table.ts'
import { encodeEvent, encodePrivateEvent } from './encode.ts'
import type { Journal, LoggedCommand } from './journal.ts'
import type { Batch, CheckpointMark, EncodedEvent, EncodedPrivateEvent } from './messages.ts'
import { PendingOrders } from './pending-orders.ts'

/** A checkpoint after so many commands bounds how much a restart has to replay: well under a second's worth. */
const COMMANDS_PER_CHECKPOINT = 25_000
/** And after so many changed accounts and orders, so that none is long in the making. */
const CHANGES_PER_CHECKPOINT = 4_000

export interface SequencerOptions {
  readonly exchange: Exchange
  readonly journal: Journal
  /** The last command that the exchange already includes. */
  readonly commandNumber: number
  /** The newest that the journal has. */
  readonly checkpoint: CheckpointMark
  /** Wall clock, integer microseconds since 1970; it may be set back: `seq` orders events, `ts` does not. */
  readonly wallMicros: () => number
  /** What the market source needs to go on; stored with each flush. */
  readonly saveSource: () => unknown
  /** How many public events stay in the journal. */
  readonly eventsKept: number
}

export class Sequencer {
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
    this.#orders = new PendingOrders(options.journal.orders)
    this.#number = options.commandNumber
    this.#lastCheckpoint = options.checkpoint
    this.#checkpointDue = options.commandNumber + COMMANDS_PER_CHECKPOINT
  }

  /** The newest that the journal has. */
  get lastCheckpoint(): CheckpointMark {
    return this.#lastCheckpoint
  }

  /** True while something waits to become durable. */
  get pending(): boolean {
    return this.#commands.length > 0
  }

  /** Commands since the last flush. */
  get pendingCount(): number {
    return this.#commands.length
  }

  /**
   * Applies a command at once; its effects are seen by later commands, and by nobody else before the flush.
   * @param time the market's clock, whole milliseconds; an earlier one than the last command's counts as that.
   * @param commandId names the asker, when there is one to be answered.
   */
  submit(command: Command, time: number, commandId?: number): CommandAnswer {
    const { exchange, journal, wallMicros } = this.#options
    const stamp: Stamp = { ts: wallMicros(), time: Math.max(exchange.time, Math.floor(time)) }
    journal.orders.see(stamp.ts)
    const known = withKnown(command, this.#orders)
    const answer = exchange.apply(known, stamp)
    this.#commands.push({ number: ++this.#number, stamp, command: known })
    for (const event of exchange.takeEvents()) this.#events.push(encodeEvent(event))
    for (const envelope of exchange.takePrivateEvents()) {
      this.#orders.add(envelope)
      const isAnswer = commandId !== undefined && envelope.event === answer
      this.#privateEvents.push(encodePrivateEvent(envelope, isAnswer ? commandId : undefined))
    }
    if (commandId !== undefined) this.#answers.push({ commandId, answer })
    return answer
  }

  /** Makes everything pending durable and hands it over for publishing. */
  flush(): Batch {
    const { exchange, journal, saveSource, eventsKept } = this.#options
    const isDue = this.#number >= this.#checkpointDue || exchange.changesCount >= CHANGES_PER_CHECKPOINT
    const checkpoint = isDue ? this.checkpoint() : undefined
    journal.append({
      commands: this.#commands,
      events: this.#events,
      privateEvents: this.#privateEvents,
      orders: this.#orders.take(),
      source: saveSource(),
      ...(checkpoint !== undefined && { checkpoint }),
    })
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
    if (checkpoint !== undefined) {
      this.#checkpointDue = this.#number + COMMANDS_PER_CHECKPOINT
      this.#lastCheckpoint = markOf(checkpoint)
      journal.forget(eventsKept)
    }
    return batch
  }

  /** The exchange as it stands after the last command; what it returns must be stored. */
  checkpoint(): Checkpoint {
    return checkpointOf(this.#options.exchange, this.#number)
  }
}

export function markOf({ number, seq, hash }: CheckpointHead): CheckpointMark {
  return { command: number, seq, hash }
}

/** @param number of the last command that the exchange includes. */
export function checkpointOf(exchange: Exchange, number: number): Checkpoint {
  const hash = exchange.stateHash()
  const { market, rows } = exchange.checkpointChanges()
  return { number, seq: exchange.seq, hash, version: STATE_VERSION, market, changes: rows }
}
