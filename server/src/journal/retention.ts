// Deletes the rows of the journal that are no longer kept, a few at a time. Which those are the journal says; of
// private events the order archive and the ledger keep their own. Called by sqlite-journal.ts, within its transactions.

import type { DatabaseSync } from 'node:sqlite'
import type { PrivateEvents } from './private-events.ts'
import type { PublicEvents } from './public-events.ts'
import type { StagedRows } from './staged-rows.ts'
import { CHANGES_CASH } from './tables/journal-tables.ts'

/** Damaged rows have no time, and are kept. */
const NEXT_PRIVATE = `
  SELECT account, seq, CASE WHEN json_valid(data) THEN json_extract(data, '$.ts') END AS ts,
    CASE WHEN json_valid(data) THEN CAST(json_extract(data, '$.orderId') AS INTEGER) END AS orderId
  FROM private_events WHERE (account, seq) > (?, ?) ORDER BY account, seq LIMIT 1
`
/** The order archive reads the events that it refers to, the ledger those that changed cash. */
const FORGET_PRIVATE = `
  DELETE FROM private_events WHERE account = :account AND seq = :seq AND NOT ${CHANGES_CASH}
    AND NOT EXISTS (SELECT 1 FROM order_ids WHERE order_id = :orderId AND account = :account AND seq = :seq)
    AND NOT EXISTS (SELECT 1 FROM ended_orders WHERE account = :account AND order_id = :orderId AND seq = :seq)
`

/** Each is a look-up of its own. */
const PRIVATE_AT_ONCE = 32

interface NextPrivate {
  readonly account: string
  readonly seq: number
  readonly ts: number | null
  readonly orderId: number | null
}

export class Retention {
  readonly #publicEvents: PublicEvents
  readonly #privateEvents: PrivateEvents
  readonly #staged: StagedRows
  readonly #nextPrivate
  readonly #forgetPrivateRow
  #hasPublic = false
  #privateSinceUs = 0
  /** The last private event that was looked at. */
  #reached = { account: '', seq: 0 }

  constructor(db: DatabaseSync, publicEvents: PublicEvents, privateEvents: PrivateEvents, staged: StagedRows) {
    this.#publicEvents = publicEvents
    this.#privateEvents = privateEvents
    this.#staged = staged
    this.#nextPrivate = db.prepare(NEXT_PRIVATE)
    this.#forgetPrivateRow = db.prepare(FORGET_PRIVATE)
  }

  /** @param privateSinceUs private events from before this wall clock go, microseconds since 1970; 0 for none */
  begin(privateSinceUs: number): void {
    this.#hasPublic = true
    // One that has begun goes on to its end: with many accounts it may take longer than from one checkpoint to the
    // next.
    if (this.#privateSinceUs > 0 || privateSinceUs <= 0) return
    this.#privateSinceUs = privateSinceUs
    this.#staged.moveAll()
  }

  /** True while rows are left that are to be forgotten. */
  get isForgetting(): boolean {
    return this.#hasPublic || this.#privateSinceUs > 0
  }

  forgetSome(): void {
    if (this.#hasPublic) this.#hasPublic = this.#publicEvents.forgetSome()
    // Only rows that have been moved can be forgotten.
    if (this.#staged.isMovingAll) return
    for (let looked = 0; looked < PRIVATE_AT_ONCE && this.#privateSinceUs > 0; looked++) this.#forgetPrivate()
  }

  /** Looks at the next event of an account, and goes on to the next account where it is not old enough. */
  #forgetPrivate(): void {
    const { account, seq } = this.#reached
    const next = this.#nextPrivate.get(account, seq) as unknown as NextPrivate | undefined
    if (next === undefined) {
      this.#reached = { account: '', seq: 0 }
      this.#privateSinceUs = 0
    } else if (next.ts === null || next.ts >= this.#privateSinceUs) {
      this.#reached = { account: next.account, seq: Number.MAX_SAFE_INTEGER }
    } else {
      this.#reached = { account: next.account, seq: next.seq }
      this.#forgetPrivateRow.run({ account: next.account, seq: next.seq, orderId: next.orderId })
      if (next.seq >= this.#privateEvents.oldest(next.account))
        this.#privateEvents.setOldest(next.account, next.seq + 1)
    }
  }
}
