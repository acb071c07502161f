// The tables and indexes of the journal. Those of checkpoints, events and the order archive are with the code that
// reads them.

import { CASH_EVENT_GLOBS } from '@papertape/venue'
import { CHECKPOINT_TABLES } from './checkpoint-table.ts'
import { EVENT_BLOCK_TABLE } from './event-blocks.ts'
import { HISTORY_TABLES } from './history-table.ts'
import { ORDER_TABLES } from './order-table.ts'

/** The version of the tables and of the flush log. */
export const FORMAT = 6

/** Of a private event. */
export const CHANGES_CASH = `(${CASH_EVENT_GLOBS.map(glob => `data GLOB '${glob}'`).join(' OR ')})`

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS private_events (
    account TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS cash_events ON private_events (account, seq) WHERE ${CHANGES_CASH};
  ${EVENT_BLOCK_TABLE}
  ${HISTORY_TABLES}
  ${CHECKPOINT_TABLES}
  ${ORDER_TABLES}
`
