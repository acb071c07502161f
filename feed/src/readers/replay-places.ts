// How many readers may replay a long past at once: others would wait for their pages longer than until a place is free.
// Who has missed little needs no place: after a restart everybody has.

import type { ResumePlan } from '../log/resume-plan.ts'

const PLACES = 32
/** A replay of more events is a long one. */
const LONG_EVENTS = 10_000

export class ReplayPlaces {
  #taken = 0

  get taken(): number {
    return this.#taken
  }

  /** Whether it needs a place, and there is none. @param head of the log */
  isFullFor(plan: ResumePlan, head: number): boolean {
    return this.#taken >= PLACES && needsPlace(plan, head)
  }

  /** @returns true when it has taken a place, which is to be freed once. */
  take(plan: ResumePlan, head: number): boolean {
    const isTaken = needsPlace(plan, head)
    if (isTaken) this.#taken++
    return isTaken
  }

  free(): void {
    this.#taken--
  }
}

function needsPlace(plan: ResumePlan, head: number): boolean {
  return plan.kind === 'resume' && head - plan.afterSeq > LONG_EVENTS
}
