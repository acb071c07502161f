// The journal in one SQLite file: commands, the events they caused, private streams, checkpoints. One writer, one
// transaction a flush; what belongs to an account is staged first (staged-rows.ts). Stores rows and interprets none.
// Checks what it reads: each row of commands has the hash of all rows before it, each event a checksum.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '@papertape/venue'
import {
  type Checkpoint,
  changesCash,
  type Flush,
  type Journal,
  JournalDamaged,
  JournalOutdated,
  type LoggedCommand,
  type StoredCheckpoint,
} from '@papertape/venue'
import { CheckpointTable } from './checkpoint-table.ts'
import { EMPTY_JOURNAL_END, type JournalEnd, nextInChain } from './command-chain.ts'
import { SQLITE, sqliteCode } from './journal-failures.ts'
import { BY_KIND, CHANGES_CASH, FORMAT, FORMAT_BEFORE, LATER_TABLES, SCHEMA } from './journal-tables.ts'
import { OrderTable } from './order-table.ts'
import { Retention } from './retention.ts'
import { type MovedRows, stagedFlush } from './staged-rows.ts'
import { type JournalAccess, StagedTable } from './staged-table.ts'
import { parseStored, requireChecksum, rowChecksum } from './stored-rows.ts'

/** How long a reader beside a writer waits while SQLite locks the file. */
const LOCKED_MAX_MS = 2_000

export class SqliteJournal implements Journal {
  readonly orders: OrderTable
  readonly #staged: StagedTable
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
  readonly #retention: Retention
  #end: JournalEnd

  /**
   * @param path a file, created with its folders when absent, or `:memory:`.
   * @throws {JournalOutdated} when it is of another release.
   * @throws {JournalDamaged}
   */
  constructor(path: string, access: JournalAccess = 'write') {
    const isRead = access !== 'write'
    if (path !== ':memory:' && !isRead) mkdirSync(dirname(path), { recursive: true })
    this.#db = new DatabaseSync(path, { readOnly: isRead, timeout: LOCKED_MAX_MS })
    try {
      // Reads one state of the file, however much a server appends meanwhile.
      if (isRead) this.#db.exec('BEGIN')
      // FULL: a commit is on the disk when it returns.
      else this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
      this.#prepareTables(isRead)
      this.#checkpoints = new CheckpointTable(this.#db)
      this.#staged = new StagedTable(this.#db, access)
      this.orders = new OrderTable(this.#db, this.#staged.rows)
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
      this.#retention = new Retention(this.#db, this, this.#staged.rows)
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
    const { privateEvents, orders = [] } = flush
    const { rows } = this.#staged
    const number = rows.nextNumber
    const staged = stagedFlush(privateEvents, orders, this.orders.nowUs)
    const moved = [...rows.due(privateEvents.length)]
    this.#end = this.#transact(() => {
      this.#staged.put(number, staged)
      this.#move(moved)
      const end = this.#appendCommands(flush.commands)
      for (const { seq, event, symbol, data } of flush.events) {
        this.#insertEvent.run(seq, event, symbol, data, rowChecksum([seq, event, symbol], data))
      }
      if (flush.source !== undefined) this.#putMeta.run('source', JSON.stringify(flush.source))
      if (flush.checkpoint !== undefined) this.#checkpoints.put(flush.checkpoint)
      this.#retention.forgetSome(flush.events.length)
      return end
    })
    rows.remove(moved)
    rows.add(number, staged)
  }

  /** To the tables by account. */
  #move(moved: MovedRows): void {
    let count = 0
    for (const [accountId, rows] of moved) {
      for (const { seq, data } of rows.events) {
        this.#insertPrivate.run(accountId, seq, data, rowChecksum([accountId, seq], data))
      }
      this.orders.move(accountId, rows)
      count += rows.events.length
    }
    this.#staged.forgetMoved()
    this.orders.finishFlush(count)
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

  setOldest(seq: number): void {
    this.setMeta('oldest', String(seq))
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    return this.#selectEvents.all(from, limit).map(toEvent)
  }

  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const rows = this.#db
      .prepare(
        `SELECT * FROM events WHERE symbol IS ? AND event = ? AND seq < ? ${event === 'book' ? '' : BY_KIND} ORDER BY seq DESC LIMIT ?`,
      )
      .all(symbol, event, before, limit)
    return rows.map(toEvent)
  }

  /** Without those that are kept for the order archive and the ledger only. */
  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    const first = Math.max(from, this.privateOldest(accountId))
    const stored = this.#selectPrivate.all(accountId, first, limit).map(toPrivateEvent)
    return [...stored, ...this.#staged.rows.eventsFrom(accountId, first).slice(0, limit - stored.length)]
  }

  privateOldest(accountId: string): number {
    return Number(this.meta(oldestKey(accountId)) ?? 1)
  }

  setPrivateOldest(accountId: string, oldest: number): void {
    this.setMeta(oldestKey(accountId), String(oldest))
  }

  /** Those that are kept for the order archive and the ledger only. */
  archivedEvents(accountId: string): EncodedPrivateEvent[] {
    const oldest = this.privateOldest(accountId)
    const stored = this.#db
      .prepare('SELECT * FROM private_events WHERE account = ? AND seq < ? ORDER BY seq')
      .all(accountId, oldest)
      .map(toPrivateEvent)
    return [...stored, ...this.#staged.rows.of(accountId).events.filter(({ seq }) => seq < oldest)]
  }

  cashEvents(accountId: string, before: number, limit: number): EncodedPrivateEvent[] {
    const { events } = this.#staged.rows.of(accountId)
    const newest: EncodedPrivateEvent[] = []
    for (let at = events.length - 1; at >= 0 && newest.length < limit; at--) {
      const event = events[at]!
      if (event.seq < before && changesCash(event.data)) newest.push(event)
    }
    return [...newest, ...this.#selectCash.all(accountId, before, limit - newest.length).map(toPrivateEvent)]
  }

  /** All accounts that have a private stream. */
  privateAccounts(): string[] {
    const rows = this.#db.prepare('SELECT DISTINCT account FROM private_events').all()
    return [...new Set([...rows.map(({ account }) => account as string), ...this.#staged.rows.accountIds])].sort()
  }

  /**
   * Forgets what no reader may ask for: all but the newest `eventsKept` events, and what comes before the second newest
   * checkpoint. Keeps what a feed that starts restores its view from: closed minutes, news, each instrument's last
   * quote and trade, and the trades of its open minute. Checkpoints are deleted at once, events, commands and private
   * events a few with each append() from now on.
   */
  forget(eventsKept: number, privateSinceUs = 0): void {
    const eventsTo = Math.max(this.oldest(), this.head() - eventsKept + 1)
    // The row that ends there is kept: the chain goes on from it.
    const commandsTo = this.#transact(() => this.#checkpoints.prune()) ?? 0
    this.#retention.begin({ eventsTo, commandsTo, privateSinceUs })
  }

  /** True while rows are left that are to be forgotten. */
  get isForgetting(): boolean {
    return this.#retention.isForgetting
  }

  /** At an orderly end: whoever reads the file then finds everything in its tables. */
  moveStaged(): void {
    const { rows } = this.#staged
    const moved = [...rows.all()]
    if (moved.length === 0) return
    rows.remove(moved)
    this.#transact(() => this.#move(moved))
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
    if (isEmpty && isRead) throw new JournalDamaged('it is empty')
    if (!isEmpty && format !== FORMAT && format !== FORMAT_BEFORE)
      throw new JournalOutdated(`the journal is of another release (format ${format}, not ${FORMAT})`)
    if (isRead || format === FORMAT) return
    const tables = isEmpty ? `${SCHEMA}; ${LATER_TABLES}` : LATER_TABLES
    this.#db.exec(`BEGIN; ${tables}; PRAGMA user_version = ${FORMAT}; COMMIT`)
  }

  #readJson<T>(key: string): T | undefined {
    const text = this.meta(key)
    return text === undefined ? undefined : parseStored<T>(text, `its entry ${key}`)
  }

  writeCheckpoint(checkpoint: Checkpoint): void {
    this.#transact(() => this.#checkpoints.put(checkpoint))
  }
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
