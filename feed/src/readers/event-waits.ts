// Waits of long polls for the next event that their filter includes. Waits with equal filters are checked together,
// once a batch, however many they are.

import type { FeedRequest } from '@papertape/protocol'
import { createFilter, type Filter, filterKey } from '../classes/filter.ts'
import type { PublishedEvent } from '../log/published-event.ts'

interface WaitGroup {
  readonly filter: Filter
  readonly callbacks: Set<(seq: number) => void>
}

export class EventWaits {
  readonly #groups = new Map<string, WaitGroup>()

  /**
   * @param callback called once, with the number of the first event that the request includes.
   * @returns cancels the wait; harmless afterwards.
   */
  add(request: FeedRequest, callback: (seq: number) => void): () => void {
    const key = filterKey(request)
    const group = this.#groups.get(key) ?? { filter: createFilter(request), callbacks: new Set() }
    this.#groups.set(key, group)
    group.callbacks.add(callback)
    return () => {
      const isLast = group.callbacks.delete(callback) && group.callbacks.size === 0
      if (isLast && this.#groups.get(key) === group) this.#groups.delete(key)
    }
  }

  publish(events: readonly PublishedEvent[]): void {
    // A copy: a callback may add a wait, which is for later events.
    for (const [key, { filter, callbacks }] of [...this.#groups]) {
      const first = events.find(event => filter.includes(event))
      if (first === undefined) continue
      this.#groups.delete(key)
      for (const callback of callbacks) callback(first.seq)
    }
  }
}
