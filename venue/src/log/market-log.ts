// The port to the market's log, which says what has happened: a flush is committed once the log has it for good, and is
// published then, never before. One process has its journal for a log (journal-log.ts); many share one on NATS
// JetStream (package cluster). Nothing above the port knows which.

import type { Flush } from '../journal/journal.ts'
import type { Batch } from '../messages.ts'

/** A flush with what is published of it. */
export interface MarketLogEntry extends Flush {
  readonly batch: Batch
}

export interface MarketLog {
  /**
   * In order; of entries that are not committed yet the log decides how many it sends ahead.
   * @param committed called in the order of the entries, at once or in a later turn; the journal has the flush by then.
   */
  append(entry: MarketLogEntry, committed: () => void): void
}
