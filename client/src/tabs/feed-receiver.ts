// What a tab makes of the stream that the leader forwards: in order, each id once, nothing left out. Where the forwarded
// frames do not follow on what this tab has, it asks for the stretch between by /v1/poll and keeps them until then.
// Called by shared-feed.ts, in the leader's own tab too. It opens no stream.

import type { ControlEvent, FeedEvent, PollAnswer, Position, Snapshot } from '@papertape/protocol'
import { parsePosition } from '@papertape/protocol'
import { type FrameKind, type ResumePosition, read, request, startReading } from '../feed/resume-position.ts'
import { frameKind } from '../feed/transports/transport.ts'
import { backoffMs, FEED_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import { messageOf } from '../rest/problem.ts'
import { RequestError } from '../rest/rest.ts'

type AnyEvent = FeedEvent | ControlEvent

/** One frame of the leader's stream. */
export interface ForwardedFrame {
  /** The position that the stream had reached before this frame: whoever has not may have missed something. */
  readonly after: string | undefined
  readonly event: AnyEvent
  /** The position that it brings; a heartbeat's too. */
  readonly id: string | undefined
}

export interface ReceiverOptions {
  readonly environment: Environment
  /** /v1/poll with this tab's own subscription; answers at once. */
  poll(last: string | undefined, signal: AbortSignal): Promise<PollAnswer>
  deliver(event: AnyEvent, id: string | undefined): void
  /** It has caught up, or cannot: see `trouble`. */
  onChange(): void
}

/** Frames that are kept while a poll is under way; more, and the poll has to begin again after them. */
const KEPT_MAX = 20_000

interface CatchUp {
  readonly abort: AbortController
  /** A snapshot of this tab's own subscription is wanted, not only what is missing. */
  readonly whole: boolean
  readonly until: Position | undefined
}

export class FeedReceiver {
  readonly #options: ReceiverOptions
  #reading: ResumePosition = startReading()
  /** False: nobody's frames are for us yet. */
  #listens = false
  #catchUp: CatchUp | undefined
  #kept: ForwardedFrame[] = []
  /** Quotes and books up to here are in what was delivered. */
  #foldedTo = 0
  /** Polls since the last frame that followed on. */
  #attempts = 0
  /** Why it does not catch up. */
  trouble: StatusReason | undefined
  eventsReceived = 0
  duplicatesDropped = 0

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  get position(): string | undefined {
    return this.#reading.last
  }

  /** Has all that the leader has, as far as it can know. */
  get isUpToDate(): boolean {
    return this.#listens && this.#catchUp === undefined
  }

  /** This tab leads: its own stream goes on from `position`, and brings whatever a poll was to bring. */
  follow(): void {
    this.#stopPolling()
    this.#kept = []
    this.#listens = true
  }

  /** Another tab leads. */
  join(wasAway: boolean): void {
    if (!this.#listens || wasAway) this.#begin(this.position === undefined, undefined)
  }

  /** Asks for a snapshot, for another book or after a gap in one; what is missing before it comes first. */
  renew(): void {
    if (this.#listens) this.#begin(true, undefined)
  }

  /** A person does not want to wait for the next attempt. */
  hurry(): void {
    this.#attempts = 0
    if (this.trouble !== undefined && this.#catchUp !== undefined) {
      this.#begin(this.#catchUp.whole, this.#catchUp.until)
    }
  }

  stop(): void {
    this.#stopPolling()
    this.#listens = false
  }

  take(frame: ForwardedFrame): void {
    if (!this.#listens) return
    if (this.#catchUp === undefined) this.#accept(frame)
    else if (this.#kept.push(frame) > KEPT_MAX) this.#kept = []
  }

  #accept(frame: ForwardedFrame): void {
    const kind = frameKind(frame.event.event)
    // The leader's connection asked for more from where it was; only then can it be told that this is not to be had.
    if (kind === 'hello') this.#reading = request(this.#reading)
    const missing = this.#missingBefore(frame, kind)
    if (missing === undefined) {
      this.#attempts = 0
      this.#read(frame.event, kind, frame.id)
      return
    }
    this.#kept.unshift(frame)
    this.#begin(false, missing)
  }

  /** Up to where something is missing before this frame, if anything is. */
  #missingBefore({ after, id }: ForwardedFrame, kind: FrameKind): Position | undefined {
    const held = this.#reading.position
    if (held === undefined || kind === 'hello' || kind === 'reset' || kind === 'control') return undefined
    // A stream that began with a snapshot says nothing about what was before it.
    const reached = parsePosition(after ?? (kind === 'snapshot' ? id : undefined) ?? '')
    if (reached === undefined) return undefined
    return reached.epoch === held.epoch && reached.seq <= held.seq ? undefined : reached
  }

  #read(event: AnyEvent, kind: FrameKind, id: string | undefined): void {
    const isConflated = kind === 'durable' && id === undefined
    if (isConflated && seqOf(event) <= this.#foldedTo) return
    const { reading, verdict } = read(this.#reading, kind, id)
    if (verdict === 'foreign') {
      this.#begin(false, undefined)
      return
    }
    this.#reading = reading
    if (verdict === 'drop') {
      if (kind === 'durable') this.duplicatesDropped++
      return
    }
    if (kind === 'durable') this.eventsReceived++
    if (kind === 'snapshot') this.#foldedTo = parsePosition(id ?? '')?.seq ?? 0
    if (kind === 'reset') this.#foldedTo = 0
    this.#options.deliver(event, kind === 'durable' || kind === 'snapshot' ? id : undefined)
  }

  #stopPolling(): void {
    this.#catchUp?.abort.abort()
    this.#catchUp = undefined
    this.trouble = undefined
  }

  #begin(whole: boolean, until: Position | undefined): void {
    const isWhole = whole || (this.#catchUp?.whole ?? false)
    this.#stopPolling()
    this.#listens = true
    const catchUp = { abort: new AbortController(), whole: isWhole, until }
    this.#catchUp = catchUp
    void this.#run(catchUp)
    this.#options.onChange()
  }

  /** Polls until it has caught up; never rejects. */
  async #run(catchUp: CatchUp): Promise<void> {
    const { signal } = catchUp.abort
    for (;;) {
      const attempt = this.#attempts++
      // The first time at once; frames that never follow on must not become poll after poll.
      if (attempt > 0) await this.#pause(this.#waitMs(attempt), signal)
      if (signal.aborted) return
      try {
        await this.#pollOn(catchUp)
        break
      } catch (error) {
        if (signal.aborted) return
        this.trouble = reasonOf(error)
        this.#serverRetryMs = error instanceof RequestError ? error.retryMs : undefined
        this.#options.onChange()
      }
    }
    if (signal.aborted) return
    this.#stopPolling()
    // One of these may show that something is missing still; the rest then waits again.
    const kept = this.#kept
    this.#kept = []
    for (const frame of kept) this.take(frame)
    this.#options.onChange()
  }

  #serverRetryMs: number | undefined
  #waitMs(attempt: number): number {
    const ownMs = backoffMs(attempt - 1, this.#options.environment.random(), FEED_BACKOFF)
    const waitMs = this.#serverRetryMs === undefined ? ownMs : serverRetryMs(this.#serverRetryMs)
    this.#serverRetryMs = undefined
    return waitMs
  }

  async #pollOn({ abort: { signal }, whole, until }: CatchUp): Promise<void> {
    const { poll } = this.#options
    let snapshot: Snapshot | undefined
    let goal = until
    if (whole || this.position === undefined) {
      const answer = await poll(undefined, signal)
      if (signal.aborted) return
      snapshot = answer.snapshot
      goal = parsePosition(answer.last)
      if (this.position === undefined) {
        if (snapshot !== undefined) this.#read({ event: 'snapshot', data: snapshot }, 'snapshot', snapshot.id)
        return
      }
    }
    for (;;) {
      const from = this.position
      const answer = await poll(from, signal)
      if (signal.aborted) return
      snapshot = this.#readAnswer(answer, snapshot)
      if (signal.aborted || answer.last === from || !isBefore(answer.last, goal)) return
    }
  }

  /** @returns the snapshot, when its place has not come yet. */
  #readAnswer({ reset, snapshot, events, last }: PollAnswer, whole: Snapshot | undefined): Snapshot | undefined {
    let pending = reset === undefined ? (snapshot ?? whole) : snapshot
    const readPending = () => {
      if (pending !== undefined) this.#read({ event: 'snapshot', data: pending }, 'snapshot', pending.id)
      pending = undefined
    }
    if (reset !== undefined) {
      this.#reading = request(this.#reading)
      this.#read({ event: 'reset', data: reset }, 'reset', undefined)
      readPending()
    }
    for (const { event: name, data, id } of events) {
      const event = { event: name, data } as FeedEvent
      if (pending !== undefined && seqOf(event) > (parsePosition(pending.id)?.seq ?? 0)) readPending()
      this.#read(event, frameKind(name), id)
    }
    if (pending !== undefined && !isBefore(last, parsePosition(pending.id))) readPending()
    const reached = parsePosition(last)
    this.#reading = read(this.#reading, 'mark', last).reading
    if (reached !== undefined) this.#foldedTo = Math.max(this.#foldedTo, reached.seq)
    return pending
  }

  #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.environment.setTimer(resolve, delayMs)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
  }
}

function seqOf({ data }: AnyEvent): number {
  return 'seq' in data ? data.seq : 0
}

function isBefore(id: string, goal: Position | undefined): boolean {
  const at = parsePosition(id)
  return goal !== undefined && at !== undefined && at.epoch === goal.epoch && at.seq < goal.seq
}

function reasonOf(error: unknown): StatusReason {
  if (error instanceof RequestError) return { code: error.code, text: error.detail }
  return { code: 'network', text: messageOf(error) }
}
