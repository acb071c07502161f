// A feed subscription as the query parameters of /v1/stream and /v1/poll. Pure.

import { DEFAULT_EVENTS, type FeedEventName } from '@papertape/protocol'
import type { FeedOptions, FeedSubscription } from './feed-interface.ts'

/**
 * Without the position.
 * @param needsSnapshot whatever the options are
 * @throws {RangeError} when no event and no book is left
 */
export function feedQuery(
  { mode, snapshot }: Pick<FeedOptions, 'mode' | 'snapshot'>,
  subscription: FeedSubscription,
  needsSnapshot: boolean,
): URLSearchParams {
  const { symbols, books, maxHz } = subscription
  const query = new URLSearchParams()
  if (symbols !== undefined && symbols.length > 0) query.set('symbols', symbols.join(','))
  const events = eventsOf(subscription)
  if (events !== undefined && events.length > 0) query.set('events', events.join(','))
  if (books !== undefined && books.length > 0) query.set('books', books.join(','))
  if (mode === 'raw') query.set('mode', 'raw')
  else if (maxHz !== undefined) query.set('maxHz', String(maxHz))
  if (snapshot === false && !needsSnapshot) query.set('snapshot', 'false')
  return query
}

/** On the wire an empty list of books means all symbols, so for no books the event is left out. */
export function eventsOf({ events, books }: FeedSubscription): readonly FeedEventName[] | undefined {
  if (books === undefined) return events
  const others = (events ?? DEFAULT_EVENTS).filter(event => event !== 'book')
  if (books.length > 0) return [...others, 'book']
  if (others.length === 0) throw new RangeError('Neither books nor other events: name at least one event or one book')
  return others
}

/** @throws {RangeError} when the options contradict each other */
export function checkRate(mode: FeedOptions['mode'], maxHz: number | undefined): void {
  if (mode === 'raw' && maxHz !== undefined) throw new RangeError('maxHz has no meaning in raw mode')
}
