// The tables and indexes of the journal. Those of checkpoints, events and the order archive are with the code that
// reads them.

import type { DatabaseSync } from 'node:sqlite'
import { CASH_EVENT_GLOBS, JournalDamaged, JournalOutdated } from '@papertape/venue'
import { CHECKPOINT_TABLES } from './checkpoint-table.ts'
import { EVENT_BLOCK_TABLE } from './event-blocks.ts'
import { HISTORY_TABLES } from './history-table.ts'
import { ORDER_TABLES } from './order-table.ts'

/** The version of the tables and of the flush log. */
const FORMAT = 7

/** Of a private event. */
export const CHANGES_CASH = `(${CASH_EVENT_GLOBS.map(glob => `data GLOB '${glob}'`).join(' OR ')})`

const SCHEMA = `
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

/** Creates the tables of a new journal. @throws {JournalOutdated | JournalDamaged} */
export function prepareTables(db: DatabaseSync, isRead: boolean): void {
  const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_master').get() === undefined
  if (isEmpty && isRead) throw new JournalDamaged('it is empty')
  if (!isEmpty && format !== FORMAT)
    throw new JournalOutdated(`the journal is of another release (format ${format}, not ${FORMAT})`)
  if (isEmpty) db.exec(`BEGIN; ${SCHEMA}; PRAGMA user_version = ${FORMAT}; COMMIT`)
}
