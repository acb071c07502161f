// Checkpoints as tables of the journal: each with a row for each account and open order that has changed since the one
// before, and all other state in one text. A row is kept until every kept checkpoint has a later row of the same
// account or order.

import type { DatabaseSync } from 'node:sqlite'
import type { StateRow } from '@papertape/engine'
import type { Checkpoint, CheckpointHead, StoredCheckpoint } from '@papertape/venue'
import { parseStored } from './stored-rows.ts'

/** Created by the journal with its own tables. */
export const CHECKPOINT_TABLES = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    number INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS state_rows (
    part TEXT NOT NULL, id INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT,
    PRIMARY KEY (part, id, number)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS state_rows_by_number ON state_rows (number);
`
const ORDER = { newest: 'DESC', oldest: 'ASC' } as const
const ROWS = `
  SELECT part, id, body FROM state_rows AS row WHERE number <= :number AND body IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM state_rows AS later
    WHERE later.part = row.part AND later.id = row.id AND later.number > row.number AND later.number <= :number)
`
const SUPERSEDED = `
  DELETE FROM state_rows WHERE (part, id, number) IN (
    SELECT old.part, old.id, old.number FROM state_rows AS new
    JOIN state_rows AS old ON old.part = new.part AND old.id = new.id AND old.number < new.number
    WHERE new.number > :from AND new.number <= :to)
`

export class CheckpointTable {
  readonly #db: DatabaseSync

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  get(which: 'newest' | 'oldest' | number): StoredCheckpoint | undefined {
    const row =
      typeof which === 'number'
        ? this.#db.prepare('SELECT * FROM checkpoints WHERE number = ?').get(which)
        : this.#db.prepare(`SELECT * FROM checkpoints ORDER BY number ${ORDER[which]} LIMIT 1`).get()
    if (row === undefined) return undefined
    const { number, seq, hash, state } = row as { number: number; seq: number; hash: string; state: string }
    const stored = parseStored<Partial<CheckpointHead> | null>(state, `the checkpoint at command ${number}`)
    const rows = () => this.#db.prepare(ROWS).all({ number }) as unknown as StateRow[]
    return { number, seq, hash, version: stored?.version ?? 0, market: stored?.market, rows }
  }

  hashes(): Map<number, string> {
    const rows = this.#db.prepare('SELECT number, hash FROM checkpoints').all() as { number: number; hash: string }[]
    return new Map(rows.map(row => [row.number, row.hash]))
  }

  /** Called within a transaction. */
  put({ number, seq, hash, version, market, changes }: Checkpoint): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)')
      .run(number, seq, hash, JSON.stringify({ version, market }))
    const insert = this.#db.prepare('INSERT OR REPLACE INTO state_rows VALUES (?, ?, ?, ?)')
    for (const { part, id, body } of changes) insert.run(part, id, number, body)
  }

  /**
   * Keeps the newest two. Called within a transaction.
   * @returns the number of the older one; undefined when there are not two.
   */
  prune(): number | undefined {
    const kept = this.#db.prepare('SELECT number FROM checkpoints ORDER BY number DESC LIMIT 2').all() as {
      number: number
    }[]
    if (kept.length < 2) return undefined
    const to = kept[1]!.number
    const { number: from } = this.#db.prepare('SELECT min(number) AS number FROM checkpoints').get() as {
      number: number
    }
    if (from === to) return to
    this.#db.prepare(SUPERSEDED).run({ from, to })
    this.#db.prepare('DELETE FROM state_rows WHERE number > ? AND number <= ? AND body IS NULL').run(from, to)
    this.#db.prepare('DELETE FROM checkpoints WHERE number < ?').run(to)
    return to
  }
}
