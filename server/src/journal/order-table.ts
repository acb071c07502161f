// The order archive as tables of the journal: the first answer to each clientOrderId, and how orders ended. Answers and
// ends are private events, which the journal has: the tables refer to them. Written with the flush that has the events;
// expired rows are deleted a few with each flush. Recovery compares it with the commands, see venue/src/recovery.

import type { DatabaseSync } from 'node:sqlite'
import { REMEMBERED_US } from '@papertape/engine'
import type { Execution, Order } from '@papertape/protocol'
import {
  type AccountRows,
  type OrderArchiveStore,
  type OrderEnd,
  type OrderRecord,
  type OrderSeqs,
  orderOf,
  parseOrderId,
  RetentionClock,
} from '@papertape/venue'
import { requireChecksum } from './stored-rows.ts'

/** Created by the journal with its own tables. */
export const ORDER_TABLES = `
  CREATE TABLE IF NOT EXISTS order_ids (
    account TEXT NOT NULL, id TEXT NOT NULL, order_id INTEGER NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (account, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS order_ids_by_order ON order_ids (order_id);
  CREATE TABLE IF NOT EXISTS ended_orders (
    number INTEGER PRIMARY KEY, account TEXT NOT NULL, order_id INTEGER NOT NULL, ended_us INTEGER NOT NULL,
    seq INTEGER NOT NULL, ts INTEGER NOT NULL, triggered INTEGER NOT NULL) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS ended_orders_by_account ON ended_orders (account, order_id);
  CREATE TABLE IF NOT EXISTS ended_counts (account TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
/** Of an account: more than can end in a day at its rate limit. Beyond it the oldest are forgotten early. */
const ENDED_ORDERS_MAX = 5_000_000
const FORGOTTEN_PER_FLUSH_MIN = 16
/** An order has an id for each time that it was replaced. */
const IDS_FORGOTTEN_AT_ONCE = 64
const CLOCK_KEY = 'retentionUs'

/** A row of the private events. */
interface StoredEvent {
  readonly account: string
  readonly seq: number
  readonly data: string
  readonly crc: number
}

export class OrderTable implements OrderArchiveStore {
  readonly #clock: RetentionClock
  readonly #endedMax: number
  readonly #statements

  /** @param endedMax of an account. */
  constructor(db: DatabaseSync, endedMax: number = ENDED_ORDERS_MAX) {
    this.#endedMax = endedMax
    const saved = db.prepare('SELECT value FROM meta WHERE key = ?').get(CLOCK_KEY)?.value
    this.#clock = new RetentionClock(Number(saved ?? 0))
    const ended = `SELECT e.order_id AS orderId, e.ts, e.triggered, p.account, p.seq, p.data, p.crc FROM ended_orders e
      JOIN private_events p ON p.account = e.account AND p.seq = e.seq`
    this.#statements = {
      // An order that has not ended is open, and its ids do not expire.
      answer: db.prepare(`
        SELECT p.account, p.seq, p.data, p.crc FROM order_ids i JOIN private_events p ON p.account = i.account AND p.seq = i.seq
        LEFT JOIN ended_orders e ON e.account = i.account AND e.order_id = i.order_id
        WHERE i.account = ? AND i.id = ? AND (e.ended_us IS NULL OR e.ended_us > ?)`),
      ended: db.prepare(`${ended} WHERE e.account = ? AND e.order_id = ? AND e.ended_us > ?`),
      page: db.prepare(
        `${ended} WHERE e.account = ? AND e.order_id < ? AND e.ended_us > ? ORDER BY e.order_id DESC LIMIT ?`,
      ),
      // The first of its ids is that which placed it: each replace gives it another one.
      placedRow: db.prepare('SELECT min(seq) AS seq FROM order_ids WHERE order_id = ? AND account = ?'),
      idRow: db.prepare('SELECT order_id AS orderId, seq FROM order_ids WHERE account = ? AND id = ?'),
      endedRow: db.prepare(
        'SELECT ended_us AS endedUs, seq, ts, triggered FROM ended_orders WHERE account = ? AND order_id = ?',
      ),
      rows: db.prepare(`SELECT
        (SELECT count(*) FROM order_ids WHERE account = :account) AS ids,
        (SELECT count(*) FROM ended_orders WHERE account = :account) AS ended,
        coalesce((SELECT count FROM ended_counts WHERE account = :account), 0) AS counted,
        (SELECT min(seq) FROM ended_orders WHERE account = :account) AS firstSeq`),
      putId: db.prepare('INSERT OR REPLACE INTO order_ids VALUES (?, ?, ?, ?)'),
      putEnded: db.prepare('INSERT INTO ended_orders VALUES (NULL, ?, ?, ?, ?, ?, ?)'),
      count: db.prepare(
        `INSERT INTO ended_counts VALUES (?, ?)
        ON CONFLICT (account) DO UPDATE SET count = count + excluded.count RETURNING count`,
      ),
      // Numbered in the order of their ends: the first expires first.
      first: db.prepare(
        'SELECT number, account, order_id AS orderId, ended_us AS endedUs FROM ended_orders ORDER BY number LIMIT 1',
      ),
      oldest: db.prepare(
        'SELECT number, account, order_id AS orderId FROM ended_orders WHERE account = ? ORDER BY order_id LIMIT 1',
      ),
      forgetIds: db.prepare(`DELETE FROM order_ids WHERE (account, id) IN (
        SELECT account, id FROM order_ids WHERE order_id = ? LIMIT ${IDS_FORGOTTEN_AT_ONCE})`),
      forgetEnded: db.prepare('DELETE FROM ended_orders WHERE number = ?'),
      forgetCount: db.prepare('DELETE FROM ended_counts WHERE account = ? AND count = 0'),
      putClock: db.prepare('INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'),
    }
  }

  advance(ts: number): void {
    this.#clock.advance(ts)
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    const row = this.#statements.answer.get(accountId, clientOrderId, this.#sinceUs)
    return row && readExecution(row as unknown as StoredEvent)
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    const number = parseOrderId(orderId)
    if (number === undefined) return undefined
    const row = this.#statements.ended.get(accountId, number, this.#sinceUs)
    return row && endedOf(row as unknown as OrderEnd & StoredEvent)
  }

  seqsOf(accountId: string, orderId: string): OrderSeqs {
    const placed = this.#statements.placedRow.get(Number(orderId), accountId)?.seq as number | null
    const ended = this.#statements.endedRow.get(accountId, Number(orderId))?.seq as number | undefined
    return { placed: placed ?? undefined, ended }
  }

  endedOrders(accountId: string, below: number, limit: number): Order[] {
    const rows = this.#statements.page.all(accountId, below, this.#sinceUs, limit)
    return rows.map(row => endedOf(row as unknown as OrderEnd & StoredEvent))
  }

  /** Called within the transaction of a flush, after its private events were inserted. */
  append(records: readonly OrderRecord[]): void {
    const endedBy = new Map<string, number>()
    for (const record of records) {
      const { accountId } = record
      if ('answer' in record) {
        const { clientOrderId, orderId, seq } = record.answer
        this.#statements.putId.run(accountId, clientOrderId, Number(orderId), seq)
      } else {
        const { orderId, ts, triggered } = record.ended
        const flag = triggered === true ? 1 : 0
        this.#statements.putEnded.run(accountId, Number(orderId), this.#clock.nowUs, record.seq, ts, flag)
        endedBy.set(accountId, (endedBy.get(accountId) ?? 0) + 1)
      }
    }
    for (const [accountId, ended] of endedBy) this.#keepWithin(accountId, ended)
    this.#forgetExpired(Math.max(FORGOTTEN_PER_FLUSH_MIN, 2 * records.length))
    this.#statements.putClock.run(CLOCK_KEY, String(this.#clock.nowUs))
  }

  holds(record: OrderRecord): boolean {
    if ('answer' in record) {
      const { clientOrderId, orderId, seq } = record.answer
      const row = this.#statements.idRow.get(record.accountId, clientOrderId)
      return row !== undefined && row.orderId === Number(orderId) && row.seq === seq
    }
    const { orderId, ts, triggered } = record.ended
    const row = this.#statements.endedRow.get(record.accountId, Number(orderId))
    return row !== undefined && row.seq === record.seq && row.ts === ts && row.triggered === (triggered ? 1 : 0)
  }

  remembers(accountId: string, orderId: string): boolean {
    const row = this.#statements.endedRow.get(accountId, Number(orderId))
    return row !== undefined && (row.endedUs as number) > this.#sinceUs
  }

  rowsOf(accountId: string): AccountRows {
    return this.#statements.rows.get({ account: accountId }) as unknown as AccountRows
  }

  get hasForgottenNothing(): boolean {
    return this.#sinceUs < 0
  }

  mayForgetEarly(accountId: string): boolean {
    return this.rowsOf(accountId).counted > this.#endedMax / 2
  }

  /** Orders that ended later than this are remembered. */
  get #sinceUs(): number {
    return this.#clock.nowUs - REMEMBERED_US
  }

  /** Forgets at most as many as were added: the others were within the bound. */
  #keepWithin(accountId: string, added: number): void {
    const { count } = this.#statements.count.get(accountId, added) as { count: number }
    for (let over = count - this.#endedMax; over > 0; over--) {
      const oldest = this.#statements.oldest.get(accountId)
      if (oldest === undefined || !this.#forget(oldest as unknown as Forgettable)) return
    }
  }

  #forgetExpired(most: number): void {
    for (let done = 0; done < most; done++) {
      const first = this.#statements.first.get() as (Forgettable & { readonly endedUs: number }) | undefined
      if (first === undefined || first.endedUs > this.#sinceUs) return
      this.#forget(first)
    }
  }

  /** False when more of its ids are left: the order is kept until they are deleted. */
  #forget({ number, account, orderId }: Forgettable): boolean {
    const { changes } = this.#statements.forgetIds.run(orderId)
    if (changes === IDS_FORGOTTEN_AT_ONCE) return false
    this.#statements.forgetEnded.run(number)
    this.#statements.count.get(account, -1)
    this.#statements.forgetCount.run(account)
    return true
  }
}

/** @throws {EventDamaged} */
function readExecution({ account, seq, data, crc }: StoredEvent): Execution {
  requireChecksum([account, seq], data, crc, seq, `event ${seq} of account ${account}`)
  return JSON.parse(data) as Execution
}

/** @throws {EventDamaged} */
function endedOf(row: OrderEnd & StoredEvent): Order {
  requireChecksum([row.account, row.seq], row.data, row.crc, row.seq, `event ${row.seq} of account ${row.account}`)
  return orderOf(row)
}

interface Forgettable {
  readonly number: number
  readonly account: string
  readonly orderId: number
}
