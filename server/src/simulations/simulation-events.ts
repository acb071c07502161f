// What happens in a simulation, as numbered events for its readers. Progress is conflated: only the newest is kept, so
// that the list stays short whatever the length of the run. Knows no transport.

import type { SimulationProgress, SimulationResult } from '@papertape/protocol'

export type SimulationEvent =
  | { readonly event: 'progress'; readonly data: SimulationProgress }
  | { readonly event: 'log'; readonly data: { readonly text: string } }
  /** The last event of each simulation is one of these. */
  | { readonly event: 'done'; readonly data: SimulationResult }
  | { readonly event: 'failed'; readonly data: { readonly text: string } }
  | { readonly event: 'canceled'; readonly data: { readonly text: string } }

export type NumberedEvent = SimulationEvent & { readonly number: number }

export class SimulationEvents {
  #kept: NumberedEvent[] = []
  #newest = 0
  readonly #listeners = new Set<() => void>()

  /** The number of the newest event. */
  get newest(): number {
    return this.#newest
  }

  append(event: SimulationEvent): void {
    if (event.event === 'progress') this.#kept = this.#kept.filter(kept => kept.event !== 'progress')
    this.#kept.push({ ...event, number: ++this.#newest })
    for (const listener of this.#listeners) listener()
  }

  after(number: number): readonly NumberedEvent[] {
    return this.#kept.filter(kept => kept.number > number)
  }

  /** Calls back after each event. @returns ends it. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
