// A flush as the flush log has it: a line for each row, with spaces between its columns, of which only JSON, the last,
// may have one; compressed. Reads and writes no file. Written and read by sqlite-journal.ts.

import type { Command, FeedEventName } from '@papertape/protocol'
import { type EncodedEvent, JournalDamaged, type LoggedCommand } from '@papertape/venue'
import { compressText, decompressText } from '../compression.ts'
import { decodeStagedLine, encodeStaged, type MutableStagedFlush, type StagedFlush } from '../staged-rows.ts'

export interface FlushRecord {
  readonly commands: readonly LoggedCommand[]
  readonly events: readonly EncodedEvent[]
  readonly staged: StagedFlush
  /** The retention clock after the flush, microseconds. */
  readonly clockUs: number
  /** The state of the market source where it was stored whole. */
  readonly source?: unknown
  /** Or what has changed of it since the flush before; see source-changes.ts. */
  readonly sourceChanges?: unknown
}

export function encodeFlush(flush: FlushRecord): Buffer {
  const lines = [`clock ${flush.clockUs}`]
  for (const { number, stamp, command } of flush.commands) {
    lines.push(`command ${number} ${stamp.ts} ${stamp.time} ${JSON.stringify(command)}`)
  }
  for (const { seq, event, symbol, data } of flush.events) lines.push(`public ${seq} ${event} ${symbol ?? ''} ${data}`)
  encodeStaged(flush.staged, lines)
  if ('source' in flush) lines.push(`source ${JSON.stringify(flush.source)}`)
  if ('sourceChanges' in flush) lines.push(`changes ${JSON.stringify(flush.sourceChanges)}`)
  return compressText(lines.join('\n'))
}

/** @throws {JournalDamaged} when it is not what encodeFlush() gave. */
export function decodeFlush(body: Uint8Array): FlushRecord {
  try {
    return decodeLines(decompressText(body).split('\n'))
  } catch (error) {
    throw new JournalDamaged(`a flush cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function decodeLines(lines: readonly string[]): FlushRecord {
  const commands: LoggedCommand[] = []
  const events: EncodedEvent[] = []
  const staged: MutableStagedFlush = new Map()
  let clockUs = 0
  let source: Pick<FlushRecord, 'source' | 'sourceChanges'> = {}
  for (const line of lines) {
    const kind = line.slice(0, line.indexOf(' '))
    if (kind === 'clock') clockUs = Number(columnsOf(line, 2)[1])
    else if (kind === 'command') {
      const [, number, ts, time, json] = columnsOf(line, 5) as [string, string, string, string, string]
      const command = JSON.parse(json) as Command
      commands.push({ number: Number(number), stamp: { ts: Number(ts), time: Number(time) }, command })
    } else if (kind === 'public') {
      const [, seq, event, symbol, data] = columnsOf(line, 5) as [string, string, FeedEventName, string, string]
      events.push({ seq: Number(seq), event, symbol: symbol === '' ? null : symbol, data })
    } else if (kind === 'source') source = { source: JSON.parse(line.slice(kind.length + 1)) }
    else if (kind === 'changes') source = { sourceChanges: JSON.parse(line.slice(kind.length + 1)) }
    else decodeStagedLine(line, staged)
  }
  return { commands, events, staged, clockUs, ...source }
}

/** The last column has the rest of the line. */
function columnsOf(line: string, count: number): string[] {
  const columns: string[] = []
  let from = 0
  for (let column = 1; column < count; column++) {
    const end = line.indexOf(' ', from)
    if (end < 0) throw new Error(`the line "${line.slice(0, 40)}" is too short`)
    columns.push(line.slice(from, end))
    from = end + 1
  }
  columns.push(line.slice(from))
  return columns
}
