// Deletes the rows of the journal that are no longer kept, a few with each flush. Which those are the journal says; of
// private events the order archive and the ledger keep their own. Called by sqlite-journal.ts, within the flush's
// transaction.

import type { DatabaseSync } from 'node:sqlite'
import { BY_KIND, CHANGES_CASH } from './journal-tables.ts'
import type { StagedRows } from './staged-rows.ts'

const FORGET_EVENTS = `
  DELETE FROM events AS old WHERE seq >= ? AND seq < ? AND event NOT IN ('candle', 'news')
    AND NOT (event IN ('quote', 'trade') AND seq = (
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = old.event ${BY_KIND}))
    AND NOT (event = 'trade' AND seq > coalesce((
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = 'candle' ${BY_KIND}), 0))
`
const FORGET_COMMANDS = `
  DELETE FROM commands WHERE first IN (SELECT first FROM commands WHERE last < ? ORDER BY first LIMIT ?)
`

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

/**
 * Rows are forgotten a few with each flush: no reader waits for it, and it needs no commit of its own. A flush with
 * more events forgets twice as many, so that the file does not grow however fast the market runs.
 */
const FORGOTTEN_PER_FLUSH = 256
/** Each is a look-up of its own. */
const PRIVATE_PER_FLUSH = 32

/** What is to be forgotten; 0 for nothing. */
export interface Expired {
  /** Events below this number. */
  readonly eventsTo: number
  /** Rows of commands before this command. */
  readonly commandsTo: number
  /** Private events from before this wall clock, microseconds since 1970. */
  readonly privateSinceUs: number
}

/** The oldest rows that readers get, as the journal records them. */
export interface OldestRows {
  oldest(): number
  setOldest(seq: number): void
  privateOldest(accountId: string): number
  setPrivateOldest(accountId: string, oldest: number): void
}

interface NextPrivate {
  readonly account: string
  readonly seq: number
  readonly ts: number | null
  readonly orderId: number | null
}

export class Retention {
  readonly #rows: OldestRows
  readonly #staged: StagedRows
  readonly #forgetEvents
  readonly #forgetCommands
  readonly #nextPrivate
  readonly #forgetPrivateRow
  #eventsTo = 0
  #commandsTo = 0
  #privateSinceUs = 0
  /** The last private event that was looked at. */
  #reached = { account: '', seq: 0 }

  constructor(db: DatabaseSync, rows: OldestRows, staged: StagedRows) {
    this.#rows = rows
    this.#staged = staged
    this.#forgetEvents = db.prepare(FORGET_EVENTS)
    this.#forgetCommands = db.prepare(FORGET_COMMANDS)
    this.#nextPrivate = db.prepare(NEXT_PRIVATE)
    this.#forgetPrivateRow = db.prepare(FORGET_PRIVATE)
  }

  begin({ eventsTo, commandsTo, privateSinceUs }: Expired): void {
    this.#eventsTo = eventsTo
    this.#commandsTo = commandsTo
    // One that has begun goes on to its end: with many accounts it may take longer than from one checkpoint to the
    // next.
    if (this.#privateSinceUs > 0 || privateSinceUs <= 0) return
    this.#privateSinceUs = privateSinceUs
    this.#staged.moveAll()
  }

  /** True while rows are left that are to be forgotten. */
  get isForgetting(): boolean {
    return this.#eventsTo > 0 || this.#commandsTo > 0 || this.#privateSinceUs > 0
  }

  /** @param events of the flush */
  forgetSome(events: number): void {
    const rowsMax = Math.max(FORGOTTEN_PER_FLUSH, 2 * events)
    if (this.#eventsTo > 0) {
      const from = this.#rows.oldest()
      const to = Math.min(this.#eventsTo, from + rowsMax)
      if (to > from) {
        this.#forgetEvents.run(from, to)
        this.#rows.setOldest(to)
      }
      if (to === this.#eventsTo) this.#eventsTo = 0
    }
    if (this.#commandsTo > 0) {
      const { changes } = this.#forgetCommands.run(this.#commandsTo, rowsMax)
      if (Number(changes) < rowsMax) this.#commandsTo = 0
    }
    // Only rows that have been moved can be forgotten.
    if (this.#staged.isMovingAll) return
    for (let looked = 0; looked < PRIVATE_PER_FLUSH && this.#privateSinceUs > 0; looked++) this.#forgetPrivate()
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
      if (next.seq >= this.#rows.privateOldest(next.account)) this.#rows.setPrivateOldest(next.account, next.seq + 1)
    }
  }
}
