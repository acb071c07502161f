// The tape of a run as text: a header line of JSON, then one line an event. `tape` lines are the event's name, a space,
// and its data as JSON; `ndjson` lines are JSON all through. Pure; files and hashes are the CLI's.

import type { FeedEvent } from '@papertape/protocol'

export const TAPE_FORMATS = ['tape', 'ndjson'] as const
export type TapeFormat = (typeof TAPE_FORMATS)[number]

export const TAPE_VERSION = 1

export interface TapeHeader {
  readonly format: 'papertape'
  readonly version: number
  readonly lines: TapeFormat
  /** null: a replay of real data, which no seed makes again. */
  readonly seed: number | null
  readonly symbols: readonly string[]
  /** Market time, whole ms since 1970. */
  readonly startTime: number
  readonly durationMs: number
}

export function encodeHeader(header: TapeHeader): string {
  const { format, version, lines, seed, symbols, startTime, durationMs } = header
  return `${JSON.stringify({ format, version, lines, seed, symbols, startTime, durationMs })}\n`
}

export function encodeLine(event: FeedEvent, format: TapeFormat): string {
  const data = JSON.stringify(event.data)
  return format === 'tape' ? `${event.event} ${data}\n` : `{"event":"${event.event}","data":${data}}\n`
}

/** Undefined when the line is not the header of a tape that this version reads. */
export function parseHeader(line: string): TapeHeader | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return undefined
  }
  const header = value as Partial<TapeHeader> | null
  const sound =
    header?.format === 'papertape' &&
    header.version === TAPE_VERSION &&
    TAPE_FORMATS.includes(header.lines as TapeFormat) &&
    (header.seed === null || Number.isSafeInteger(header.seed)) &&
    Array.isArray(header.symbols) &&
    Number.isSafeInteger(header.startTime) &&
    Number.isSafeInteger(header.durationMs) &&
    header.durationMs! > 0
  return sound ? (header as TapeHeader) : undefined
}
