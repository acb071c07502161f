// The table of public events: compressed blocks of them, since readers who resume get them in their order and one event
// has an eighth of its bytes there. A block is written once and deleted as a whole. Called by sqlite-journal.ts.

import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { FeedEventName } from '@papertape/protocol'
import { type EncodedEvent, EventDamaged } from '@papertape/venue'
import { compressText, decompressText } from '../compression.ts'

export const EVENT_BLOCK_TABLE = `
  CREATE TABLE IF NOT EXISTS event_blocks (
    last INTEGER PRIMARY KEY, first INTEGER NOT NULL, body BLOB NOT NULL, crc INTEGER NOT NULL) STRICT;
`
/** Deleting one frees about ten pages. */
const FORGOTTEN_AT_ONCE = 4

interface StoredBlock {
  readonly first: number
  readonly last: number
  readonly body: Uint8Array
  readonly crc: number
}

export class EventBlocks {
  readonly #insert
  readonly #from
  readonly #below
  readonly #head
  readonly #forget
  /** The block that was read last: readers page through it. */
  #read: { readonly last: number; readonly events: readonly EncodedEvent[] } | undefined

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT INTO event_blocks VALUES (?, ?, ?, ?)')
    this.#forget = db.prepare(`DELETE FROM event_blocks WHERE last IN (
        SELECT last FROM event_blocks WHERE last < ? ORDER BY last LIMIT ${FORGOTTEN_AT_ONCE})`)
    this.#from = db.prepare('SELECT * FROM event_blocks WHERE last >= ? ORDER BY last LIMIT 1')
    this.#below = db.prepare('SELECT * FROM event_blocks WHERE first < ? ORDER BY last DESC LIMIT 1')
    this.#head = db.prepare('SELECT max(last) AS last FROM event_blocks')
  }

  /** The last event's number; 0 when there is none. */
  head(): number {
    return (this.#head.get()?.last as number | null) ?? 0
  }

  /** Called within a transaction. @param events without a gap */
  put(events: readonly EncodedEvent[]): void {
    const [first, last] = [events[0]!.seq, events.at(-1)!.seq]
    const lines = events.map(({ event, symbol, data }) => `${event} ${symbol ?? ''} ${data}`)
    const body = compressText(lines.join('\n'))
    this.#insert.run(last, first, body, blockChecksum(first, last, body))
  }

  /** @throws {EventDamaged} */
  *from(seq: number): Generator<EncodedEvent> {
    for (let next = seq; ; ) {
      const block = this.#from.get(next) as unknown as StoredBlock | undefined
      if (block === undefined) return
      for (const event of this.#eventsOf(block)) if (event.seq >= next) yield event
      next = block.last + 1
    }
  }

  /** Newest first. @throws {EventDamaged} */
  *below(seq: number): Generator<EncodedEvent> {
    for (let before = seq; ; ) {
      const block = this.#below.get(before) as unknown as StoredBlock | undefined
      if (block === undefined) return
      const events = this.#eventsOf(block)
      for (let at = events.length - 1; at >= 0; at--) if (events[at]!.seq < before) yield events[at]!
      before = block.first
    }
  }

  /** Deletes some blocks that end below a number. Called within a transaction. @returns false when none is left. */
  forget(below: number): boolean {
    return this.#forget.run(below).changes === FORGOTTEN_AT_ONCE
  }

  #eventsOf(block: StoredBlock): readonly EncodedEvent[] {
    if (this.#read?.last !== block.last) this.#read = { last: block.last, events: decodeBlock(block) }
    return this.#read.events
  }
}

function blockChecksum(first: number, last: number, body: Uint8Array): number {
  return crc32(body, crc32(`${first} ${last}`))
}

function decodeBlock({ first, last, body, crc }: StoredBlock): readonly EncodedEvent[] {
  const damaged = () => new EventDamaged(last, `the events from ${first} to ${last} are not what was written`)
  if (!(body instanceof Uint8Array) || blockChecksum(first, last, body) !== crc) throw damaged()
  const lines = decompressText(body).split('\n')
  if (lines.length !== last - first + 1) throw damaged()
  return lines.map((line, index) => {
    const kindEnd = line.indexOf(' ')
    const symbolEnd = line.indexOf(' ', kindEnd + 1)
    const symbol = line.slice(kindEnd + 1, symbolEnd)
    return {
      seq: first + index,
      event: line.slice(0, kindEnd) as FeedEventName,
      symbol: symbol === '' ? null : symbol,
      data: line.slice(symbolEnd + 1),
    }
  })
}
