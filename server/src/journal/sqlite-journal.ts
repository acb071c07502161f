// The journal in one SQLite file: commands, the events they caused, private streams, checkpoints. One writer, one
// transaction a flush. Stores rows and interprets none. Checks what it reads: each row of commands has the hash of all
// rows before it, each event a checksum.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '@papertape/venue'
import {
  CASH_EVENT_GLOBS,
  type Checkpoint,
  type Flush,
  type Journal,
  JournalDamaged,
  JournalOutdated,
  type LoggedCommand,
  type StoredCheckpoint,
} from '@papertape/venue'
import { CHECKPOINT_TABLES, CheckpointTable } from './checkpoint-table.ts'
import { EMPTY_JOURNAL_END, type JournalEnd, nextInChain } from './command-chain.ts'
import { SQLITE, sqliteCode } from './journal-failures.ts'
import { ORDER_TABLES, OrderTable } from './order-table.ts'
import { parseStored, requireChecksum, rowChecksum } from './stored-rows.ts'

/** The version of the tables below. */
const FORMAT = 4
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS commands (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, body TEXT NOT NULL, chain TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, symbol TEXT, data TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS events_by_symbol ON events (symbol, event, seq);
  CREATE TABLE IF NOT EXISTS private_events (
    account TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
  ${CHECKPOINT_TABLES}
  ${ORDER_TABLES}
`

const CHANGES_CASH = `(${CASH_EVENT_GLOBS.map(glob => `data GLOB '${glob}'`).join(' OR ')})`
/** Made by the first start with a journal of before too. */
const CASH_INDEX = `CREATE INDEX IF NOT EXISTS cash_events ON private_events (account, seq) WHERE ${CHANGES_CASH}`

const FORGET_EVENTS = `
  DELETE FROM events AS old WHERE seq >= ? AND seq < ? AND event NOT IN ('candle', 'news')
    AND NOT (event IN ('quote', 'trade') AND seq = (
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = old.event))
    AND NOT (event = 'trade' AND seq > coalesce((
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = 'candle'), 0))
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
/** How long a reader beside a writer waits while SQLite locks the file. */
const LOCKED_MAX_MS = 2_000

export class SqliteJournal implements Journal {
  readonly orders: OrderTable
  readonly #db: DatabaseSync
  readonly #checkpoints: CheckpointTable
  readonly #insertCommand
  readonly #insertEvent
  readonly #insertPrivate
  readonly #selectEvents
  readonly #selectPrivate
  readonly #selectCash
  readonly #selectMeta
  readonly #putMeta
  readonly #forgetEvents
  readonly #forgetCommands
  readonly #nextPrivate
  readonly #forgetPrivateRow
  #end: JournalEnd
  /** Events below this number, and rows of commands before this command, are still to be forgotten. */
  #forgetEventsTo = 0
  #forgetCommandsTo = 0
  /** Private events from before this wall clock are still to be forgotten, those after this row. */
  #forgetPrivateSinceUs = 0
  #reached = { account: '', seq: 0 }

  /**
   * @param path a file, created with its folders when absent, or `:memory:`.
   * @throws {JournalOutdated} when it is of another release.
   */
  constructor(path: string, access: 'write' | 'read' = 'write') {
    const isRead = access === 'read'
    if (path !== ':memory:' && !isRead) mkdirSync(dirname(path), { recursive: true })
    this.#db = new DatabaseSync(path, { readOnly: isRead, timeout: LOCKED_MAX_MS })
    try {
      // Reads one state of the file, however much a server appends meanwhile.
      if (isRead) this.#db.exec('BEGIN')
      // FULL: a commit is on the disk when it returns.
      else this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      this.#prepareTables(isRead)
      if (!isRead) this.#db.exec(CASH_INDEX)
      this.#checkpoints = new CheckpointTable(this.#db)
      this.orders = new OrderTable(this.#db)
      this.#insertCommand = this.#db.prepare('INSERT INTO commands VALUES (?, ?, ?, ?)')
      this.#insertEvent = this.#db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)')
      this.#insertPrivate = this.#db.prepare('INSERT INTO private_events VALUES (?, ?, ?, ?)')
      this.#selectEvents = this.#db.prepare('SELECT * FROM events WHERE seq >= ? ORDER BY seq LIMIT ?')
      // A restart runs it for each private event after the checkpoint: preparing it each time took most of the time.
      this.#selectPrivate = this.#db.prepare(
        'SELECT * FROM private_events WHERE account = ? AND seq >= ? ORDER BY seq LIMIT ?',
      )
      // By itself SQLite reads the whole stream. A journal that is only read may be from before there was the index.
      this.#selectCash = this.#db.prepare(
        `SELECT * FROM private_events ${isRead ? '' : 'INDEXED BY cash_events'} WHERE account = ? AND seq < ? AND ${CHANGES_CASH} ORDER BY seq DESC LIMIT ?`,
      )
      this.#selectMeta = this.#db.prepare('SELECT value FROM meta WHERE key = ?')
      this.#putMeta = this.#db.prepare(
        'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      )
      this.#forgetEvents = this.#db.prepare(FORGET_EVENTS)
      this.#forgetCommands = this.#db.prepare(FORGET_COMMANDS)
      this.#nextPrivate = this.#db.prepare(NEXT_PRIVATE)
      this.#forgetPrivateRow = this.#db.prepare(FORGET_PRIVATE)
      this.#end = this.endAt() ?? this.#readJson<JournalEnd>('begin') ?? EMPTY_JOURNAL_END
    } catch (error) {
      this.#db.close()
      if (sqliteCode(error) !== SQLITE.error) throw error
      throw new JournalDamaged(`its tables are not those of a journal: ${(error as Error).message}`, { cause: error })
    }
  }

  get lastCommand(): number {
    return this.#end.number
  }

  get end(): JournalEnd {
    return this.#end
  }

  /**
   * The end of the flush whose last command has this number; undefined when it is not kept. The last flush without a
   * number.
   */
  endAt(number = Number.MAX_SAFE_INTEGER): JournalEnd | undefined {
    const row = this.#db
      .prepare('SELECT last AS number, chain FROM commands WHERE last <= ? ORDER BY first DESC LIMIT 1')
      .get(number) as JournalEnd | undefined
    if (row === undefined || (row.number !== number && number !== Number.MAX_SAFE_INTEGER)) return undefined
    return { number: row.number, chain: row.chain }
  }

  meta(key: string): string | undefined {
    return this.#selectMeta.get(key)?.value as string | undefined
  }

  setMeta(key: string, value: string): void {
    this.#putMeta.run(key, value)
  }

  /** All or nothing; durable when it returns. */
  append(flush: Flush): void {
    this.#end = this.#transact(() => {
      const end = this.#appendCommands(flush.commands)
      for (const { seq, event, symbol, data } of flush.events) {
        this.#insertEvent.run(seq, event, symbol, data, rowChecksum([seq, event, symbol], data))
      }
      for (const { accountId, seq, data } of flush.privateEvents) {
        this.#insertPrivate.run(accountId, seq, data, rowChecksum([accountId, seq], data))
      }
      this.#putMeta.run('source', JSON.stringify(flush.source))
      this.orders.append(flush.orders ?? [])
      if (flush.checkpoint !== undefined) this.#checkpoints.put(flush.checkpoint)
      this.#forgetSome(Math.max(FORGOTTEN_PER_FLUSH, 2 * flush.events.length))
      return end
    })
  }

  #transact<T>(change: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      const result = change()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  source(): unknown {
    return this.#readJson('source')
  }

  /** The newest checkpoint, the oldest that is kept, or that of a command. */
  checkpoint(which: 'newest' | 'oldest' | number): StoredCheckpoint | undefined {
    return this.#checkpoints.get(which)
  }

  checkpointHashes(): Map<number, string> {
    return this.#checkpoints.hashes()
  }

  /**
   * Commands after a number, in order, read while they are iterated.
   * @throws {JournalDamaged} at a row that is not the one that was written, or does not follow the one before it.
   */
  *commandsAfter(number: number): Generator<LoggedCommand> {
    const rows = this.#db.prepare('SELECT * FROM commands WHERE last > ? ORDER BY first').iterate(number)
    let before: JournalEnd | undefined
    for (const row of rows as Iterable<{ first: number; last: number; body: string; chain: string }>) {
      const { first, last, body, chain } = row
      before ??= first === 1 ? EMPTY_JOURNAL_END : (this.endAt(first - 1) ?? this.#readJson<JournalEnd>('begin'))
      if (before?.number !== first - 1) throw new JournalDamaged(`the commands before ${first} are missing`)
      if (chain !== nextInChain(before.chain, body)) {
        throw new JournalDamaged(`the commands from ${first} to ${last} are not those that were written`)
      }
      before = { number: last, chain }
      for (const logged of parseStored<LoggedCommand[]>(body, `the row of command ${first}`)) {
        if (logged.number > number) yield logged
      }
    }
  }

  /**
   * The last event's number; 0 when there is none. After a repair no event may be left: then one less than the oldest.
   */
  head(): number {
    const { seq } = this.#db.prepare('SELECT max(seq) AS seq FROM events').get() as { seq: number | null }
    return Math.max(seq ?? 0, this.oldest() - 1)
  }

  oldest(): number {
    return Number(this.meta('oldest') ?? 1)
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    return this.#selectEvents.all(from, limit).map(toEvent)
  }

  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const rows = this.#db
      .prepare('SELECT * FROM events WHERE symbol IS ? AND event = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
      .all(symbol, event, before, limit)
    return rows.map(toEvent)
  }

  /** Without those that are kept for the order archive and the ledger only. */
  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    return this.#selectPrivate.all(accountId, Math.max(from, this.privateOldest(accountId)), limit).map(toPrivateEvent)
  }

  privateOldest(accountId: string): number {
    return Number(this.meta(oldestKey(accountId)) ?? 1)
  }

  setPrivateOldest(accountId: string, oldest: number): void {
    this.setMeta(oldestKey(accountId), String(oldest))
  }

  /** Those that are kept for the order archive and the ledger only. */
  archivedEvents(accountId: string): EncodedPrivateEvent[] {
    return this.#db
      .prepare('SELECT * FROM private_events WHERE account = ? AND seq < ? ORDER BY seq')
      .all(accountId, this.privateOldest(accountId))
      .map(toPrivateEvent)
  }

  cashEvents(accountId: string, before: number, limit: number): EncodedPrivateEvent[] {
    return this.#selectCash.all(accountId, before, limit).map(toPrivateEvent)
  }

  /** All accounts that have a private stream. */
  privateAccounts(): string[] {
    const rows = this.#db.prepare('SELECT DISTINCT account FROM private_events ORDER BY account').all()
    return rows.map(({ account }) => account as string)
  }

  /**
   * Forgets what no reader may ask for: all but the newest `eventsKept` events, and what comes before the second newest
   * checkpoint. Keeps what a feed that starts restores its view from: closed minutes, news, each instrument's last
   * quote and trade, and the trades of its open minute. Checkpoints are deleted at once, events, commands and private
   * events a few with each append() from now on.
   */
  forget(eventsKept: number, privateSinceUs = 0): void {
    // One that has begun goes on to its end: with many accounts it may take longer than from one checkpoint to the
    // next.
    if (this.#forgetPrivateSinceUs === 0) this.#forgetPrivateSinceUs = Math.max(0, privateSinceUs)
    this.#forgetEventsTo = Math.max(this.oldest(), this.head() - eventsKept + 1)
    // The row that ends there is kept: the chain goes on from it.
    this.#forgetCommandsTo = this.#transact(() => this.#checkpoints.prune()) ?? 0
  }

  /** True while rows are left that are to be forgotten. */
  get isForgetting(): boolean {
    return this.#forgetEventsTo > 0 || this.#forgetCommandsTo > 0 || this.#forgetPrivateSinceUs > 0
  }

  #forgetSome(rowsMax: number): void {
    if (this.#forgetEventsTo > 0) {
      const from = this.oldest()
      const to = Math.min(this.#forgetEventsTo, from + rowsMax)
      if (to > from) {
        this.#forgetEvents.run(from, to)
        this.#putMeta.run('oldest', String(to))
      }
      if (to === this.#forgetEventsTo) this.#forgetEventsTo = 0
    }
    if (this.#forgetCommandsTo > 0) {
      const { changes } = this.#forgetCommands.run(this.#forgetCommandsTo, rowsMax)
      if (Number(changes) < rowsMax) this.#forgetCommandsTo = 0
    }
    for (let looked = 0; looked < PRIVATE_PER_FLUSH && this.#forgetPrivateSinceUs > 0; looked++) this.#forgetPrivate()
  }

  /** Looks at the next event of an account, and goes on to the next account where it is not old enough. */
  #forgetPrivate(): void {
    const { account, seq } = this.#reached
    const next = this.#nextPrivate.get(account, seq) as unknown as NextPrivate | undefined
    if (next === undefined) {
      this.#reached = { account: '', seq: 0 }
      this.#forgetPrivateSinceUs = 0
    } else if (next.ts === null || next.ts >= this.#forgetPrivateSinceUs) {
      this.#reached = { account: next.account, seq: Number.MAX_SAFE_INTEGER }
    } else {
      this.#reached = { account: next.account, seq: next.seq }
      this.#forgetPrivateRow.run({ account: next.account, seq: next.seq, orderId: next.orderId })
      if (next.seq >= this.privateOldest(next.account)) this.setPrivateOldest(next.account, next.seq + 1)
    }
  }

  close(): void {
    this.#db.close()
  }

  /** One row a flush: commands are only read in order. */
  #appendCommands(commands: readonly LoggedCommand[]): JournalEnd {
    if (commands.length === 0) return this.#end
    const body = JSON.stringify(commands)
    const chain = nextInChain(this.#end.chain, body)
    const number = commands.at(-1)!.number
    this.#insertCommand.run(commands[0]!.number, number, body, chain)
    return { number, chain }
  }

  #prepareTables(isRead: boolean): void {
    const { user_version: format } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number }
    const isEmpty = this.#db.prepare('SELECT 1 FROM sqlite_master').get() === undefined
    if (isEmpty && !isRead) this.#db.exec(`BEGIN; ${SCHEMA}; PRAGMA user_version = ${FORMAT}; COMMIT`)
    else if (isEmpty) throw new JournalDamaged('it is empty')
    else if (format !== FORMAT)
      throw new JournalOutdated(`the journal is of another release (format ${format}, not ${FORMAT})`)
  }

  #readJson<T>(key: string): T | undefined {
    const text = this.meta(key)
    return text === undefined ? undefined : parseStored<T>(text, `its entry ${key}`)
  }

  writeCheckpoint(checkpoint: Checkpoint): void {
    this.#transact(() => this.#checkpoints.put(checkpoint))
  }
}

interface NextPrivate {
  readonly account: string
  readonly seq: number
  readonly ts: number | null
  readonly orderId: number | null
}

function oldestKey(accountId: string): string {
  return `oldest of ${accountId}`
}

function toEvent(row: Record<string, unknown>): EncodedEvent {
  const { seq, event, symbol, data, crc } = row as unknown as EncodedEvent & { crc: number }
  requireChecksum([seq, event, symbol], data, crc, seq, `event ${seq}`)
  return { seq, event, symbol, data }
}

function toPrivateEvent(row: Record<string, unknown>): EncodedPrivateEvent {
  const { account, seq, data, crc } = row as unknown as EncodedPrivateEvent & { account: string; crc: number }
  requireChecksum([account, seq], data, crc, seq, `event ${seq} of account ${account}`)
  return { accountId: account, seq, data }
}
