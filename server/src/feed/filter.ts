// Which events a subscription takes: the pure part of a request. Two requests with equal filters and rates share a class.

import { CONFLATED_EVENTS, type FeedEventName, type FeedRequest } from '@papertape/protocol'
import type { EncodedEvent } from '../venue/messages.ts'

export interface Filter {
  takes(event: EncodedEvent): boolean
  takesSymbol(symbol: string): boolean
  takesKind(kind: FeedEventName): boolean
}

export function createFilter(request: FeedRequest): Filter {
  const symbols = new Set(request.symbols)
  const kinds = new Set(request.events)
  const takesSymbol = (symbol: string) => symbols.size === 0 || symbols.has(symbol)
  return {
    takesSymbol,
    takesKind: kind => kinds.has(kind),
    takes(event) {
      if (!kinds.has(event.event)) return false
      if (event.event === 'news' && symbols.size > 0) return newsConcerns(event.data, symbols)
      return event.symbol === null || takesSymbol(event.symbol)
    },
  }
}

/** Everything that decides what bytes a reader gets, in one string. */
export function filterKey({ symbols, events, maxHz }: FeedRequest): string {
  return `${symbols.join(',')} ${[...events].sort().join(',')} ${maxHz ?? 'raw'}`
}

export function isConflated(kind: FeedEventName): boolean {
  return (CONFLATED_EVENTS as readonly string[]).includes(kind)
}

/** News without symbols concerns everybody. */
function newsConcerns(data: string, symbols: ReadonlySet<string>): boolean {
  const named = (JSON.parse(data) as { symbols: string[] }).symbols
  return named.length === 0 || named.some(symbol => symbols.has(symbol))
}
