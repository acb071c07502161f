// Which private events of each account the tables have: a flush of the log may have some that were moved there, and
// some that were not. Read at a start, by sqlite-journal.ts.

import type { DatabaseSync } from 'node:sqlite'
import { JournalDamaged } from '@papertape/venue'
import { isDamage } from '../journal-failures.ts'
import type { PrivateEvents } from '../private-events.ts'
import { rowsAfter, type StagedFlush } from '../staged-rows.ts'

export class MovedAccounts {
  readonly #isSalvage: boolean
  readonly #newest
  readonly #events: PrivateEvents
  readonly #ended
  /** By account the last event that was moved. */
  readonly #movedTo = new Map<string, number>()

  /** @param isSalvage goes on where a table cannot be read. */
  constructor(db: DatabaseSync, events: PrivateEvents, isSalvage: boolean) {
    this.#isSalvage = isSalvage
    this.#newest = db.prepare('SELECT max(seq) AS seq FROM private_events WHERE account = ?')
    this.#events = events
    this.#ended = db.prepare('SELECT 1 FROM ended_orders WHERE account = ? AND order_id = ?')
  }

  /** @throws {JournalDamaged} */
  rowsLeft(flush: StagedFlush): StagedFlush {
    for (const accountId of flush.keys()) {
      if (!this.#movedTo.has(accountId)) this.#movedTo.set(accountId, this.#lastMoved(accountId))
    }
    const left = rowsAfter(flush, this.#movedTo)
    if (!this.#isSalvage) this.#requireNotEnded(left)
    return left
  }

  /** What was moved may have been forgotten since. */
  #lastMoved(accountId: string): number {
    try {
      const newest = (this.#newest.get(accountId)?.seq as number | null) ?? 0
      return Math.max(newest, this.#events.oldest(accountId) - 1)
    } catch (error) {
      if (this.#isSalvage && isDamage(error)) return 0
      throw error
    }
  }

  #requireNotEnded(left: StagedFlush): void {
    for (const [accountId, { ends }] of left) {
      for (const orderId of ends.keys()) {
        if (this.#ended.get(accountId, orderId) === undefined) continue
        throw new JournalDamaged(`the event that ended order ${orderId} of account ${accountId} is missing`)
      }
    }
  }
}
