// What the feed has done since its start, for monitoring. Counted by feed, classes and readers once a batch, chunk or
// page; what is sent does not depend on it. How connections open and end is counted by the transports.

import type { ResetReason } from '@papertape/protocol'
import { Histogram, type HistogramCounts, SECONDS_BOUNDS } from '@papertape/venue'
import type { ResumePlan } from '../log/resume-plan.ts'

export type ResumeOutcome = 'resumed' | ResetReason
/** Who gives a position: a stream or a subscription when it begins, a long poll each time. */
export type ResumingReader = 'stream' | 'poll'
type Resumes = Readonly<Record<ResumeOutcome, number>>

/**
 * What is done about a conflated reader that does not keep up. conflate: one burst at a time, each quote and book as it
 * is now; rate: less often than it asked for; book: books less often than quotes; lagging: it cannot be helped further.
 */
export type LadderStep = 'conflate' | 'rate' | 'book' | 'lagging'
/** The same of any reader: a raw one reads the log. end: it is ended as lagging. */
export type SlowStep = 'raw' | LadderStep | 'end'

/** Plain data; all of it only rises, except for how many readers are at a step now. */
export interface FeedCounts {
  readonly resumes: Readonly<Record<ResumingReader, Resumes>>
  /** Events that streams were sent from the log, because they resumed or were slow. */
  readonly replayed: number
  /** Quotes and books that classes merged into a later one. */
  readonly conflated: number
  /** How old the oldest event of a class's chunk was when each reader that keeps up had been written it. */
  readonly ageSeconds: HistogramCounts
  /** Readers by the step that they are at. */
  readonly slowReaders: Readonly<Record<Exclude<SlowStep, 'end'>, number>>
  /** How often a reader came to it. */
  readonly slowSteps: Readonly<Record<SlowStep, number>>
}

export class FeedMeasures {
  readonly #resumes = { stream: noResumes(), poll: noResumes() }
  readonly #ageSeconds = new Histogram(SECONDS_BOUNDS)
  #replayed = 0
  #conflated = 0
  readonly #slowReaders = noReaders()
  readonly #slowSteps = { ...noReaders(), end: 0 }

  addResume(plan: ResumePlan, reader: ResumingReader): void {
    if (plan.kind === 'resume') this.#resumes[reader].resumed++
    else if (plan.kind === 'reset') this.#resumes[reader][plan.reset.reason]++
  }

  addReplayed(events: number): void {
    this.#replayed += events
  }

  addConflated(events: number): void {
    this.#conflated += events
  }

  /** A reader goes from one step to another; undefined: it keeps up, or has gone. */
  moveSlow(from: SlowStep | undefined, to: SlowStep | undefined): void {
    if (from !== undefined && from !== 'end') this.#slowReaders[from]--
    if (to !== undefined && to !== 'end') this.#slowReaders[to]++
    if (to !== undefined) this.#slowSteps[to]++
  }

  /** The clock of the venue, which stamps events, may be another one. */
  addAge(ms: number): void {
    this.#ageSeconds.observe(Math.max(0, ms) / 1_000)
  }

  read(): FeedCounts {
    const { stream, poll } = this.#resumes
    return {
      resumes: { stream: { ...stream }, poll: { ...poll } },
      replayed: this.#replayed,
      conflated: this.#conflated,
      ageSeconds: this.#ageSeconds.read(),
      slowReaders: { ...this.#slowReaders },
      slowSteps: { ...this.#slowSteps },
    }
  }
}

function noResumes(): Record<ResumeOutcome, number> {
  return { resumed: 0, 'bad-id': 0, epoch: 0, expired: 0, ahead: 0 }
}

function noReaders(): Record<Exclude<SlowStep, 'end'>, number> {
  return { raw: 0, conflate: 0, rate: 0, book: 0, lagging: 0 }
}
