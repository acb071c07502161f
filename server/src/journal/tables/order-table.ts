// The order archive as tables of the journal: the first answer to each clientOrderId, and how orders ended. Answers and
// ends are private events, which the journal has: the tables refer to them. Written when the events are moved to their
// table, and until then read from the staged rows; expired rows are deleted a few with each move. Recovery compares it
// with the commands, see venue/src/recovery.

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
import type { AccountStage, StagedEnd, StagedId, StagedRows } from '../staged-rows.ts'
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
const FORGOTTEN_AT_ONCE_MIN = 16
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
  readonly #staged: StagedRows
  #clock: RetentionClock
  readonly #endedMax: number
  readonly #statements

  /** @param endedMax of an account. */
  constructor(db: DatabaseSync, staged: StagedRows, endedMax: number = ENDED_ORDERS_MAX) {
    this.#staged = staged
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
      // Numbered as they were moved: the first expires first, but for the time that rows are staged.
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

  /** Goes on from the clock of a flush that the tables have not. */
  resumeClock(nowUs: number): void {
    if (nowUs > this.#clock.nowUs) this.#clock = new RetentionClock(nowUs)
  }

  /** Microseconds that the market has run. */
  get nowUs(): number {
    return this.#clock.nowUs
  }

  firstAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    const { ids, ends } = this.#staged.of(accountId)
    const id = ids.get(clientOrderId)
    const answer = id === undefined ? this.#storedAnswer(accountId, clientOrderId) : this.#stagedAnswer(accountId, id)
    // The end of an order whose answer is stored may be staged.
    return answer === undefined || this.#isExpired(ends.get(Number(answer.orderId))) ? undefined : answer
  }

  endedOrder(accountId: string, orderId: string): Order | undefined {
    const number = parseOrderId(orderId)
    if (number === undefined) return undefined
    const end = this.#staged.of(accountId).ends.get(number)
    if (end !== undefined) return this.#isExpired(end) ? undefined : this.#stagedOrder(accountId, end)
    const row = this.#statements.ended.get(accountId, number, this.#sinceUs)
    return row && endedOf(row as unknown as OrderEnd & StoredEvent)
  }

  seqsOf(accountId: string, orderId: string): OrderSeqs {
    const number = Number(orderId)
    const { ids, ends } = this.#staged.of(accountId)
    const stored = this.#statements.placedRow.get(number, accountId)?.seq as number | null
    // The first of its ids is that which placed it: each replace gives it another one.
    const placed = stored ?? [...ids.values()].find(id => id.orderId === number)?.seq
    const end = ends.get(number) ?? this.#statements.endedRow.get(accountId, number)
    return { placed, ended: end?.seq as number | undefined }
  }

  endedOrders(accountId: string, below: number, limit: number): Order[] {
    const stored = this.#statements.page.all(accountId, below, this.#sinceUs, limit)
    const staged = [...this.#staged.of(accountId).ends]
      .filter(([orderId, end]) => orderId < below && !this.#isExpired(end))
      .sort(([a], [b]) => b - a)
      .slice(0, limit)
      .map(([, end]) => this.#stagedOrder(accountId, end))
    return [...staged, ...stored.map(row => endedOf(row as unknown as OrderEnd & StoredEvent))]
      .sort((a, b) => Number(b.orderId) - Number(a.orderId))
      .slice(0, limit)
  }

  /** Called within a transaction, after these events were moved to their table. */
  move(accountId: string, { ids, ends }: AccountStage): void {
    for (const [id, { orderId, seq }] of ids) this.#statements.putId.run(accountId, id, orderId, seq)
    for (const [orderId, { endedUs, seq, ts, triggered }] of ends) {
      this.#statements.putEnded.run(accountId, orderId, endedUs, seq, ts, triggered)
    }
    if (ends.size > 0) this.#keepWithin(accountId, ends.size)
  }

  /** Called within a transaction. @param moved events that it has moved */
  finishMove(moved: number): void {
    this.#forgetExpired(Math.max(FORGOTTEN_AT_ONCE_MIN, 2 * moved))
    this.#statements.putClock.run(CLOCK_KEY, String(this.#clock.nowUs))
  }

  holds(record: OrderRecord): boolean {
    const { accountId } = record
    const { ids, ends } = this.#staged.of(accountId)
    if ('answer' in record) {
      const { clientOrderId, orderId, seq } = record.answer
      const row = ids.get(clientOrderId) ?? this.#statements.idRow.get(accountId, clientOrderId)
      return row !== undefined && row.orderId === Number(orderId) && row.seq === seq
    }
    const { orderId, ts, triggered } = record.ended
    const row = ends.get(Number(orderId)) ?? this.#statements.endedRow.get(accountId, Number(orderId))
    return row !== undefined && row.seq === record.seq && row.ts === ts && row.triggered === (triggered ? 1 : 0)
  }

  remembers(accountId: string, orderId: string): boolean {
    const number = Number(orderId)
    const row = this.#staged.of(accountId).ends.get(number) ?? this.#statements.endedRow.get(accountId, number)
    return row !== undefined && (row.endedUs as number) > this.#sinceUs
  }

  rowsOf(accountId: string): AccountRows {
    const stored = this.#statements.rows.get({ account: accountId }) as unknown as AccountRows
    const { ids, ends } = this.#staged.of(accountId)
    const [firstEnd] = ends.values()
    const isNew = (id: string) => this.#statements.idRow.get(accountId, id) === undefined
    return {
      ids: stored.ids + [...ids.keys()].filter(isNew).length,
      ended: stored.ended + ends.size,
      counted: stored.counted + ends.size,
      firstSeq: stored.firstSeq ?? firstEnd?.seq ?? null,
    }
  }

  get hasForgottenNothing(): boolean {
    return this.#sinceUs < 0
  }

  mayForgetEarly(accountId: string): boolean {
    return this.rowsOf(accountId).counted > this.#endedMax / 2
  }

  #stagedAnswer(accountId: string, { seq }: StagedId): Execution {
    return JSON.parse(this.#staged.event(accountId, seq)!.data)
  }

  #storedAnswer(accountId: string, clientOrderId: string): Execution | undefined {
    const row = this.#statements.answer.get(accountId, clientOrderId, this.#sinceUs)
    return row && readExecution(row as unknown as StoredEvent)
  }

  /** Where the order has ended, and that was too long ago. */
  #isExpired(end: StagedEnd | undefined): boolean {
    return end !== undefined && end.endedUs <= this.#sinceUs
  }

  #stagedOrder(accountId: string, { seq, ts, triggered }: StagedEnd): Order {
    return orderOf({ ts, triggered, data: this.#staged.event(accountId, seq)!.data })
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
