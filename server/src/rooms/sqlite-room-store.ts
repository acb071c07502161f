// The messages of rooms, and the operator's mutes there, in one SQLite file, beside the journal and apart from it: the
// market neither waits for it nor reads it. Messages that come within a tenth of a second share a transaction. Opened
// by main.ts.

import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { LastMessage, RoomStore, StoredMessage, StoredMute } from '@papertape/gateway'
import { type Clock, ROOM_MESSAGES_KEPT } from '@papertape/protocol'

/** The version of the tables below. */
const FORMAT = 1
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS messages (
    room TEXT NOT NULL, message_id INTEGER NOT NULL, user TEXT NOT NULL, text TEXT NOT NULL, ts INTEGER NOT NULL,
    account TEXT NOT NULL, client_message_id TEXT, PRIMARY KEY (room, message_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mutes (
    room TEXT NOT NULL, account TEXT NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (room, account))
    STRICT, WITHOUT ROWID;
`
/** From one transaction to the next, at least. */
const COMMIT_INTERVAL_MS = 100

interface Append {
  readonly room: string
  readonly message: StoredMessage
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface MessageRow {
  readonly message_id: number
  readonly user: string
  readonly text: string
  readonly ts: number
  readonly account: string
  readonly client_message_id: string | null
}

export class SqliteRoomStore implements RoomStore {
  readonly #db: DatabaseSync
  readonly #clock: Clock
  readonly #insert: StatementSync
  readonly #prune: StatementSync
  readonly #recent: StatementSync
  #waiting: Append[] = []
  #committedAtMs = Number.NEGATIVE_INFINITY
  #isScheduled = false

  /** @throws when the file is not one of this store. */
  constructor(path: string, clock: Clock) {
    this.#clock = clock
    this.#db = new DatabaseSync(path)
    // Without a sync of the disk for each transaction: the end of the process loses nothing, that of the machine may
    // lose the last moments. Gateway and rooms share a thread, and orders would wait for the disk.
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const { user_version: format } = this.#db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (format > FORMAT) throw new Error(`${path} has format ${format}, of a later version; move it away to start anew`)
    this.#db.exec(`BEGIN; ${SCHEMA}; PRAGMA user_version = ${FORMAT}; COMMIT`)
    this.#insert = this.#db.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?)')
    this.#prune = this.#db.prepare('DELETE FROM messages WHERE room = ? AND message_id <= ?')
    this.#recent = this.#db.prepare(
      'SELECT * FROM messages WHERE room = ? AND message_id < ? ORDER BY message_id DESC LIMIT ?',
    )
  }

  lastMessages(): ReadonlyMap<string, LastMessage> {
    // SQLite takes `ts` from the row that has the highest number.
    const rows = this.#db.prepare('SELECT room, max(message_id) AS last, ts FROM messages GROUP BY room').all()
    return new Map(rows.map(({ room, last, ts }) => [String(room), { messageId: Number(last), ts: Number(ts) }]))
  }

  recent(room: string, limit: number, before: number = Number.MAX_SAFE_INTEGER): readonly StoredMessage[] {
    const rows = this.#recent.all(room, before, limit) as unknown as MessageRow[]
    return rows.reverse().map(({ message_id, user, text, ts, account, client_message_id }) => ({
      messageId: message_id,
      user,
      text,
      ts,
      accountId: account,
      clientMessageId: client_message_id ?? undefined,
    }))
  }

  append(room: string, message: StoredMessage): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ room, message, resolve, reject })
    this.#schedule()
    return promise
  }

  forget(room: string): void {
    this.#db.prepare('DELETE FROM messages WHERE room = ?').run(room)
  }

  mutes(): readonly StoredMute[] {
    const rows = this.#db.prepare('SELECT room, account, until_ms FROM mutes').all()
    return rows.map(({ room, account, until_ms }) => ({
      room: String(room),
      accountId: String(account),
      untilMs: Number(until_ms),
    }))
  }

  mute({ room, accountId, untilMs }: StoredMute, nowMs: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO mutes VALUES (?, ?, ?)').run(room, accountId, untilMs)
    this.#db.prepare('DELETE FROM mutes WHERE until_ms <= ?').run(Math.floor(nowMs))
  }

  /** Stores what waits. */
  close(): void {
    this.#commit()
    this.#db.close()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const waitMs = Math.max(0, this.#committedAtMs + COMMIT_INTERVAL_MS - this.#clock.nowMs())
    this.#clock.setTimer(() => this.#commit(), waitMs)
  }

  #commit(): void {
    this.#isScheduled = false
    const appends = this.#waiting
    this.#waiting = []
    if (appends.length === 0) return
    try {
      this.#db.exec('BEGIN')
      for (const append of appends) this.#write(append)
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const { reject } of appends) reject(error)
      return
    } finally {
      this.#committedAtMs = this.#clock.nowMs()
    }
    for (const { resolve } of appends) resolve()
  }

  #write({ room, message }: Append): void {
    const { messageId, user, text, ts, accountId, clientMessageId } = message
    this.#insert.run(room, messageId, user, text, ts, accountId, clientMessageId ?? null)
    this.#prune.run(room, messageId - ROOM_MESSAGES_KEPT)
  }
}
