// Finds the members whose requests include an event, at a cost of those that are found: the feed may have thousands of
// classes, each with instruments of its own. Agrees with createFilter().

import type { FeedEventName, FeedRequest, News } from '@papertape/protocol'
import type { PublishedEvent } from '../log/published-event.ts'
import { bookSymbols } from './filter.ts'

type Visit<Member> = (member: Member) => void

export class InterestIndex<Member> {
  readonly #byKind = new Map<FeedEventName, KindMembers<Member>>()

  add(request: FeedRequest, member: Member): void {
    for (const kind of request.events) {
      let members = this.#byKind.get(kind)
      if (members === undefined) {
        members = new KindMembers()
        this.#byKind.set(kind, members)
      }
      members.add(symbolsOf(kind, request), member)
    }
  }

  /** @param request as it was added with. */
  remove(request: FeedRequest, member: Member): void {
    for (const kind of request.events) this.#byKind.get(kind)?.remove(symbolsOf(kind, request), member)
  }

  /** Visits each member that the event is for once. */
  forEach(event: PublishedEvent, visit: Visit<Member>): void {
    const members = this.#byKind.get(event.event)
    if (members === undefined) return
    if (event.event === 'news') members.forEachOfSymbols((event.decoded.data as News).symbols, visit)
    else if (event.symbol === null) members.forEachOfAll(visit)
    else members.forEachOfSymbol(event.symbol, visit)
  }
}

/** The symbols for which a request wants events of a kind; empty means all. */
function symbolsOf(kind: FeedEventName, request: FeedRequest): readonly string[] {
  return kind === 'book' ? bookSymbols(request) : request.symbols
}

/** Those that want one kind of event. */
class KindMembers<Member> {
  readonly #all = new Set<Member>()
  readonly #ofEverySymbol = new Set<Member>()
  readonly #bySymbol = new Map<string, Set<Member>>()

  add(symbols: readonly string[], member: Member): void {
    this.#all.add(member)
    if (symbols.length === 0) this.#ofEverySymbol.add(member)
    for (const symbol of symbols) {
      const members = this.#bySymbol.get(symbol)
      if (members === undefined) this.#bySymbol.set(symbol, new Set([member]))
      else members.add(member)
    }
  }

  remove(symbols: readonly string[], member: Member): void {
    this.#all.delete(member)
    this.#ofEverySymbol.delete(member)
    for (const symbol of symbols) this.#bySymbol.get(symbol)?.delete(member)
  }

  forEachOfAll(visit: Visit<Member>): void {
    for (const member of this.#all) visit(member)
  }

  forEachOfSymbol(symbol: string, visit: Visit<Member>): void {
    for (const member of this.#ofEverySymbol) visit(member)
    const members = this.#bySymbol.get(symbol)
    if (members !== undefined) for (const member of members) visit(member)
  }

  /** News without symbols concerns all. */
  forEachOfSymbols(symbols: readonly string[], visit: Visit<Member>): void {
    if (symbols.length === 0) {
      this.forEachOfAll(visit)
      return
    }
    const found = new Set<Member>()
    for (const symbol of symbols) this.forEachOfSymbol(symbol, member => found.add(member))
    for (const member of found) visit(member)
  }
}
