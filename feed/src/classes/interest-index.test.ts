// For random requests and events the index finds those whose filter includes the event, and no other.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FEED_EVENTS, type FeedEventName, type FeedRequest } from '@papertape/protocol'
import { holds } from '@papertape/protocol/testing'
import fc from 'fast-check'
import { PublishedEvent } from '../log/published-event.ts'
import { createFilter } from './filter.ts'
import { InterestIndex } from './interest-index.ts'

const SYMBOLS = ['PPR', 'TAPE', 'VELTR']
const anySymbols = fc.subarray(SYMBOLS)
const anyRequest: fc.Arbitrary<FeedRequest> = fc.record({
  symbols: anySymbols,
  events: fc.subarray<FeedEventName>([...FEED_EVENTS]),
  books: anySymbols,
  maxHz: fc.constant(10),
  snapshot: fc.constant(true),
  last: fc.constant(undefined),
})
const anyEvent = fc
  .record({
    event: fc.constantFrom<FeedEventName>(...FEED_EVENTS),
    symbol: fc.constantFrom(...SYMBOLS),
    isOfMarket: fc.boolean(),
    newsSymbols: anySymbols,
  })
  .map(({ event, symbol, isOfMarket, newsSymbols }) => {
    const ofMarket = event === 'news' || (event === 'status' && isOfMarket)
    const data = JSON.stringify({ seq: 1, ...(event === 'news' && { symbols: newsSymbols }) })
    return new PublishedEvent({ seq: 1, event, symbol: ofMarket ? null : symbol, data })
  })

test('each member whose filter includes an event is visited once, and no other', () => {
  holds(
    import.meta.filename,
    fc.property(
      fc.array(anyRequest, { maxLength: 8 }),
      fc.array(fc.nat(7), { maxLength: 4 }),
      fc.array(anyEvent, { minLength: 1, maxLength: 12 }),
      (requests, removed, events) => {
        const index = new InterestIndex<number>()
        for (const [member, request] of requests.entries()) index.add(request, member)
        for (const member of removed) if (requests[member] !== undefined) index.remove(requests[member], member)
        for (const event of events) {
          const visited: number[] = []
          index.forEach(event, member => visited.push(member))
          const expected = requests.flatMap((request, member) =>
            !removed.includes(member) && createFilter(request).includes(event) ? [member] : [],
          )
          assert.deepEqual(
            visited.sort((a, b) => a - b),
            expected,
          )
        }
      },
    ),
  )
})
