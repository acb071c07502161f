// Which events a subscription takes: the pure part of a request. Two requests with equal filters and rates share a class.

import { CONFLATED_EVENTS, type FeedEventName, type FeedRequest } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'

export interface Filter {
  takes(event: EncodedEvent): boolean
  /** Whether a snapshot has this instrument. */
  takesSymbol(symbol: string): boolean
  /** Whether a snapshot has this instrument's book. */
  takesBook(symbol: string): boolean
}

export function createFilter(request: FeedRequest): Filter {
  const symbols = new Set(request.symbols)
  const books = new Set(bookSymbols(request))
  const kinds = new Set(request.events)
  const takesSymbol = (symbol: string) => symbols.size === 0 || symbols.has(symbol)
  const takesBook = (symbol: string) => kinds.has('book') && (books.size === 0 || books.has(symbol))
  return {
    takesSymbol: symbol => takesSymbol(symbol) || takesBook(symbol),
    takesBook,
    takes(event) {
      if (event.event === 'book') return event.symbol !== null && takesBook(event.symbol)
      if (!kinds.has(event.event)) return false
      if (event.event === 'news' && symbols.size > 0) return newsConcerns(event.data, symbols)
      return event.symbol === null || takesSymbol(event.symbol)
    },
  }
}

/**
 * The rate that a request is served at: the next of these below what it asks for, so that readers with rates of their own
 * share classes. `maxHz` is a bound, and the step costs a quarter of it at most.
 */
const SERVED_HZ = [0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8].flatMap(hz => [hz, hz * 10, hz * 100])

export function effectiveHz(maxHz: number): number {
  return Math.max(...SERVED_HZ.filter(hz => hz <= maxHz))
}

/** Everything that decides what bytes a reader gets, in one string. */
export function filterKey(request: FeedRequest): string {
  const { symbols, events, maxHz } = request
  const books = events.includes('book') ? bookSymbols(request).join(',') : ''
  return `${symbols.join(',')} ${[...events].sort().join(',')} ${books} ${maxHz === null ? 'raw' : effectiveHz(maxHz)}`
}

/** Whose books a request asks for, when it asks for any; empty means all. */
export function bookSymbols({ books, symbols }: FeedRequest): readonly string[] {
  return books.length === 0 ? symbols : books
}

export function isConflated(kind: FeedEventName): boolean {
  return (CONFLATED_EVENTS as readonly string[]).includes(kind)
}

/** News without symbols concerns everybody. */
function newsConcerns(data: string, symbols: ReadonlySet<string>): boolean {
  const named = (JSON.parse(data) as { symbols: string[] }).symbols
  return named.length === 0 || named.some(symbol => symbols.has(symbol))
}
