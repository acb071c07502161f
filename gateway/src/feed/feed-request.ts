// Parses the parameters of the feed: the query of /v1/stream and /v1/poll, and the socket's subscribe message.

import {
  DEFAULT_EVENTS,
  FEED_EVENTS,
  type FeedEventName,
  type FeedRequest,
  MAX_BYTES_PER_SECOND,
  MAX_HZ,
} from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'

/** As received: lists are comma-separated text or arrays. */
export interface FeedParameters {
  readonly symbols?: string | readonly string[] | undefined
  readonly events?: string | readonly string[] | undefined
  /** The symbols whose books are sent. */
  readonly books?: string | readonly string[] | undefined
  readonly maxHz?: string | number | undefined
  /** Of a stream alone. */
  readonly maxBytesPerSecond?: string | undefined
  readonly mode?: string | undefined
  readonly snapshot?: string | boolean | undefined
  readonly last?: string | undefined
  /** The same as `last`, under the name that EventSource polyfills use for the header; it wins over `last`. */
  readonly lastEventId?: string | undefined
}

/** Lists may be given several times. A position that is given twice is malformed and answered with a reset. */
const PARAMETERS = {
  symbols: 'list',
  books: 'list',
  events: 'list',
  maxHz: 'once',
  maxBytesPerSecond: 'once',
  mode: 'once',
  snapshot: 'once',
  last: 'list',
  lastEventId: 'list',
} as const satisfies Record<keyof FeedParameters, 'list' | 'once'>
export const FEED_LISTS = Object.keys(PARAMETERS).filter(name => PARAMETERS[name as keyof FeedParameters] === 'list')

/**
 * @param lastEventId the header, which wins over `last`; empty is absent.
 * @throws {CodedError} bad-parameter or unknown-symbol, with the valid values.
 */
export function parseFeedRequest(
  parameters: FeedParameters,
  knownSymbols: readonly string[],
  lastEventId?: string | undefined,
): FeedRequest {
  const isRaw = parseMode(parameters.mode)
  const maxHz = parseMaxHz(parameters.maxHz)
  if (isRaw && maxHz !== undefined) {
    throw new CodedError('bad-parameter', 'mode=raw sends every event; leave maxHz out, or leave out mode=raw')
  }
  return {
    symbols: parseSymbols(parameters.symbols, knownSymbols),
    events: parseEvents(parameters.events),
    books: parseSymbols(parameters.books, knownSymbols),
    maxHz: isRaw ? null : (maxHz ?? MAX_HZ.standard),
    snapshot: parseSnapshot(parameters.snapshot),
    last: positionIn(parameters, lastEventId),
  }
}

/** @param lastEventId the header, which wins over the parameters; empty is absent. */
export function positionIn(
  { last, lastEventId: parameter }: Pick<FeedParameters, 'last' | 'lastEventId'>,
  lastEventId: string | undefined,
): string | undefined {
  // A position given twice is a list: as text it is malformed, and answered with a reset.
  return lastEventId || parameter?.toString() || last?.toString() || undefined
}

/** Sorted and without repeats; empty when none is named. */
export function parseSymbols(given: string | readonly string[] | undefined, known: readonly string[]): string[] {
  const symbols = [...new Set(toList(given))].sort()
  requireSymbols(symbols, known)
  return symbols
}

/** @throws {CodedError} unknown-symbol, with the known ones. */
export function requireSymbols(symbols: readonly string[], known: readonly string[]): void {
  const unknown = symbols.filter(symbol => !known.includes(symbol))
  if (unknown.length === 0) return
  throw new CodedError('unknown-symbol', `there is no ${unknown.join(', ')}; the symbols are ${known.join(', ')}`)
}

function parseEvents(given: FeedParameters['events']): FeedEventName[] {
  const events = [...new Set(toList(given))]
  if (events.length === 0) return [...DEFAULT_EVENTS]
  const unknown = events.filter(event => !(FEED_EVENTS as readonly string[]).includes(event))
  if (unknown.length > 0) {
    throw new CodedError('bad-parameter', `events has ${unknown.join(', ')}; it takes ${FEED_EVENTS.join(', ')}`)
  }
  return events as FeedEventName[]
}

function parseMode(given: string | undefined): boolean {
  if (given === undefined || given === '' || given === 'conflated') return false
  if (given === 'raw') return true
  throw new CodedError('bad-parameter', `mode is raw or left out, not ${given}`)
}

function parseMaxHz(given: string | number | undefined): number | undefined {
  if (given === undefined || given === '') return undefined
  const maxHz = toNumber(given)
  if (maxHz >= MAX_HZ.least && maxHz <= MAX_HZ.most) return maxHz
  throw new CodedError('bad-parameter', `maxHz is a number from ${MAX_HZ.least} to ${MAX_HZ.most}, not ${given}`)
}

/** @throws {CodedError} bad-parameter. @returns undefined when the reader declares nothing. */
export function parseByteRate({ maxBytesPerSecond: given }: FeedParameters): number | undefined {
  if (given === undefined || given === '') return undefined
  const { least, most } = MAX_BYTES_PER_SECOND
  const rate = toNumber(given)
  if (rate >= least && rate <= most) return rate
  throw new CodedError('bad-parameter', `maxBytesPerSecond is a number from ${least} to ${most}, not ${given}`)
}

/** NaN for text that is not a plain decimal number: Number() would also parse 0x10, 1e1 and spaces. */
export function toNumber(given: string | number): number {
  return typeof given === 'number' || /^[0-9]*\.?[0-9]+$/.test(given) ? Number(given) : Number.NaN
}

function parseSnapshot(given: string | boolean | undefined): boolean {
  if (given === undefined || given === '' || given === true || given === 'true') return true
  if (given === false || given === 'false') return false
  throw new CodedError('bad-parameter', `snapshot is true or false, not ${given}`)
}

function toList(given: string | readonly string[] | undefined): string[] {
  const parts = typeof given === 'string' ? [given] : (given ?? [])
  return parts.flatMap(part => part.split(',')).filter(part => part !== '')
}
