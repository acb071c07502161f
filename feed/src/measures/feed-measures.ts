// What the feed has done since its start, for monitoring. Counted by feed, classes and readers once a batch, chunk or
// page; what is sent does not depend on it. How connections open and end is counted by the transports.

import type { ResetReason } from '@papertape/protocol'
import { Histogram, type HistogramCounts, SECONDS_BOUNDS } from '@papertape/venue'
import type { ResumePlan } from '../log/resume-plan.ts'

export type ResumeOutcome = 'resumed' | ResetReason
/** Who gives a position: a stream or a subscription when it begins, a long poll each time. */
export type ResumingReader = 'stream' | 'poll'
type Resumes = Readonly<Record<ResumeOutcome, number>>

/** Plain data; all of it only rises. */
export interface FeedCounts {
  readonly resumes: Readonly<Record<ResumingReader, Resumes>>
  /** Events that streams were sent from the log, because they resumed or were slow. */
  readonly replayed: number
  /** Quotes and books that classes merged into a later one. */
  readonly conflated: number
  /** How old the oldest event of a class's chunk was when each reader that keeps up had been written it. */
  readonly ageSeconds: HistogramCounts
}

export class FeedMeasures {
  readonly #resumes = { stream: noResumes(), poll: noResumes() }
  readonly #ageSeconds = new Histogram(SECONDS_BOUNDS)
  #replayed = 0
  #conflated = 0

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
    }
  }
}

function noResumes(): Record<ResumeOutcome, number> {
  return { resumed: 0, 'bad-id': 0, epoch: 0, expired: 0, ahead: 0 }
}
