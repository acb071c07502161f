// The table of staged rows: one row a flush, written with it, read again at a start, deleted when all of it has been
// moved. Which rows are staged is kept in staged-rows.ts.

import type { DatabaseSync } from 'node:sqlite'
import { JournalDamaged } from '@papertape/venue'
import { isDamage } from './journal-failures.ts'
import { decodeStaged, encodeStaged, rowsAfter, type StagedFlush, StagedRows } from './staged-rows.ts'
import { rowChecksum } from './stored-rows.ts'

/** `salvage`: reads without what is damaged among the staged rows. */
export type JournalAccess = 'write' | 'read' | 'salvage'

interface StoredFlush {
  readonly number: number
  readonly body: string
  readonly crc: number
}

export class StagedTable {
  readonly rows = new StagedRows()
  readonly #insert
  readonly #delete

  /** @throws {JournalDamaged} */
  constructor(db: DatabaseSync, access: JournalAccess) {
    const isRead = access !== 'write'
    this.#insert = isRead ? undefined : db.prepare('INSERT INTO staged VALUES (?, ?, ?)')
    this.#delete = isRead ? undefined : db.prepare('DELETE FROM staged WHERE number < ?')
    // A journal that is only read may be from before there was the table.
    if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'staged'").get() === undefined) return
    try {
      this.#read(db, access === 'salvage')
    } catch (error) {
      if (access !== 'salvage' || !isDamage(error)) throw error
    }
  }

  /** Within the transaction of a flush. */
  put(number: number, flush: StagedFlush): void {
    if (flush.size === 0) return
    for (const [accountId, { events }] of flush) {
      let last = this.rows.lastSeq(accountId) ?? 0
      for (const { seq } of events) {
        if (seq <= last) throw new Error(`event ${seq} of account ${accountId} comes after ${last}`)
        last = seq
      }
    }
    const body = encodeStaged(flush)
    this.#insert!.run(number, body, rowChecksum([number], body))
  }

  /** Deletes the flushes of which nothing is staged any more. */
  forgetMoved(): void {
    this.#delete!.run(this.rows.firstNumber)
  }

  #read(db: DatabaseSync, isSalvage: boolean): void {
    const newest = db.prepare('SELECT max(seq) AS seq FROM private_events WHERE account = ?')
    const ended = db.prepare('SELECT 1 FROM ended_orders WHERE account = ? AND order_id = ?')
    /** Of each account the last event that has been moved. */
    const movedTo = new Map<string, number>()
    const flushes = db.prepare('SELECT number, body, crc FROM staged ORDER BY number').iterate()
    for (const { number, body, crc } of flushes as unknown as Iterable<StoredFlush>) {
      const flush = decodeStaged(number, body, crc)
      if (flush === undefined && isSalvage) continue
      if (flush === undefined) throw new JournalDamaged(`the staged rows of flush ${number} are not what was written`)
      for (const accountId of flush.keys()) {
        if (!movedTo.has(accountId)) movedTo.set(accountId, (newest.get(accountId)?.seq as number | null) ?? 0)
      }
      const left = rowsAfter(flush, movedTo)
      for (const [accountId, { ends }] of left) {
        for (const orderId of isSalvage ? [] : ends.keys()) {
          if (ended.get(accountId, orderId) === undefined) continue
          throw new JournalDamaged(`the event that ended order ${orderId} of account ${accountId} is missing`)
        }
      }
      this.rows.add(number, left)
    }
  }
}
