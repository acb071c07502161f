// The private events of all accounts: their table, and with it the staged ones (staged-rows.ts). Called by
// sqlite-journal.ts.

import type { DatabaseSync } from 'node:sqlite'
import { changesCash, type EncodedPrivateEvent } from '@papertape/venue'
import type { StagedRows } from './staged-rows.ts'
import { CHANGES_CASH } from './tables/journal-tables.ts'
import type { MetaTable } from './tables/meta-table.ts'
import { requireChecksum, rowChecksum } from './tables/stored-rows.ts'

export class PrivateEvents {
  readonly #meta: MetaTable
  readonly #staged: StagedRows
  readonly #statements

  constructor(db: DatabaseSync, meta: MetaTable, staged: StagedRows) {
    this.#meta = meta
    this.#staged = staged
    this.#statements = {
      insert: db.prepare('INSERT INTO private_events VALUES (?, ?, ?, ?)'),
      // A restart runs it for each private event after the checkpoint: preparing it each time took most of the time.
      page: db.prepare('SELECT * FROM private_events WHERE account = ? AND seq >= ? ORDER BY seq LIMIT ?'),
      // By itself SQLite reads the whole stream.
      cash: db.prepare(
        `SELECT * FROM private_events INDEXED BY cash_events WHERE account = ? AND seq < ? AND ${CHANGES_CASH} ORDER BY seq DESC LIMIT ?`,
      ),
      archived: db.prepare('SELECT * FROM private_events WHERE account = ? AND seq < ? ORDER BY seq'),
      accounts: db.prepare('SELECT DISTINCT account FROM private_events'),
    }
  }

  /** Called within a transaction. */
  put(events: readonly EncodedPrivateEvent[]): void {
    for (const { accountId, seq, data } of events) {
      this.#statements.insert.run(accountId, seq, data, rowChecksum([accountId, seq], data))
    }
  }

  /** Without those that are kept for the order archive and the ledger only. @throws {EventDamaged} */
  from(accountId: string, seq: number, limit: number): EncodedPrivateEvent[] {
    const first = Math.max(seq, this.oldest(accountId))
    const stored = this.#statements.page.all(accountId, first, limit).map(toEvent)
    return [...stored, ...this.#staged.eventsFrom(accountId, first).slice(0, limit - stored.length)]
  }

  /** The oldest that readers get. */
  oldest(accountId: string): number {
    return Number(this.#meta.get(oldestKey(accountId)) ?? 1)
  }

  setOldest(accountId: string, oldest: number): void {
    this.#meta.put(oldestKey(accountId), String(oldest))
  }

  /** Those that are kept for the order archive and the ledger only. @throws {EventDamaged} */
  archived(accountId: string): EncodedPrivateEvent[] {
    const oldest = this.oldest(accountId)
    const stored = this.#statements.archived.all(accountId, oldest).map(toEvent)
    return [...stored, ...this.#staged.of(accountId).events.filter(({ seq }) => seq < oldest)]
  }

  /** Those that changed the account's cash, newest first, below a number. @throws {EventDamaged} */
  cash(accountId: string, before: number, limit: number): EncodedPrivateEvent[] {
    const { events } = this.#staged.of(accountId)
    const newest: EncodedPrivateEvent[] = []
    for (let at = events.length - 1; at >= 0 && newest.length < limit; at--) {
      const event = events[at]!
      if (event.seq < before && changesCash(event.data)) newest.push(event)
    }
    return [...newest, ...this.#statements.cash.all(accountId, before, limit - newest.length).map(toEvent)]
  }

  /** All accounts that have a private stream. */
  accounts(): string[] {
    const stored = this.#statements.accounts.all().map(({ account }) => account as string)
    return [...new Set([...stored, ...this.#staged.accountIds])].sort()
  }
}

function oldestKey(accountId: string): string {
  return `oldest of ${accountId}`
}

function toEvent(row: Record<string, unknown>): EncodedPrivateEvent {
  const { account, seq, data, crc } = row as unknown as EncodedPrivateEvent & { account: string; crc: number }
  requireChecksum([account, seq], data, crc, seq, `event ${seq} of account ${account}`)
  return { accountId: account, seq, data }
}
