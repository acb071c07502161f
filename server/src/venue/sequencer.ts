// The one way into the book: stamps each command, applies it, and keeps what came of it until the next flush makes it
// durable. Nobody outside hears of anything that flush() has not returned.

import type { Exchange } from '@papertape/engine'
import type { Command, CommandAnswer, Stamp } from '@papertape/protocol'
import { encodeEvent, encodePrivateEvent } from './encode.ts'
import type { Checkpoint, Journal, LoggedCommand } from './journal.ts'
import type { Batch, EncodedEvent, EncodedPrivateEvent } from './messages.ts'

/** A checkpoint after so many commands bounds how much a restart has to replay: well under a second's worth. */
const COMMANDS_PER_CHECKPOINT = 25_000

export interface SequencerOptions {
  readonly exchange: Exchange
  readonly journal: Journal
  /** The last command that the exchange already includes. */
  readonly commandNumber: number
  /** Wall clock, integer microseconds since 1970; it may be set back: `seq` orders events, `ts` does not. */
  readonly wallMicros: () => number
  /** What the market source needs to go on; stored with each flush. */
  readonly saveSource: () => unknown
  /** How many public events stay in the journal. */
  readonly eventsKept: number
}

export class Sequencer {
  readonly #options: SequencerOptions
  #number: number
  #checkpointDue: number
  #batchNumber = 0
  #commands: LoggedCommand[] = []
  #events: EncodedEvent[] = []
  #privateEvents: EncodedPrivateEvent[] = []
  #answers: { commandId: number; answer: CommandAnswer }[] = []

  constructor(options: SequencerOptions) {
    this.#options = options
    this.#number = options.commandNumber
    this.#checkpointDue = options.commandNumber + COMMANDS_PER_CHECKPOINT
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
    const { exchange, wallMicros } = this.#options
    const stamp: Stamp = { ts: wallMicros(), time: Math.max(exchange.time, Math.floor(time)) }
    const answer = exchange.apply(command, stamp)
    this.#commands.push({ number: ++this.#number, stamp, command })
    for (const event of exchange.takeEvents()) this.#events.push(encodeEvent(event))
    for (const envelope of exchange.takePrivateEvents()) {
      const isAnswer = commandId !== undefined && envelope.event === answer
      this.#privateEvents.push(encodePrivateEvent(envelope, isAnswer ? commandId : undefined))
    }
    if (commandId !== undefined) this.#answers.push({ commandId, answer })
    return answer
  }

  /** Makes everything pending durable and hands it over for publishing. */
  flush(): Batch {
    const { exchange, journal, saveSource, eventsKept } = this.#options
    const checkpoint = this.#number >= this.#checkpointDue ? this.checkpoint() : undefined
    journal.append({
      commands: this.#commands,
      events: this.#events,
      privateEvents: this.#privateEvents,
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
      journal.prune(eventsKept)
    }
    return batch
  }

  /** The exchange as it stands after the last command. */
  checkpoint(): Checkpoint {
    const { exchange } = this.#options
    return { number: this.#number, seq: exchange.seq, hash: exchange.stateHash(), state: exchange.checkpoint() }
  }
}
