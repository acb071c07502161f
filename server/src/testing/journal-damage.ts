// For tests of what a start and --verify find: changes rows of a journal that has no server, with checksums and hashes
// that are right for what they have then.

import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { EncodedEvent } from '@papertape/venue'
import { EMPTY_JOURNAL_END } from '../journal/log/command-chain.ts'
import { FileFlushLog, filesOf } from '../journal/log/flush-log.ts'
import { decodeFlush, encodeFlush, type FlushRecord } from '../journal/log/flush-record.ts'
import { EventBlocks } from '../journal/tables/event-blocks.ts'

/** The events that are in blocks. */
export function changeEvents(file: string, change: (events: EncodedEvent[]) => EncodedEvent[]): void {
  const db = new DatabaseSync(file)
  const blocks = new EventBlocks(db)
  const changed = change([...blocks.from(0)])
  db.exec('DELETE FROM event_blocks')
  let block: EncodedEvent[] = []
  for (const event of changed) {
    const last = block.at(-1)?.seq ?? event.seq - 1
    if (event.seq !== last + 1) {
      blocks.put(block)
      block = []
    }
    block.push(event)
  }
  if (block.length > 0) blocks.put(block)
  db.close()
}

/** The flushes of the log. @param change undefined leaves a flush out */
export function changeFlushes(
  file: string,
  change: (record: FlushRecord, index: number, count: number) => FlushRecord | undefined,
): void {
  const options = { journalFile: file, log: logOf(file), begin: EMPTY_JOURNAL_END }
  const flushes = [...new FileFlushLog({ ...options, access: 'read' }).flushesAfter(0)]
  for (const path of filesOf(file)) rmSync(path)
  const log = new FileFlushLog({ ...options, access: 'write' })
  for (const [index, { last, lastEvent, body }] of flushes.entries()) {
    const changed = change(decodeFlush(body), index, flushes.length)
    if (changed !== undefined) log.append({ last, lastEvent, body: encodeFlush(changed) })
  }
  log.close()
}

/** The same with the text of its commands. */
export function changeCommands(file: string, from: string, to: string): void {
  let count = 0
  changeFlushes(file, record => {
    const text = JSON.stringify(record.commands)
    if (text.includes(from)) count++
    return { ...record, commands: JSON.parse(text.replace(from, to)) }
  })
  if (count === 0) throw new Error(`no command has ${from}`)
}

/** A block of events is not what was written. */
export function flipBlock(file: string): void {
  const db = new DatabaseSync(file)
  db.exec("UPDATE event_blocks SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)")
  db.close()
}

function logOf(file: string): string {
  const db = new DatabaseSync(file, { readOnly: true })
  const { value } = db.prepare("SELECT value FROM meta WHERE key = 'log'").get() as { value: string }
  db.close()
  return value
}
