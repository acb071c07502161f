// The text of a recording, one JSON entry a line: header, users' orders, snapshots, and an end with an index. It holds
// no events: seed and orders reproduce them from any snapshot. Without an end it is the saved state of an unfinished
// tape.

import type { RunState, TimedCommand } from './market-run.ts'
import { checkHeader, type TapeHeader } from './tape.ts'

const RECORDING_VERSION = 1

/** Events between two snapshots: the most that has to be run to reach a position. */
export const SNAPSHOT_EVENTS = 10_000

export interface RecordedSnapshot {
  /** Number of the last event before it. */
  readonly seq: number
  /** Market time of the last command before it: no later event is older. */
  readonly time: number
  /** Length of the tape up to here, with its header. */
  readonly bytes: number
  /** SHA-256, hex, of the tape's lines since the snapshot before, or since the header. */
  readonly sha256: string
  readonly state: RunState
}

/** The position of a snapshot's line in the file. */
export interface IndexEntry {
  readonly seq: number
  readonly time: number
  readonly offset: number
  readonly length: number
  /** SHA-256, hex, of the line. */
  readonly sha256: string
}

export interface RecordingEnd {
  /** Length of the tape. */
  readonly events: number
  readonly bytes: number
  /** Of the tape's lines since the last snapshot. */
  readonly sha256: string
  readonly index: readonly IndexEntry[]
}

export type RecordingEntry =
  | { readonly order: TimedCommand }
  | { readonly snapshot: RecordedSnapshot }
  | { readonly end: RecordingEnd }

export function encodeRecordingHeader(tape: TapeHeader): string {
  return `${JSON.stringify({ format: 'papertape-recording', version: RECORDING_VERSION, tape })}\n`
}

/** The header of the recorded tape; undefined when the line is not a recording header of this version. */
export function parseRecordingHeader(line: string): TapeHeader | undefined {
  try {
    const { format, version, tape } = JSON.parse(line)
    return format === 'papertape-recording' && version === RECORDING_VERSION ? checkHeader(tape) : undefined
  } catch {
    return undefined
  }
}

export function encodeEntry(entry: RecordingEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/** Undefined when the line is not an entry. */
export function parseEntry(line: string): RecordingEntry | undefined {
  try {
    const entry = JSON.parse(line)
    return 'order' in entry || 'snapshot' in entry || 'end' in entry ? entry : undefined
  } catch {
    return undefined
  }
}
