// The private events of a journal that is repaired, as flushes with their rows of the order archive. A journal may have
// more of them than one flush, whose rows become one text, has room for.

import { type EncodedPrivateEvent, type Flush, type OrderRecord, recordsOf } from '@papertape/venue'

export const EVENTS_PER_FLUSH = 10_000

/** @param events of each account in their order */
export function* flushesOf(events: readonly EncodedPrivateEvent[], source: unknown): Generator<Flush> {
  const empty = () => ({ privateEvents: [] as EncodedPrivateEvent[], orders: [] as OrderRecord[] })
  const flushes = [empty()]
  // The records of an event come before the next event is taken.
  function* taken() {
    for (const event of events) {
      if (flushes.at(-1)!.privateEvents.length === EVENTS_PER_FLUSH) flushes.push(empty())
      flushes.at(-1)!.privateEvents.push(event)
      yield event
    }
  }
  for (const record of recordsOf(taken())) {
    while (flushes.length > 1) yield { commands: [], events: [], ...flushes.shift()!, source }
    flushes[0]!.orders.push(record)
  }
  yield* flushes.map(flush => ({ commands: [], events: [], ...flush, source }))
}
