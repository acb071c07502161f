// The public events that are read by instrument and kind: trades, closed minutes, news; and of each instrument the last
// quote. Rows of their own, beside the blocks that have all events (event-blocks.ts), and kept for longer: a feed that
// starts restores its view from them. Called by sqlite-journal.ts.

import type { DatabaseSync } from 'node:sqlite'
import type { FeedEventName } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { requireChecksum, rowChecksum } from './stored-rows.ts'

export const HISTORY_TABLES = `
  CREATE TABLE IF NOT EXISTS history (
    symbol TEXT NOT NULL, event TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (symbol, event, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS last_quotes (
    symbol TEXT PRIMARY KEY, seq INTEGER NOT NULL, data TEXT NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`
const KINDS: ReadonlySet<FeedEventName> = new Set(['trade', 'candle', 'news'])

export function hasHistory(event: FeedEventName): boolean {
  return KINDS.has(event)
}

/** Of one instrument; those of the whole market are stored with no symbol. */
interface StoredRow {
  readonly symbol: string
  readonly seq: number
  readonly data: string
  readonly crc: number
}

/** Trades that are deleted at once. */
const FORGOTTEN_AT_ONCE = 512
/** The trades of an instrument's open minute are kept, and its last one. */
const FORGET = `
  DELETE FROM history WHERE symbol = :symbol AND event = 'trade' AND seq IN (
    SELECT seq FROM history WHERE symbol = :symbol AND event = 'trade' AND seq < min(:below,
      coalesce((SELECT max(seq) FROM history WHERE symbol = :symbol AND event = 'candle'), 0),
      (SELECT max(seq) FROM history WHERE symbol = :symbol AND event = 'trade'))
    ORDER BY seq LIMIT ${FORGOTTEN_AT_ONCE})
`

export class HistoryTable {
  readonly #statements
  /** Instruments whose trades have been forgotten up to here. */
  #reached = ''

  constructor(db: DatabaseSync) {
    this.#statements = {
      put: db.prepare('INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, ?)'),
      putQuote: db.prepare('INSERT OR REPLACE INTO last_quotes VALUES (?, ?, ?, ?)'),
      forget: db.prepare(FORGET),
      page: db.prepare(
        'SELECT symbol, seq, data, crc FROM history WHERE symbol = ? AND event = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
      ),
      lastQuote: db.prepare('SELECT symbol, seq, data, crc FROM last_quotes WHERE symbol = ?'),
      nextSymbol: db.prepare('SELECT min(symbol) AS symbol FROM history WHERE symbol > ?'),
    }
  }

  /** Called within a transaction. */
  put(events: readonly EncodedEvent[]): void {
    for (const { seq, event, symbol, data } of events) {
      const key = symbol ?? ''
      this.#statements.put.run(key, event, seq, data, rowChecksum([key, event, seq], data))
    }
  }

  /** Called within a transaction, with events in their order. */
  putQuotes(events: readonly EncodedEvent[]): void {
    const last = new Map<string, EncodedEvent>()
    for (const event of events) if (event.event === 'quote' && event.symbol !== null) last.set(event.symbol, event)
    for (const [symbol, { seq, data }] of last) {
      this.#statements.putQuote.run(symbol, seq, data, rowChecksum([symbol, 'quote', seq], data))
    }
  }

  /** Newest first, below a number. @throws {EventDamaged} */
  page(symbol: string | null, event: FeedEventName, before: number, limit: number): EncodedEvent[] {
    const rows = this.#statements.page.all(symbol ?? '', event, before, limit) as unknown as StoredRow[]
    return rows.map(row => toEvent(row, event))
  }

  lastQuote(symbol: string | null): EncodedEvent | undefined {
    const row = this.#statements.lastQuote.get(symbol ?? '') as unknown as StoredRow | undefined
    return row && toEvent(row, 'quote')
  }

  /**
   * Deletes some trades below a number, of one instrument after the other. Called within a transaction.
   * @returns false when none is left.
   */
  forget(below: number): boolean {
    const symbol = this.#statements.nextSymbol.get(this.#reached)?.symbol as string | null
    if (symbol === null) {
      this.#reached = ''
      return false
    }
    const { changes } = this.#statements.forget.run({ symbol, below })
    if (changes !== FORGOTTEN_AT_ONCE) this.#reached = symbol
    return true
  }
}

function toEvent({ symbol, seq, data, crc }: StoredRow, event: FeedEventName): EncodedEvent {
  requireChecksum([symbol, event, seq], data, crc, seq, `event ${seq}`)
  return { seq, event, symbol: symbol === '' ? null : symbol, data }
}
