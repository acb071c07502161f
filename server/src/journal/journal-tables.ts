// The tables and indexes of the journal. Those of checkpoints, the order archive and staged rows are with the code that
// reads them.

import { CASH_EVENT_GLOBS } from '@papertape/venue'
import { CHECKPOINT_TABLES } from './checkpoint-table.ts'
import { ORDER_TABLES } from './order-table.ts'
import { STAGED_TABLE } from './staged-rows.ts'

/** The version of the tables. */
export const FORMAT = 5
/** Is made FORMAT at the next start, by LATER_TABLES. */
export const FORMAT_BEFORE = 4
export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS commands (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, body TEXT NOT NULL, chain TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, symbol TEXT, data TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS private_events (
    account TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
  ${CHECKPOINT_TABLES}
  ${ORDER_TABLES}
`

/** Of a private event. */
export const CHANGES_CASH = `(${CASH_EVENT_GLOBS.map(glob => `data GLOB '${glob}'`).join(' OR ')})`
/** Of an event. Most events are books, and of those nobody asks for the history. */
const HAS_HISTORY = `event <> 'book'`
/** SQLite uses the index of events by kind only where it sees that it has them. */
export const BY_KIND = `AND ${HAS_HISTORY}`

/** What FORMAT_BEFORE had not; it had an index of all events. */
export const LATER_TABLES = `
  CREATE INDEX IF NOT EXISTS cash_events ON private_events (account, seq) WHERE ${CHANGES_CASH};
  DROP INDEX IF EXISTS events_by_symbol;
  CREATE INDEX IF NOT EXISTS events_by_kind ON events (symbol, event, seq) WHERE ${HAS_HISTORY};
  ${STAGED_TABLE}
`
