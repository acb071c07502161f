// The tape of a run as text: a header line of JSON, then one line an event. `tape` lines are the event's name, a space,
// and its data as JSON; `ndjson` lines are JSON all through. Pure; files and hashes are the CLI's.

import type { FeedEvent } from '@papertape/protocol'
import { isScenarioName, type PlannedScenario } from '../planned-scenario.ts'

export const TAPE_FORMATS = ['tape', 'ndjson'] as const
export type TapeFormat = (typeof TAPE_FORMATS)[number]

export const TAPE_VERSION = 2

export interface TapeHeader {
  readonly format: 'papertape'
  readonly version: number
  readonly lines: TapeFormat
  /** null: a replay of real data, which no seed makes again. */
  readonly seed: number | null
  /** The regime that all symbols trade in, or `mixed`: each in its own. null in a replay. */
  readonly preset: string | null
  /** What befell the market, and when. */
  readonly scenarios: readonly PlannedScenario[]
  readonly symbols: readonly string[]
  /** Market time, whole ms since 1970. */
  readonly startTime: number
  /** Midnight where the market is: what a time of day is counted from. */
  readonly midnightTime: number
  readonly durationMs: number
  /** SHA-256, hex, of the orders that users sent into the run; null when there were none. */
  readonly orders: string | null
  /** Of a tape that starts in the middle: the number of its first event. */
  readonly from?: number
}

export function encodeHeader(header: TapeHeader): string {
  const { format, version, lines, seed, preset, scenarios, symbols, startTime, midnightTime, durationMs, orders } =
    header
  const excerpt = header.from === undefined ? {} : { from: header.from }
  const market = { seed, preset, scenarios, symbols }
  return `${JSON.stringify({ format, version, lines, ...market, startTime, midnightTime, durationMs, orders, ...excerpt })}\n`
}

export function encodeLine(event: FeedEvent, format: TapeFormat): string {
  const data = JSON.stringify(event.data)
  return format === 'tape' ? `${event.event} ${data}\n` : `{"event":"${event.event}","data":${data}}\n`
}

/** The same line in the other format, without a look into its data. */
export function convertLine(line: string, from: TapeFormat, to: TapeFormat): string {
  if (from === to) return line
  if (from === 'tape') {
    const space = line.indexOf(' ')
    return `{"event":"${line.slice(0, space)}","data":${line.slice(space + 1)}}`
  }
  const [, event, data] = /^\{"event":"(\w+)","data":(.*)\}$/.exec(line) ?? []
  return `${event} ${data}`
}

/** Undefined when the line is not the header of a tape that this version reads. */
export function parseHeader(line: string): TapeHeader | undefined {
  try {
    return checkHeader(JSON.parse(line))
  } catch {
    return undefined
  }
}

export function checkHeader(value: unknown): TapeHeader | undefined {
  const header = value as Partial<TapeHeader> | null
  const sound =
    header?.format === 'papertape' &&
    header.version === TAPE_VERSION &&
    TAPE_FORMATS.includes(header.lines as TapeFormat) &&
    (header.seed === null || Number.isSafeInteger(header.seed)) &&
    (header.preset === null || typeof header.preset === 'string') &&
    header.scenarios?.every(({ name, startTime }) => isScenarioName(name) && Number.isSafeInteger(startTime)) ===
      true &&
    Array.isArray(header.symbols) &&
    Number.isSafeInteger(header.startTime) &&
    Number.isSafeInteger(header.midnightTime) &&
    Number.isSafeInteger(header.durationMs) &&
    header.durationMs! > 0 &&
    (header.orders === null || typeof header.orders === 'string') &&
    (header.from === undefined || Number.isSafeInteger(header.from))
  return sound ? (header as TapeHeader) : undefined
}
