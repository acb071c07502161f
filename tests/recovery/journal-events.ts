// The events in the tables of a journal whose server has ended, read and changed without the server's code: as an
// oracle, and to damage them. The layout is that of server/src/journal/tables/event-blocks.ts.

import { DatabaseSync } from 'node:sqlite'
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export interface JournalEvent {
  readonly seq: number
  readonly event: string
  readonly data: string
}

interface Block {
  readonly first: number
  readonly last: number
  readonly body: Uint8Array
}

/** After an orderly end all events that are kept. */
export function readEvents(file: string): JournalEvent[] {
  const db = new DatabaseSync(file, { readOnly: true })
  const blocks = db.prepare('SELECT first, last, body FROM event_blocks ORDER BY last').all() as unknown as Block[]
  db.close()
  return blocks.flatMap(({ first, body }) =>
    linesOf(body).map((line, index) => {
      const [, event, data] = /^(\S+) \S* (.*)$/.exec(line)!
      return { seq: first + index, event: event!, data: data! }
    }),
  )
}

/** With the right checksum. */
export function changeEvent(file: string, seq: number, change: (line: string) => string): void {
  const db = new DatabaseSync(file)
  const found = db.prepare('SELECT first, last, body FROM event_blocks WHERE last >= ? ORDER BY last LIMIT 1').get(seq)
  const { first, last, body } = found as unknown as Block
  const changed = zstdCompressSync(
    linesOf(body)
      .map((line, index) => (first + index === seq ? change(line) : line))
      .join('\n'),
  )
  const crc = crc32(changed, crc32(`${first} ${last}`))
  db.prepare('UPDATE event_blocks SET body = ?, crc = ? WHERE last = ?').run(changed, crc, last)
  db.close()
}

function linesOf(body: Uint8Array): string[] {
  return zstdDecompressSync(body).toString().split('\n')
}
