// Long polls that have everything up to the head, and wait for an event that they take. Those with equal filters are
// looked at together, once a batch, however many they are.

import type { FeedRequest } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import { createFilter, type Filter, filterKey } from '../classes/filter.ts'

interface Group {
  readonly filter: Filter
  readonly wakes: Set<(seq: number) => void>
}

export class Waiters {
  readonly #groups = new Map<string, Group>()

  /**
   * @param wake called once with the number of the first event that the request takes.
   * @returns what takes the wait back; harmless afterwards.
   */
  add(request: FeedRequest, wake: (seq: number) => void): () => void {
    const key = filterKey(request)
    const group = this.#groups.get(key) ?? { filter: createFilter(request), wakes: new Set() }
    this.#groups.set(key, group)
    group.wakes.add(wake)
    return () => {
      if (group.wakes.delete(wake) && group.wakes.size === 0 && this.#groups.get(key) === group) {
        this.#groups.delete(key)
      }
    }
  }

  publish(events: readonly EncodedEvent[]): void {
    for (const [key, { filter, wakes }] of this.#groups) {
      const first = events.find(event => filter.takes(event))
      if (first === undefined) continue
      this.#groups.delete(key)
      for (const wake of wakes) wake(first.seq)
    }
  }
}
