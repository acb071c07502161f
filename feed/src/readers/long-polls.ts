// Long polls: readers that ask for one page of the log at a time, and wait when there is none. A page is built as a
// stream would have sent it, in its turn of the replay queue. Knows no transport: an answer is the JSON of a
// PollAnswer.

import { type Clock, type FeedRequest, formatPosition, type PollAnswer } from '@papertape/protocol'
import { createFilter, isConflated } from '../classes/filter.ts'
import type { MergedBooks } from '../classes/merged-books.ts'
import type { FeedLog } from '../log/feed-log.ts'
import type { GatewayLag } from '../log/gateway-lag.ts'
import type { PublishedEvent } from '../log/published-event.ts'
import { describeReset, planResume, type ResumePlan } from '../log/resume-plan.ts'
import type { FeedMeasures } from '../measures/feed-measures.ts'
import type { FeedView } from '../view/feed-view.ts'
import type { WorkQueue } from '../work-queue.ts'
import { EventWaits } from './event-waits.ts'
import { POLL_EVENTS_MAX, type PollPage, PollPages } from './poll-pages.ts'

export interface LongPoll {
  /** JSON of a PollAnswer. */
  readonly answer: Promise<string>
  /** Call it when the answer has been sent, or the reader has gone: ends the wait and frees the poll's place. */
  close(): void
}

export interface LongPollDeps {
  readonly log: FeedLog
  readonly view: FeedView
  readonly clock: Clock
  /** Where pages wait for their turn. */
  readonly replays: WorkQueue
  readonly mergedBooks: MergedBooks
  readonly measures: FeedMeasures
  readonly gatewayLag: GatewayLag
}

export class LongPolls {
  readonly #deps: LongPollDeps
  readonly #pages: PollPages
  readonly #waits = new EventWaits()
  readonly #held = new Set<HeldPoll>()
  #isClosing = false

  constructor(deps: LongPollDeps) {
    this.#deps = deps
    this.#pages = new PollPages(deps.log, deps.mergedBooks)
  }

  /** Polls that hold a place: they wait, or their answer is being sent. */
  get size(): number {
    return this.#held.size
  }

  /** A poll without a position that can be resumed is answered with a snapshot, and holds no place. */
  answerWithSnapshot(request: FeedRequest, plan: Exclude<ResumePlan, { kind: 'resume' }>): LongPoll {
    const reset = plan.kind === 'reset' ? plan.reset : undefined
    return { answer: Promise.resolve(encodeSnapshot(this.#deps, request, reset)), close() {} }
  }

  /** @param waitMs the poll is answered with an empty page after this. */
  hold(request: FeedRequest, afterSeq: number, waitMs: number): LongPoll {
    return this.#hold(request, waitMs, poll => poll.run(afterSeq + 1))
  }

  /** A poll whose reader may have what the log has not yet. */
  holdBehind(request: FeedRequest, waitMs: number): LongPoll {
    return this.#hold(request, waitMs, async poll => {
      await poll.reached()
      const { log, measures } = this.#deps
      const plan = planResume(request.last, log)
      measures.addResume(plan, 'poll')
      if (plan.kind === 'resume') return poll.run(plan.afterSeq + 1)
      return this.answerWithSnapshot(request, plan).answer
    })
  }

  #hold(request: FeedRequest, waitMs: number, answer: (poll: HeldPoll) => Promise<string>): LongPoll {
    const poll = new HeldPoll(request, waitMs, this.#deps, this.#pages, this.#waits)
    if (this.#isClosing) poll.end()
    this.#held.add(poll)
    const close = () => {
      this.#held.delete(poll)
      poll.end()
    }
    return { answer: answer(poll), close }
  }

  publish(events: readonly PublishedEvent[]): void {
    this.#waits.publish(events)
  }

  /** Every poll is answered with what there is, now and from now on. */
  close(): void {
    this.#isClosing = true
    for (const poll of this.#held) poll.end()
  }
}

class HeldPoll {
  readonly #request: FeedRequest
  readonly #deps: LongPollDeps
  readonly #pages: PollPages
  readonly #waits: EventWaits
  readonly #deadlineMs: number
  /**
   * A page of quotes and books alone leaves at most maxHz times a second, also for a reader that polls again at once.
   */
  readonly #conflatedFromMs: number
  #hasEnded = false
  #endWait: () => void = () => {}

  constructor(request: FeedRequest, waitMs: number, deps: LongPollDeps, pages: PollPages, waits: EventWaits) {
    this.#request = request
    this.#deps = deps
    this.#pages = pages
    this.#waits = waits
    const startMs = deps.clock.nowMs()
    this.#deadlineMs = startMs + waitMs
    const periodMs = request.maxHz === null ? 0 : 1_000 / request.maxHz
    this.#conflatedFromMs = Math.min(this.#deadlineMs, startMs + periodMs)
  }

  /** The poll is to be answered with what there is. */
  end(): void {
    this.#hasEnded = true
    this.#endWait()
  }

  /** Settles when the log has what the reader has, or is not waited for any more. */
  reached(): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#deps.gatewayLag.before(this.#request, resolve)
      this.#endWait = () => {
        cancel()
        resolve()
      }
    })
  }

  async run(firstSeq: number): Promise<string> {
    const request = this.#request
    const { log, clock } = this.#deps
    const unconflated = { ...request, events: request.events.filter(event => !isConflated(event)) }
    for (let from = firstSeq; ; ) {
      const page = await this.#readPage(from)
      if (page === undefined) {
        return encodeSnapshot(this.#deps, request, describeReset('expired', request.last!, log))
      }
      const nowMs = clock.nowMs()
      const isSent = page.hasUnconflated || (page.hasFrames && nowMs >= this.#conflatedFromMs)
      if (isSent || nowMs >= this.#deadlineMs || this.#hasEnded) {
        return encodeAnswer({ last: formatPosition(log.epoch, page.upTo) }, page.events)
      }
      if (page.hasFrames) await this.#nextEvent(unconflated, this.#conflatedFromMs - nowMs)
      else {
        from = page.upTo + 1
        // No event between the head and the one that ends the wait is for this reader.
        if (from > log.head) from = (await this.#nextEvent(request, this.#deadlineMs - nowMs)) ?? log.head + 1
      }
    }
  }

  /** undefined when the events are gone from the journal too. */
  async #readPage(from: number): Promise<PollPage | undefined> {
    const { log, replays } = this.#deps
    const isInMemory = log.inMemory(from, 0) !== undefined
    const fetched = isInMemory ? undefined : await log.inJournal(from, POLL_EVENTS_MAX)
    if (!isInMemory && fetched === undefined) return undefined
    return new Promise((resolve, reject) => {
      replays.add(() => {
        try {
          resolve(this.#pages.read(this.#request, from, fetched))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /**
   * The number of the next event that the request includes; undefined when the time has passed or the poll has ended.
   */
  #nextEvent(request: FeedRequest, waitMs: number): Promise<number | undefined> {
    return new Promise(resolve => {
      const done = (seq?: number) => {
        cancelTimer()
        cancelWait()
        this.#endWait = () => {}
        resolve(seq)
      }
      const cancelTimer = this.#deps.clock.setTimer(() => done(), waitMs)
      const cancelWait = this.#waits.add(request, done)
      this.#endWait = () => done()
    })
  }
}

function encodeSnapshot({ log, view }: LongPollDeps, request: FeedRequest, reset: PollAnswer['reset']): string {
  const last = log.headPosition
  const snapshot = view.snapshot(last, createFilter(request))
  return encodeAnswer({ last, ...(reset === undefined ? {} : { reset }), snapshot })
}

/** @param events JSON already: the answer is put together around them. */
function encodeAnswer(head: Omit<PollAnswer, 'events'>, events = ''): string {
  return `${JSON.stringify(head).slice(0, -1)},"events":[${events}]}`
}
