// Which events a subscription includes. Pure. Requests with equal filters and rates share a class.

import { CONFLATED_EVENTS, type FeedEventName, type FeedRequest, type News } from '@papertape/protocol'
import type { PublishedEvent } from '../log/published-event.ts'

export interface Filter {
  includes(event: PublishedEvent): boolean
  /** True when a snapshot has this instrument. */
  includesSymbol(symbol: string): boolean
  /** True when a snapshot has this instrument's book. */
  includesBook(symbol: string): boolean
  /** True when a snapshot has news. */
  readonly hasNews: boolean
  includesNews(news: News): boolean
}

export function createFilter(request: FeedRequest): Filter {
  const symbols = new Set(request.symbols)
  const books = new Set(bookSymbols(request))
  const kinds = new Set(request.events)
  const includesSymbol = (symbol: string) => symbols.size === 0 || symbols.has(symbol)
  const hasNews = kinds.has('news')
  const includesNews = (news: News) => hasNews && (symbols.size === 0 || concerns(news, symbols))
  const includesBook = (symbol: string) => kinds.has('book') && (books.size === 0 || books.has(symbol))
  return {
    includesSymbol: symbol => includesSymbol(symbol) || includesBook(symbol),
    includesBook,
    hasNews,
    includesNews,
    includes(event) {
      if (event.event === 'book') return event.symbol !== null && includesBook(event.symbol)
      if (!kinds.has(event.event)) return false
      if (event.event === 'news') return includesNews(event.decoded.data as News)
      return event.symbol === null || includesSymbol(event.symbol)
    },
  }
}

/**
 * The rate that a request is served at: the next of these below what it asks for, so that readers with rates of their
 * own share classes. `maxHz` is a bound, and the step costs a quarter of it at most.
 */
const SERVED_HZ = [0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8].flatMap(hz => [hz, hz * 10, hz * 100])

export function effectiveHz(maxHz: number): number {
  return Math.max(...SERVED_HZ.filter(hz => hz <= maxHz))
}

/** Equal for requests whose readers get the same frames. */
export function filterKey(request: FeedRequest): string {
  const { symbols, events, maxHz } = request
  const books = events.includes('book') ? bookSymbols(request).join(',') : ''
  return `${symbols.join(',')} ${[...events].sort().join(',')} ${books} ${maxHz === null ? 'raw' : effectiveHz(maxHz)}`
}

/** The symbols whose books a request asks for, if it asks for books; empty means all. */
export function bookSymbols({ books, symbols }: FeedRequest): readonly string[] {
  return books.length === 0 ? symbols : books
}

export function isConflated(kind: FeedEventName): boolean {
  return (CONFLATED_EVENTS as readonly string[]).includes(kind)
}

/** News without symbols concerns every subscription. */
function concerns(news: News, symbols: ReadonlySet<string>): boolean {
  return news.symbols.length === 0 || news.symbols.some(symbol => symbols.has(symbol))
}
