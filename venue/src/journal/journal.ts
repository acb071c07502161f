// The port to the journal: commands, the events that they caused, private streams, checkpoints and the order archive.
// The server keeps it in SQLite (server/src/journal), a page or a test in memory (memory-journal.ts). Stores rows and
// interprets none.

import type { OrderArchive, StateRow } from '@papertape/engine'
import type { Command, FeedEventName, Order, Stamp } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '../messages.ts'
import type { OrderRecord } from './order-records.ts'

export interface LoggedCommand {
  readonly number: number
  readonly stamp: Stamp
  readonly command: Command
}

export interface Flush {
  readonly commands: readonly LoggedCommand[]
  readonly events: readonly EncodedEvent[]
  readonly privateEvents: readonly EncodedPrivateEvent[]
  /** What the private events say for the order archive. */
  readonly orders?: readonly OrderRecord[]
  /** What the market source needs to go on from here; absent when it is as the last flush had it. */
  readonly source?: unknown
  /** Of a flush without commands alone: the state that a market begins with. */
  readonly checkpoint?: Checkpoint
}

export interface CheckpointHead {
  /** The last command that it includes; 0 is the market before its first. */
  readonly number: number
  /** The last public event that it includes. */
  readonly seq: number
  readonly hash: string
  /** STATE_VERSION of the engine that made it; 0: of a release that stored none. */
  readonly version: number
  readonly market: unknown
}

export interface Checkpoint extends CheckpointHead {
  /** Accounts and open orders that have changed since the checkpoint before. */
  readonly changes: readonly StateRow[]
}

export interface StoredCheckpoint extends CheckpointHead {
  /** The newest row of each account and open order, read when called. */
  rows(): StateRow[]
}

/** How many rows the order archive has of an account. */
export interface AccountRows {
  readonly ids: number
  readonly ended: number
  /** Orders that have ended less those forgotten, counted on their own: must be `ended`. */
  readonly counted: number
  /** Of the private events that ended an order, the first that it has. */
  readonly firstSeq: number | null
}

/** The numbers of the private events that placed and ended an order, as far as the archive has them. */
export interface OrderSeqs {
  readonly placed: number | undefined
  readonly ended: number | undefined
}

/** The order archive: lookups for the exchange, and what recovery compares. */
export interface OrderArchiveStore extends OrderArchive {
  /** Advances the retention clock. @param ts the wall clock, integer microseconds since 1970. */
  advance(ts: number): void
  /** Of an order that is open or remembered. */
  seqsOf(accountId: string, orderId: string): OrderSeqs
  /** Newest first, below an orderId. */
  endedOrders(accountId: string, below: number, limit: number): Order[]
  /** True when the row of this record is stored as it was written. */
  holds(record: OrderRecord): boolean
  /** True while an order that has ended is remembered. */
  remembers(accountId: string, orderId: string): boolean
  rowsOf(accountId: string): AccountRows
  /** True until the market has run for so long that something may have expired. */
  readonly hasForgottenNothing: boolean
  /** True for an account with so many ended orders that its oldest may be forgotten early. */
  mayForgetEarly(accountId: string): boolean
}

export interface Journal {
  readonly orders: OrderArchiveStore
  /** The last command; 0 when there is none. */
  readonly lastCommand: number
  /** The newest event's number; 0 when there is none. */
  head(): number
  /** The oldest event that can be read: from here on none is missing. */
  oldest(): number
  /** `epoch`; and `begin`, set by a repair: what came before is lost. */
  meta(key: string): string | undefined
  setMeta(key: string, value: string): void
  /** What the market source saved with the last flush. */
  source(): unknown
  /** All or nothing; what it has returned from is durable, as far as the implementation goes. */
  append(flush: Flush): void
  /**
   * Does some of the work that can wait: for some milliseconds, longer after the large flushes of a market that catches
   * up. Called once a flush has been published.
   * @returns false when there was nothing to do
   */
  maintain(): boolean
  /** Of the state after the last flush; no command may be pending. Stored by the next maintain(), or at the end. */
  writeCheckpoint(checkpoint: Checkpoint): void
  /** The newest checkpoint, the oldest that is kept, or that of a command. */
  checkpoint(which: 'newest' | 'oldest' | number): StoredCheckpoint | undefined
  /** The state hash of each checkpoint that is kept, by its command. */
  checkpointHashes(): ReadonlyMap<number, string>
  /**
   * Commands after a number, in order.
   * @throws {JournalDamaged} at a flush that is not the one that was written, or does not follow the one before it.
   */
  commandsAfter(number: number): Iterable<LoggedCommand>
  /** From a number on, but not before the oldest. */
  eventsFrom(from: number, limit: number): EncodedEvent[]
  /** Events of one instrument and kind, newest first, below a number; null: those of the whole market. */
  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[]
  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[]
  /** The private events that changed the account's cash (cash-events.ts), newest first, below a number. */
  cashEvents(accountId: string, before: number, limit: number): EncodedPrivateEvent[]
  /** Private events below this number have been forgotten: 1 when none has. */
  privateOldest(accountId: string): number
  /**
   * Forgets all but the newest `eventsKept` events, and what comes before the second newest checkpoint. Kept are closed
   * minutes, news, each instrument's last quote and trade, and the trades of its open minute. Of private events it
   * forgets those from before `privateSinceUs`; the order archive keeps what it refers to. Done by maintain().
   * @param privateSinceUs the wall clock, integer microseconds since 1970.
   */
  forget(eventsKept: number, privateSinceUs?: number): void
}
