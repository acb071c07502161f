// What is compressed in a journal whose server has ended, the events of its tables and the flushes of its log, read
// and changed without the server's code: as an oracle, and to damage it. The layouts are those of
// server/src/journal/tables/event-blocks.ts and server/src/journal/log/flush-log.ts.

import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Its length, two numbers, and the hash of the chain. */
const FLUSH_HEAD_BYTES = 4 + 6 + 6 + 32
/** A flush may begin at the next page, and the file may be longer than its flushes: zeros are between. */
const PAGE_BYTES = 4_096

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

/** The text of the flushes in a file of the log. */
export function readFlushes(file: string): string {
  const bytes = readFileSync(file)
  const texts: string[] = []
  for (let at = bytes.indexOf('\n') + 1; at < bytes.length; ) {
    const pageEnd = Math.ceil(at / PAGE_BYTES) * PAGE_BYTES
    if (bytes.subarray(at, pageEnd).every(byte => byte === 0)) at = pageEnd
    const bodyAt = at + FLUSH_HEAD_BYTES
    if (bytes.subarray(at, bodyAt).every(byte => byte === 0)) break
    const end = bodyAt + bytes.readUInt32LE(at)
    texts.push(zstdDecompressSync(bytes.subarray(bodyAt, end)).toString())
    at = end
  }
  return texts.join('\n')
}

function linesOf(body: Uint8Array): string[] {
  return zstdDecompressSync(body).toString().split('\n')
}
