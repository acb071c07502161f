// The text of a tape: a header line of JSON, then one line an event. A `tape` line is the event's name, a space, and
// its data as JSON; an `ndjson` line is all JSON. Opens no files.

import type { FeedEvent } from '@papertape/protocol'
import { scenarioNames } from '../market/scenarios/scenario-of.ts'
import type { MarketSettings } from '../market/settings/market-schema.ts'
import type { PlannedScenario } from '../planned-scenario.ts'
import type { RuleTerms } from '../rules/rules-schema.ts'
import type { EventTruth } from './event-truth.ts'

export const TAPE_FORMATS = ['tape', 'ndjson'] as const
export type TapeFormat = (typeof TAPE_FORMATS)[number]

export const TAPE_VERSION = 3

export interface TapeHeader {
  readonly format: 'papertape'
  readonly version: number
  readonly lines: TapeFormat
  /** null: a replay of real data. */
  readonly seed: number | null
  /** The preset of all symbols, or `mixed`. null in a replay. */
  readonly preset: string | null
  readonly scenarios: readonly PlannedScenario[]
  readonly symbols: readonly string[]
  /** Market time, whole ms since 1970. */
  readonly startTime: number
  /** Midnight in the market's time zone: times of day are relative to it. */
  readonly midnightTime: number
  readonly durationMs: number
  /** SHA-256, hex, of the users' orders of the run; null when there were none. */
  readonly orders: string | null
  /** How the market and its rules differ from the usual; absent when they do not. */
  readonly configuration?: MarketSettings & RuleTerms
  /** In an excerpt: the number of its first event. */
  readonly from?: number
  /** Its lines, of NDJSON, have the truth behind their events, which no feed has. */
  readonly truth?: true
}

export function encodeHeader(header: TapeHeader): string {
  const { format, version, lines, seed, preset, scenarios, symbols, startTime, midnightTime, durationMs, orders } =
    header
  const { configuration, from, truth } = header
  const extras = {
    ...(configuration !== undefined && { configuration }),
    ...(from !== undefined && { from }),
    ...(truth && { truth }),
  }
  const market = { seed, preset, scenarios, symbols }
  return `${JSON.stringify({ format, version, lines, ...market, startTime, midnightTime, durationMs, orders, ...extras })}\n`
}

export function encodeLine(event: FeedEvent, format: TapeFormat, truth?: EventTruth): string {
  const data = JSON.stringify(event.data)
  if (format === 'tape') return `${event.event} ${data}\n`
  const behind = truth === undefined ? '' : `,"truth":${JSON.stringify(truth)}`
  return `{"event":"${event.event}","data":${data}${behind}}\n`
}

/** Converts a line without parsing its data. */
export function convertLine(line: string, from: TapeFormat, to: TapeFormat): string {
  if (from === to) return line
  if (from === 'tape') {
    const space = line.indexOf(' ')
    return `{"event":"${line.slice(0, space)}","data":${line.slice(space + 1)}}`
  }
  const [, event, data] = /^\{"event":"(\w+)","data":(.*)\}$/.exec(line) ?? []
  return `${event} ${data}`
}

/** Undefined when the line is not a tape header of this version. */
export function parseHeader(line: string): TapeHeader | undefined {
  try {
    return checkHeader(JSON.parse(line))
  } catch {
    return undefined
  }
}

export function checkHeader(value: unknown): TapeHeader | undefined {
  const header = value as Partial<TapeHeader> | null
  const configuration = header?.configuration
  if (configuration !== undefined && (typeof configuration !== 'object' || configuration === null)) return undefined
  const scenarios: readonly string[] = scenarioNames(configuration)
  const sound =
    header?.format === 'papertape' &&
    header.version === TAPE_VERSION &&
    TAPE_FORMATS.includes(header.lines as TapeFormat) &&
    (header.seed === null || Number.isSafeInteger(header.seed)) &&
    (header.preset === null || typeof header.preset === 'string') &&
    header.scenarios?.every(({ name, startTime }) => scenarios.includes(name) && Number.isSafeInteger(startTime)) ===
      true &&
    Array.isArray(header.symbols) &&
    Number.isSafeInteger(header.startTime) &&
    Number.isSafeInteger(header.midnightTime) &&
    Number.isSafeInteger(header.durationMs) &&
    header.durationMs! > 0 &&
    (header.orders === null || typeof header.orders === 'string') &&
    (header.from === undefined || Number.isSafeInteger(header.from)) &&
    (header.truth === undefined || (header.truth === true && header.lines === 'ndjson'))
  return sound ? (header as TapeHeader) : undefined
}
