// The journal in files: a log to which each flush is appended and synced (flush-log.ts), and a SQLite database whose
// tables get the rows later, many at a time. What the tables have not yet is in memory, and every read has it with
// theirs. Stores rows and interprets none. Checks what it reads: each flush has the hash of all flushes before it, each
// row a checksum.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from '@papertape/venue'
import {
  applyChanges,
  type Checkpoint,
  changesBetween,
  type Flush,
  type Journal,
  JournalDamaged,
  type LoggedCommand,
  type SourceChanges,
  type StoredCheckpoint,
} from '@papertape/venue'
import { isDamage, SQLITE, sqliteCode } from './journal-failures.ts'
import type { JournalEnd } from './log/command-chain.ts'
import type { FlushLog, JournalAccess } from './log/flush-log.ts'
import { decodeFlush, encodeFlush, type FlushRecord } from './log/flush-record.ts'
import { NOTHING_STORED, openFlushLog, type StoredMarks } from './log/open-flush-log.ts'
import { PrivateEvents } from './private-events.ts'
import { PublicEvents } from './public-events.ts'
import { Retention } from './retention.ts'
import { type MovedRows, StagedRows, stagedFlush } from './staged-rows.ts'
import { SameThreadSync, type StoreSync } from './store-sync.ts'
import { syncTables } from './sync-tables.ts'
import { CheckpointTable } from './tables/checkpoint-table.ts'
import { prepareTables } from './tables/journal-tables.ts'
import { MetaTable } from './tables/meta-table.ts'
import { MovedAccounts } from './tables/moved-accounts.ts'
import { OrderTable } from './tables/order-table.ts'

/** How long a reader beside a writer waits while SQLite locks the file. */
const LOCKED_MAX_MS = 2_000
/** The tables are synced at each checkpoint, and when the WAL has about as many rows. */
const ROWS_PER_SYNC = 20_000

interface Forgetting {
  readonly eventsKept: number
  readonly privateSinceUs: number
}

export interface SqliteJournalOptions {
  readonly access?: JournalAccess
  /** Given the journal's file; without it the caller's thread syncs the tables. */
  readonly openSync?: ((file: string) => StoreSync) | undefined
}

export class SqliteJournal implements Journal {
  readonly orders: OrderTable
  readonly #staged = new StagedRows()
  readonly #db: DatabaseSync
  /** Undefined for a journal in memory. */
  readonly #file: string | undefined
  readonly #log: FlushLog
  readonly #sync: StoreSync
  readonly #meta: MetaTable
  readonly #checkpoints: CheckpointTable
  readonly #publicEvents: PublicEvents
  readonly #privateEvents: PrivateEvents
  readonly #retention: Retention
  #stored: StoredMarks
  #source: unknown
  /** Not in its table yet. */
  #checkpoint: Checkpoint | undefined
  #forgetting: Forgetting | undefined
  /** Commands up to this one are not needed: those before the older of the two checkpoints. */
  #prunedTo = 0
  #rowsToSync = 0

  /**
   * @param path a file, created with its folders when absent, or `:memory:`.
   * @throws {JournalOutdated} when it is of another release.
   * @throws {JournalDamaged}
   */
  constructor(path: string, { access = 'write', openSync }: SqliteJournalOptions = {}) {
    const isRead = access !== 'write'
    if (path !== ':memory:' && !isRead) mkdirSync(dirname(path), { recursive: true })
    this.#db = new DatabaseSync(path, { readOnly: isRead, timeout: LOCKED_MAX_MS })
    try {
      // Reads one state of the file, however much a server stores meanwhile.
      if (isRead) this.#db.exec('BEGIN')
      // NORMAL: a commit may be lost in a power failure, and the log has what was in it. Synced by #sync.
      else this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0')
      prepareTables(this.#db, isRead)
      this.#meta = new MetaTable(this.#db)
      this.#checkpoints = new CheckpointTable(this.#db)
      const isSalvage = access === 'salvage'
      this.#log = openFlushLog(path, access, { db: this.#db, meta: this.#meta, checkpoints: this.#checkpoints })
      this.#publicEvents = new PublicEvents(this.#db, this.#meta)
      this.#privateEvents = new PrivateEvents(this.#db, this.#meta, this.#staged)
      this.orders = new OrderTable(this.#db, this.#staged)
      this.#retention = new Retention(this.#db, this.#publicEvents, this.#privateEvents, this.#staged)
      this.#stored = this.#meta.json<StoredMarks>('stored', isSalvage) ?? NOTHING_STORED
      this.#source = this.#meta.json('source', isSalvage)
      this.#restore(isSalvage)
      this.#file = path === ':memory:' ? undefined : path
      this.#sync =
        this.#file === undefined || isRead || openSync === undefined
          ? new SameThreadSync(this.#db, this.#file)
          : openSync(this.#file)
    } catch (error) {
      this.#db.close()
      if (sqliteCode(error) !== SQLITE.error) throw error
      throw new JournalDamaged(`its tables are not those of a journal: ${(error as Error).message}`, { cause: error })
    }
  }

  get lastCommand(): number {
    return this.#log.end.number
  }

  get end(): JournalEnd {
    return this.#log.end
  }

  /** Whether it has a flush that ends with this command and this hash; undefined when it is no longer kept. */
  hasEnd({ number, chain }: JournalEnd): boolean | undefined {
    if (number === this.end.number) return chain === this.end.chain
    for (const flush of this.#log.flushesAfter(number - 1)) {
      if (flush.last === number) return chain === flush.chain
      if (flush.after < number && number < flush.last) return false
    }
    return undefined
  }

  meta(key: string): string | undefined {
    return this.#meta.get(key)
  }

  setMeta(key: string, value: string): void {
    this.#meta.put(key, value)
  }

  /**
   * All or nothing; durable when it returns. The tables get it by maintain(). A flush without commands, such as the
   * first checkpoint of a market, is stored there at once.
   */
  append(flush: Flush): void {
    const { commands, events, privateEvents, orders = [], source, checkpoint } = flush
    const staged = stagedFlush(privateEvents, orders, this.orders.nowUs)
    this.#staged.requireOrder(staged)
    const { number: after } = this.end
    const last = commands.at(-1)?.number
    if (last !== undefined) {
      const record = { commands, events, staged, clockUs: this.orders.nowUs, ...this.#changesTo(source) }
      this.#log.append({ last, lastEvent: events.at(-1)?.seq ?? this.head(), body: encodeFlush(record) })
    }
    if (source !== undefined) this.#source = source
    this.#staged.add(staged, after)
    this.#publicEvents.add(events)
    if (last === undefined) this.#storeUnlogged(events, checkpoint)
  }

  /** What of the log's flush says what the source is now. */
  #changesTo(source: unknown): Pick<FlushRecord, 'source' | 'sourceChanges'> {
    if (source === undefined) return {}
    const sourceChanges = changesBetween(this.#source, source)
    return sourceChanges === undefined ? { source } : { sourceChanges }
  }

  /** Of a flush that the log has not. */
  #storeUnlogged(events: readonly EncodedEvent[], checkpoint: Checkpoint | undefined): void {
    if (checkpoint !== undefined) this.#checkpoint = checkpoint
    this.#store(true)
    this.#transact(() => {
      this.#publicEvents.storeLastQuotes(events)
      this.#putSource(this.end.number)
    })
    syncTables(this.#db, this.#file)
  }

  maintain(): boolean {
    const isDue = this.#publicEvents.isDue || this.#staged.isDue || this.#checkpoint !== undefined
    const stores = isDue || this.isForgetting
    if (stores) this.#store(false)
    if (this.#rowsToSync >= ROWS_PER_SYNC && !this.#sync.isRunning) this.#beginSync()
    return stores
  }

  /** Everything that the log has. At an orderly end whoever reads the database then finds it in its tables. */
  storeAll(): void {
    this.#store(true)
  }

  /**
   * One transaction. What has left memory comes back when it fails only by a start: the caller must not go on.
   * @param isAll also what is not due yet
   */
  #store(isAll: boolean): void {
    const checkpoint = this.#checkpoint
    // At a checkpoint all events: they are forgotten in the tables alone.
    const isWhole = isAll || checkpoint !== undefined || this.#forgetting !== undefined
    // The log is kept for rows of the history that are not due, but not for longer than until the next checkpoint.
    const isHistoryLate = checkpoint !== undefined && this.#stored.historyTo < this.#prunedTo
    this.#transact(() => {
      const { rows, hasHistory } = this.#publicEvents.store(isWhole, isAll || isHistoryLate)
      this.#rowsToSync += rows + this.#move([...(isAll ? this.#staged.all() : this.#staged.due())])
      if (checkpoint !== undefined) {
        this.#checkpoints.put(checkpoint)
        this.#rowsToSync += ROWS_PER_SYNC
      }
      this.#putMarks({
        ...(hasHistory && { history: this.head(), historyTo: this.end.number }),
        staged: this.#staged.after ?? this.end.number,
      })
      if (checkpoint !== undefined) this.#putSource(checkpoint.number)
      if (this.#forgetting !== undefined) this.#beginForgetting(this.#forgetting)
      this.#retention.forgetSome()
    })
    this.#checkpoint = undefined
  }

  #putMarks(marks: Partial<StoredMarks>): void {
    this.#stored = { ...this.#stored, ...marks }
    this.#meta.put('stored', JSON.stringify(this.#stored))
  }

  /** The source as it is now, or was at this command: the changes after it make it what it is now, too. */
  #putSource(number: number): void {
    this.#meta.put('source', JSON.stringify(this.#source ?? null))
    this.#putMarks({ source: number })
  }

  /** To the tables by account. @returns how many events it was */
  #move(moved: MovedRows): number {
    let count = 0
    for (const [accountId, rows] of moved) {
      this.#privateEvents.put(rows.events)
      this.orders.move(accountId, rows)
      count += rows.events.length
    }
    this.#staged.remove(moved)
    this.orders.finishMove(count)
    return count
  }

  /** Once the tables are synced the log need not have what they had when the sync began. */
  #beginSync(): void {
    const { historyTo, staged } = this.#stored
    const droppedTo = Math.min(this.#prunedTo, historyTo, staged)
    this.#rowsToSync = 0
    this.#sync.begin(() => this.#log.drop(droppedTo))
  }

  #transact(change: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      change()
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  source(): unknown {
    return this.#source
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
   * @throws {JournalDamaged} at a flush that is not the one that was written, or where one is missing.
   */
  *commandsAfter(number: number): Generator<LoggedCommand> {
    let last = number
    for (const { after, body } of this.#log.flushesAfter(number)) {
      if (after > last) break
      for (const command of decodeFlush(body).commands) {
        if (command.number <= number) continue
        last = command.number
        yield command
      }
    }
    if (last < this.end.number) throw new JournalDamaged(`the commands after ${last} are missing`)
  }

  head(): number {
    return this.#publicEvents.head
  }

  oldest(): number {
    return this.#publicEvents.oldest
  }

  setOldest(seq: number): void {
    this.#publicEvents.setOldest(seq)
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    return this.#publicEvents.from(from, limit)
  }

  history(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    return this.#publicEvents.history(symbol, event, before, limit)
  }

  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    return this.#privateEvents.from(accountId, from, limit)
  }

  privateOldest(accountId: string): number {
    return this.#privateEvents.oldest(accountId)
  }

  setPrivateOldest(accountId: string, oldest: number): void {
    this.#privateEvents.setOldest(accountId, oldest)
  }

  archivedEvents(accountId: string): EncodedPrivateEvent[] {
    return this.#privateEvents.archived(accountId)
  }

  cashEvents(accountId: string, before: number, limit: number): EncodedPrivateEvent[] {
    return this.#privateEvents.cash(accountId, before, limit)
  }

  privateAccounts(): string[] {
    return this.#privateEvents.accounts()
  }

  /** Begun by the next maintain(), and done by it and later ones. */
  forget(eventsKept: number, privateSinceUs = 0): void {
    this.#forgetting = { eventsKept, privateSinceUs }
  }

  /** Called within a transaction. */
  #beginForgetting({ eventsKept, privateSinceUs }: Forgetting): void {
    this.#prunedTo = this.#checkpoints.prune() ?? this.#prunedTo
    this.setOldest(Math.max(this.oldest(), this.head() - eventsKept + 1))
    this.#retention.begin(privateSinceUs)
    this.#forgetting = undefined
  }

  /** True while rows are left that are to be forgotten. */
  get isForgetting(): boolean {
    return this.#forgetting !== undefined || this.#retention.isForgetting
  }

  /** @throws {JournalGone} when the file of the log was deleted or replaced. */
  requireFile(): void {
    this.#log.requireFile()
  }

  /** What is not stored yet is stored by the next start. */
  close(): void {
    this.#sync.close()
    this.#log.close()
    this.#db.close()
  }

  /** Reads from the log what the tables have not. */
  #restore(isSalvage: boolean): void {
    const { history, staged, source } = this.#stored
    const head = this.head()
    const moved = new MovedAccounts(this.#db, this.#privateEvents, isSalvage)
    let clockUs = 0
    try {
      for (const { after, last, lastEvent, body } of this.#log.flushesAfter(0)) {
        if (lastEvent <= head && lastEvent <= history && last <= Math.min(staged, source)) continue
        const record = decodeFlush(body)
        this.#publicEvents.restore(record.events, head, history)
        this.#staged.add(moved.rowsLeft(record.staged), after)
        if (last > source) this.#source = sourceAfter(this.#source, record, isSalvage)
        clockUs = record.clockUs
      }
    } catch (error) {
      if (!isSalvage || !isDamage(error)) throw error
    }
    this.orders.resumeClock(clockUs)
  }

  writeCheckpoint(checkpoint: Checkpoint): void {
    // Its rows and those of the one before would be one.
    if (this.#checkpoint !== undefined) this.#store(false)
    this.#checkpoint = checkpoint
    this.#log.rotate()
  }
}

/** In a salvage undefined where the state that the changes are of is lost. */
function sourceAfter(before: unknown, record: FlushRecord, isSalvage: boolean): unknown {
  if ('source' in record) return record.source
  if (!('sourceChanges' in record)) return before
  if (before !== null && typeof before === 'object') return applyChanges(before, record.sourceChanges as SourceChanges)
  if (isSalvage) return undefined
  throw new JournalDamaged('the state of the market that its flushes have changed is missing')
}
