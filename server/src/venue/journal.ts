// The durable truth: commands, the events they caused, private streams, checkpoints. One SQLite file, one writer, one
// transaction a flush. Knows rows, not markets; whoever calls it decides what belongs together.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Command, FeedEventName, Stamp } from '@papertape/protocol'
import type { EncodedEvent, EncodedPrivateEvent } from './messages.ts'

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS commands (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    seq INTEGER PRIMARY KEY, event TEXT NOT NULL, symbol TEXT, data TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS events_by_symbol ON events (symbol, event, seq);
  CREATE TABLE IF NOT EXISTS private_events (
    account TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS checkpoints (
    number INTEGER PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL) STRICT;
`

const FORGET_EVENTS = `
  DELETE FROM events AS old WHERE seq < ? AND event <> 'candle'
    AND NOT (event IN ('quote', 'trade') AND seq = (
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = old.event))
    AND NOT (event = 'trade' AND seq > coalesce((
      SELECT max(seq) FROM events WHERE symbol = old.symbol AND event = 'candle'), 0))
`

export interface LoggedCommand {
  readonly number: number
  readonly stamp: Stamp
  readonly command: Command
}

export interface Checkpoint {
  /** The last command that it includes; 0 is the market before its first. */
  readonly number: number
  /** The last public event that it includes. */
  readonly seq: number
  readonly hash: string
  readonly state: unknown
}

export interface Flush {
  readonly commands: readonly LoggedCommand[]
  readonly events: readonly EncodedEvent[]
  readonly privateEvents: readonly EncodedPrivateEvent[]
  /** What the market source needs to go on from here. */
  readonly source: unknown
  readonly checkpoint?: Checkpoint
}

export class Journal {
  readonly #db: DatabaseSync
  readonly #insertCommand
  readonly #insertEvent
  readonly #insertPrivate
  readonly #putMeta

  /** @param path a file, made with its folders when absent, or `:memory:` for a market that is forgotten. */
  constructor(path: string) {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    this.#db = new DatabaseSync(path)
    // FULL: a commit is on the disk when it returns. A single connection owns the file, so a second server on the same
    // folder fails at once instead of writing between our lines.
    this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    this.#db.exec(SCHEMA)
    this.#insertCommand = this.#db.prepare('INSERT INTO commands VALUES (?, ?, ?)')
    this.#insertEvent = this.#db.prepare('INSERT INTO events VALUES (?, ?, ?, ?)')
    this.#insertPrivate = this.#db.prepare('INSERT INTO private_events VALUES (?, ?, ?)')
    this.#putMeta = this.#db.prepare(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    )
  }

  meta(key: string): string | undefined {
    return this.#db.prepare('SELECT value FROM meta WHERE key = ?').get(key)?.value as string | undefined
  }

  setMeta(key: string, value: string): void {
    this.#putMeta.run(key, value)
  }

  /** All of it or nothing; durable when it returns. */
  append(flush: Flush): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      this.#appendCommands(flush.commands)
      for (const { seq, event, symbol, data } of flush.events) this.#insertEvent.run(seq, event, symbol, data)
      for (const { accountId, seq, data } of flush.privateEvents) this.#insertPrivate.run(accountId, seq, data)
      this.#putMeta.run('source', JSON.stringify(flush.source))
      if (flush.checkpoint !== undefined) this.#putCheckpoint(flush.checkpoint)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  source(): unknown {
    const text = this.meta('source')
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** The newest checkpoint, or the oldest that is kept. */
  checkpoint(which: 'newest' | 'oldest'): Checkpoint | undefined {
    const order = which === 'newest' ? 'DESC' : 'ASC'
    const row = this.#db.prepare(`SELECT * FROM checkpoints ORDER BY number ${order} LIMIT 1`).get()
    if (row === undefined) return undefined
    const { number, seq, hash, state } = row as { number: number; seq: number; hash: string; state: string }
    return { number, seq, hash, state: JSON.parse(state) }
  }

  checkpointHashes(): Map<number, string> {
    const rows = this.#db.prepare('SELECT number, hash FROM checkpoints').all() as { number: number; hash: string }[]
    return new Map(rows.map(row => [row.number, row.hash]))
  }

  /** Commands after a number, in order, read as they are needed. */
  *commandsAfter(number: number): Generator<LoggedCommand> {
    const rows = this.#db.prepare('SELECT body FROM commands WHERE last > ? ORDER BY first').iterate(number)
    for (const row of rows) {
      for (const logged of JSON.parse(row.body as string) as LoggedCommand[]) {
        if (logged.number > number) yield logged
      }
    }
  }

  /** The last event's number; 0 when there is none. */
  head(): number {
    return (this.#db.prepare('SELECT max(seq) AS seq FROM events').get() as { seq: number | null }).seq ?? 0
  }

  /** The first event from which on none is missing. */
  oldest(): number {
    return Number(this.meta('oldest') ?? 1)
  }

  eventsFrom(from: number, limit: number): EncodedEvent[] {
    const rows = this.#db.prepare('SELECT * FROM events WHERE seq >= ? ORDER BY seq LIMIT ?').all(from, limit)
    return rows as unknown as EncodedEvent[]
  }

  history(symbol: string, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const rows = this.#db
      .prepare('SELECT * FROM events WHERE symbol = ? AND event = ? AND seq < ? ORDER BY seq DESC LIMIT ?')
      .all(symbol, event, before, limit)
    return rows as unknown as EncodedEvent[]
  }

  privateEvents(accountId: string, from: number, limit: number): EncodedPrivateEvent[] {
    const rows = this.#db
      .prepare(
        'SELECT account AS accountId, seq, data FROM private_events WHERE account = ? AND seq >= ? ORDER BY seq LIMIT ?',
      )
      .all(accountId, from, limit)
    return rows as unknown as EncodedPrivateEvent[]
  }

  /**
   * Forgets what no reader may ask for: all but the newest `eventsKept` events, and what comes before the second newest
   * checkpoint. Closed minutes stay, they are the charts' memory; so does what a gateway that starts makes its view of:
   * each instrument's last quote and trade, and the trades of its open minute.
   */
  prune(eventsKept: number): void {
    const oldest = Math.max(this.oldest(), this.head() - eventsKept + 1)
    this.#db.exec('BEGIN IMMEDIATE')
    this.#db.prepare(FORGET_EVENTS).run(oldest)
    this.#putMeta.run('oldest', String(oldest))
    const kept = this.#db.prepare('SELECT number FROM checkpoints ORDER BY number DESC LIMIT 2').all() as {
      number: number
    }[]
    if (kept.length === 2) {
      this.#db.prepare('DELETE FROM checkpoints WHERE number < ?').run(kept[1]!.number)
      this.#db.prepare('DELETE FROM commands WHERE last <= ?').run(kept[1]!.number)
    }
    this.#db.exec('COMMIT')
  }

  close(): void {
    this.#db.close()
  }

  /** One row a flush: nobody looks a command up, they are only ever read in order. */
  #appendCommands(commands: readonly LoggedCommand[]): void {
    if (commands.length === 0) return
    this.#insertCommand.run(commands[0]!.number, commands.at(-1)!.number, JSON.stringify(commands))
  }

  /** Outside a flush: only when nothing is pending. */
  writeCheckpoint(checkpoint: Checkpoint): void {
    this.#putCheckpoint(checkpoint)
  }

  #putCheckpoint({ number, seq, hash, state }: Checkpoint): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)')
      .run(number, seq, hash, JSON.stringify(state))
  }
}
