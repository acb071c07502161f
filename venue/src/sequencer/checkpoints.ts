// When the exchange gets a checkpoint, and what the journal forgets once it has one. Used by the sequencer of the venue
// that leads and by the follower of one that does not.

import type { Exchange } from '@papertape/engine'
import type { Checkpoint, Journal } from '../journal/journal.ts'
import type { CheckpointMark } from '../messages.ts'
import { checkpointOf, markOf } from './checkpoint.ts'

/** Bounds how many commands a restart replays, to less than a second. */
const COMMANDS_PER_CHECKPOINT = 25_000
/** Changed accounts and orders; bounds how long a checkpoint takes. */
const CHANGES_PER_CHECKPOINT = 4_000

export interface CheckpointsOptions {
  readonly exchange: Exchange
  readonly journal: Journal
  /** The last command that the exchange already includes. */
  readonly commandNumber: number
  /** The newest checkpoint of the journal. */
  readonly checkpoint: CheckpointMark
  /** Wall clock, integer microseconds since 1970. */
  readonly wallMicros: () => number
  /** How many public events stay in the journal. */
  readonly eventsKept: number
  /** How long private events stay in the journal; for ever when absent. */
  readonly privateKeptMs?: number | undefined
}

export class Checkpoints {
  readonly #options: CheckpointsOptions
  #last: CheckpointMark
  #dueNumber: number

  constructor(options: CheckpointsOptions) {
    this.#options = options
    this.#last = options.checkpoint
    this.#dueNumber = options.commandNumber + COMMANDS_PER_CHECKPOINT
  }

  /** The newest that the journal has. */
  get last(): CheckpointMark {
    return this.#last
  }

  /** @param number of the exchange's last command. */
  isDueAt(number: number): boolean {
    return number >= this.#dueNumber || this.#options.exchange.changesCount >= CHANGES_PER_CHECKPOINT
  }

  /** The exchange after its last command. The checkpoint must be stored. */
  make(number: number): Checkpoint {
    this.#dueNumber = number + COMMANDS_PER_CHECKPOINT
    return checkpointOf(this.#options.exchange, number)
  }

  /** @param checkpoint of the last command that the journal has. */
  store(checkpoint: Checkpoint): void {
    this.#options.journal.writeCheckpoint(checkpoint)
    this.#last = markOf(checkpoint)
    this.forget()
  }

  /** Has the journal forget what it need not keep, a little with each maintain(). */
  forget(): void {
    const { journal, eventsKept, wallMicros, privateKeptMs } = this.#options
    journal.forget(eventsKept, privateKeptMs === undefined ? 0 : wallMicros() - privateKeptMs * 1_000)
  }
}
