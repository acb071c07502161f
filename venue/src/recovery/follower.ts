// Applies the entries of a log that another venue writes, so that this one can go on from any of them. Each command is
// applied to an exchange of its own, and its events must be those that were published: two venues that differ are found
// at the first difference. Writes the journal, and to no log.

import type { Exchange } from '@papertape/engine'
import { encodeEvent, encodePrivateEvent } from '../event-encoding.ts'
import type { Flush, Journal, LoggedCommand } from '../journal/journal.ts'
import { type OrderRecord, recordsIn } from '../journal/order-records.ts'
import { applyChanges, type SourceChanges } from '../journal/source-changes.ts'
import type { EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import { Checkpoints } from '../sequencer/checkpoints.ts'
import type { Recovered } from './recovery.ts'

/** The log has what this venue would not have written: one of them is of another release, or damaged. */
class LogDiverged extends Error {
  readonly code = 'log-diverged'
}

/** A flush as the log has it. */
export interface FollowedFlush extends Pick<Flush, 'commands' | 'events' | 'privateEvents' | 'source'> {
  /** In place of `source`: what has changed of it since the flush before. */
  readonly sourceChanges?: SourceChanges | undefined
}

export interface FollowerOptions {
  readonly recovered: Recovered
  readonly journal: Journal
  /** Wall clock, integer microseconds since 1970. */
  readonly wallMicros: () => number
  /** How many public events stay in the journal. */
  readonly eventsKept: number
  /** How long private events stay in the journal; for ever when absent. */
  readonly privateKeptMs?: number | undefined
}

export class Follower {
  readonly #journal: Journal
  readonly #exchange: Exchange
  readonly #checkpoints: Checkpoints
  #number: number
  /** Applied, and not in the journal yet. */
  #pending: PendingFlush = emptyFlush()
  #source: unknown

  constructor({ recovered, ...options }: FollowerOptions) {
    this.#journal = options.journal
    this.#exchange = recovered.exchange
    this.#number = recovered.commandNumber
    this.#source = options.journal.source()
    this.#checkpoints = new Checkpoints({ ...options, ...recovered })
  }

  /** What a venue goes on from that takes the lead. Everything must be stored. */
  get recovered(): Recovered {
    if (this.pendingCount > 0) throw new Error(`${this.pendingCount} commands are not stored`)
    return { exchange: this.#exchange, commandNumber: this.#number, checkpoint: this.#checkpoints.last }
  }

  /** The last command that it has applied. */
  get commandNumber(): number {
    return this.#number
  }

  /** Commands that are applied and not stored. */
  get pendingCount(): number {
    return this.#pending.commands.length
  }

  /**
   * Applies a flush. One whose commands it has all applied already is left out.
   * @throws {LogDiverged} at the first difference; nothing of the flush may be stored then.
   */
  apply({ commands, events, privateEvents, ...state }: FollowedFlush): void {
    const last = commands.at(-1)?.number
    if (last === undefined || last <= this.#number) return
    const applied = emptyFlush()
    for (const command of commands) this.#apply(command, applied)
    requireSameEvents(events, applied.events)
    requireSamePrivateEvents(privateEvents, applied.privateEvents)
    if ('source' in state) this.#source = state.source
    else if (state.sourceChanges !== undefined) this.#source = applyChanges(this.#source, state.sourceChanges)
    const { commands: stored, events: all, privateEvents: own, orders } = this.#pending
    stored.push(...applied.commands)
    all.push(...applied.events)
    own.push(...applied.privateEvents)
    orders.push(...applied.orders)
  }

  /** Stores what is applied, as one flush: to sync each by itself would be slower than the market. */
  store(): void {
    if (this.pendingCount > 0) {
      this.#journal.append({ ...this.#pending, source: this.#source })
      this.#pending = emptyFlush()
      if (this.#checkpoints.isDueAt(this.#number)) {
        this.#checkpoints.store(this.#checkpoints.make(this.#number))
        return
      }
    }
    this.#journal.maintain()
  }

  #apply({ number, stamp, command }: LoggedCommand, applied: PendingFlush): void {
    if (number !== this.#number + 1) {
      throw new LogDiverged(`the log goes on with command ${number}, after command ${this.#number}`)
    }
    this.#number = number
    this.#journal.orders.advance(stamp.ts)
    try {
      this.#exchange.apply(command, stamp)
    } catch (error) {
      throw new LogDiverged(`command ${number} cannot be applied here: ${(error as Error).message}`, { cause: error })
    }
    applied.commands.push({ number, stamp, command })
    for (const event of this.#exchange.takeEvents()) applied.events.push(encodeEvent(event))
    for (const envelope of this.#exchange.takePrivateEvents()) {
      applied.privateEvents.push(encodePrivateEvent(envelope))
      applied.orders.push(...recordsIn(envelope))
    }
  }
}

interface PendingFlush {
  readonly commands: LoggedCommand[]
  readonly events: EncodedEvent[]
  readonly privateEvents: EncodedPrivateEvent[]
  readonly orders: OrderRecord[]
}

const emptyFlush = (): PendingFlush => ({ commands: [], events: [], privateEvents: [], orders: [] })

function requireSameEvents(logged: readonly EncodedEvent[], applied: readonly EncodedEvent[]): void {
  for (let i = 0; i < Math.max(logged.length, applied.length); i++) {
    if (logged[i]?.seq === applied[i]?.seq && logged[i]?.data === applied[i]?.data) continue
    const { seq } = (logged[i] ?? applied[i])!
    throw new LogDiverged(`event ${seq} is ${logged[i]?.data} in the log, its command gives ${applied[i]?.data} here`)
  }
}

function requireSamePrivateEvents(
  logged: readonly EncodedPrivateEvent[],
  applied: readonly EncodedPrivateEvent[],
): void {
  for (let i = 0; i < Math.max(logged.length, applied.length); i++) {
    const [one, other] = [logged[i], applied[i]]
    if (one?.accountId === other?.accountId && one?.seq === other?.seq && one?.data === other?.data) continue
    const { seq, accountId } = (one ?? other)!
    throw new LogDiverged(
      `event ${seq} of account ${accountId} is ${one?.data} in the log, its command gives ${other?.data} here`,
    )
  }
}
