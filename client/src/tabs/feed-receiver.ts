// Receives the stream that the leader forwards: delivers it in order, each id once, nothing missing. When a forwarded
// frame does not follow on what this tab has, it polls /v1/poll for the events between and buffers frames until then.
// Opens no stream. Called by shared-feed.ts, in the leader's own tab too.

import type { ControlEvent, FeedEvent, PollAnswer, Position, Snapshot } from '@papertape/protocol'
import { parsePosition } from '@papertape/protocol'
import { type FrameKind, frameKind } from '../feed/frame-kind.ts'
import { decideFrame, type ResumePosition, requestResume, startPosition } from '../feed/resume-position.ts'
import { backoffMs, FEED_BACKOFF, serverRetryMs } from '../platform/backoff.ts'
import type { StatusReason } from '../platform/connection-status.ts'
import type { Environment } from '../platform/environment.ts'
import { messageOf } from '../rest/problem.ts'
import { RequestError } from '../rest/rest.ts'

type AnyEvent = FeedEvent | ControlEvent

/** One frame of the leader's stream. */
export interface ForwardedFrame {
  /** The position of the stream before this frame: a tab that has not reached it may have missed something. */
  readonly after: string | undefined
  readonly event: AnyEvent
  /** The position after it; heartbeats have one too. */
  readonly id: string | undefined
}

interface ReceiverOptions {
  readonly environment: Environment
  /**
   * The stream is conflated: its positions are past quotes and books that still wait there, and may be in the missing
   * frames. Polls bring only what is after a position, so a snapshot is needed too.
   */
  readonly isConflated: boolean
  /** /v1/poll with this tab's own subscription; answered at once. */
  poll(last: string | undefined, signal: AbortSignal): Promise<PollAnswer>
  deliver(event: AnyEvent, id: string | undefined): void
  /** It has caught up, or failed to: see `failure`. */
  onChange(): void
}

/** Frames that are buffered during a poll; when there are more, the buffer is emptied and the gap is polled again. */
const BUFFER_MAX = 20_000

interface CatchUp {
  readonly abort: AbortController
  /** A snapshot of this tab's own subscription is needed, not only the missing events. */
  readonly needsSnapshot: boolean
  readonly until: Position | undefined
}

export class FeedReceiver {
  readonly #options: ReceiverOptions
  #position: ResumePosition = startPosition()
  /** False: forwarded frames are ignored. */
  #isListening = false
  #catchUp: CatchUp | undefined
  #buffer: ForwardedFrame[] = []
  /** Conflated quotes and books up to this seq are included in what was delivered. */
  #conflatedUpTo = 0
  /** Polls since the last frame that followed on the position. */
  #attempts = 0
  #retryAfterMs: number | undefined
  /** Why it does not catch up. */
  failure: StatusReason | undefined
  eventsReceived = 0
  duplicatesDropped = 0

  constructor(options: ReceiverOptions) {
    this.#options = options
  }

  get position(): string | undefined {
    return this.#position.last
  }

  /** This tab becomes the leader: its own stream starts from `position` and brings the missing events. */
  lead(): void {
    this.#stopPolling()
    this.#buffer = []
    this.#isListening = true
  }

  /** Another tab is the leader. */
  follow(wasAway: boolean): void {
    if (!this.#isListening || wasAway) this.#startCatchUp(this.position === undefined, undefined)
  }

  /** Polls for a snapshot, for another book or after a gap in one; missing events are delivered before it. */
  resnapshot(): void {
    if (this.#isListening) this.#startCatchUp(true, undefined)
  }

  /** Polls now instead of at the next attempt. */
  retryNow(): void {
    this.#attempts = 0
    if (this.failure !== undefined && this.#catchUp !== undefined) {
      this.#startCatchUp(this.#catchUp.needsSnapshot, this.#catchUp.until)
    }
  }

  stop(): void {
    this.#stopPolling()
    this.#isListening = false
  }

  receive(frame: ForwardedFrame): void {
    if (!this.#isListening) return
    if (this.#catchUp === undefined) this.#process(frame)
    else if (this.#buffer.push(frame) > BUFFER_MAX) this.#buffer = []
  }

  #process(frame: ForwardedFrame): void {
    const kind = frameKind(frame.event.event)
    // After a hello the leader's connection may be answered with a reset.
    if (kind === 'hello') this.#position = requestResume(this.#position)
    const missing = this.#missingBefore(frame, kind)
    if (missing === undefined) {
      this.#attempts = 0
      this.#apply(frame.event, kind, frame.id)
      return
    }
    this.#buffer.unshift(frame)
    this.#startCatchUp(false, missing)
  }

  /** The position up to which events are missing before this frame; undefined when none are. */
  #missingBefore({ after, id }: ForwardedFrame, kind: FrameKind): Position | undefined {
    const held = this.#position.parsed
    if (held === undefined || kind === 'hello' || kind === 'reset' || kind === 'control') return undefined
    // A stream that starts with a snapshot does not bring the events before it.
    const reached = parsePosition(after ?? (kind === 'snapshot' ? id : undefined) ?? '')
    if (reached === undefined) return undefined
    return reached.epoch === held.epoch && reached.seq <= held.seq ? undefined : reached
  }

  #apply(event: AnyEvent, kind: FrameKind, id: string | undefined): void {
    const isConflated = kind === 'durable' && id === undefined
    if (isConflated && seqOf(event) <= this.#conflatedUpTo) return
    const { position, verdict } = decideFrame(this.#position, kind, id)
    if (verdict === 'foreign') {
      this.#startCatchUp(false, undefined)
      return
    }
    this.#position = position
    if (verdict === 'drop') {
      if (kind === 'durable') this.duplicatesDropped++
      return
    }
    if (kind === 'durable') this.eventsReceived++
    if (kind === 'snapshot') this.#conflatedUpTo = parsePosition(id ?? '')?.seq ?? 0
    if (kind === 'reset') this.#conflatedUpTo = 0
    this.#options.deliver(event, kind === 'durable' || kind === 'snapshot' ? id : undefined)
  }

  #stopPolling(): void {
    this.#catchUp?.abort.abort()
    this.#catchUp = undefined
    this.failure = undefined
  }

  #startCatchUp(needsSnapshot: boolean, until: Position | undefined): void {
    const neededBefore = this.#catchUp?.needsSnapshot ?? false
    this.#stopPolling()
    this.#isListening = true
    const needed = needsSnapshot || neededBefore || this.#options.isConflated
    const catchUp = { abort: new AbortController(), needsSnapshot: needed, until }
    this.#catchUp = catchUp
    void this.#runCatchUp(catchUp)
    this.#options.onChange()
  }

  /** Polls until it has caught up; never rejects. */
  async #runCatchUp(catchUp: CatchUp): Promise<void> {
    const { signal } = catchUp.abort
    for (;;) {
      const attempt = this.#attempts++
      // The first poll is immediate; frames that never follow on must not cause polls without pause.
      if (attempt > 0) await this.#pause(this.#waitMs(attempt), signal)
      if (signal.aborted) return
      try {
        await this.#poll(catchUp)
        break
      } catch (error) {
        if (signal.aborted) return
        this.failure = reasonOf(error)
        this.#retryAfterMs = error instanceof RequestError ? error.retryMs : undefined
        this.#options.onChange()
      }
    }
    if (signal.aborted) return
    this.#stopPolling()
    // If a buffered frame shows another gap, the rest is buffered again.
    const buffered = this.#buffer
    this.#buffer = []
    for (const frame of buffered) this.receive(frame)
    this.#options.onChange()
  }

  #waitMs(attempt: number): number {
    const ownMs = backoffMs(attempt - 1, this.#options.environment.random(), FEED_BACKOFF)
    const waitMs = this.#retryAfterMs === undefined ? ownMs : serverRetryMs(this.#retryAfterMs)
    this.#retryAfterMs = undefined
    return waitMs
  }

  async #poll({ abort: { signal }, needsSnapshot, until }: CatchUp): Promise<void> {
    const { poll } = this.#options
    let snapshot: Snapshot | undefined
    let goal = until
    if (needsSnapshot || this.position === undefined) {
      const answer = await poll(undefined, signal)
      if (signal.aborted) return
      snapshot = answer.snapshot
      goal = parsePosition(answer.last)
      if (this.position === undefined) {
        if (snapshot !== undefined) this.#apply({ event: 'snapshot', data: snapshot }, 'snapshot', snapshot.id)
        return
      }
    }
    for (;;) {
      const from = this.position
      const answer = await poll(from, signal)
      if (signal.aborted) return
      snapshot = this.#applyAnswer(answer, snapshot)
      if (signal.aborted || answer.last === from || !isBefore(answer.last, goal)) return
    }
  }

  /** @returns the snapshot that was requested, until its place among the events is reached */
  #applyAnswer({ reset, snapshot, events, last }: PollAnswer, requested: Snapshot | undefined): Snapshot | undefined {
    let pending = reset === undefined ? (snapshot ?? requested) : snapshot
    const applyPending = () => {
      if (pending !== undefined) this.#apply({ event: 'snapshot', data: pending }, 'snapshot', pending.id)
      pending = undefined
    }
    if (reset !== undefined) {
      this.#position = requestResume(this.#position)
      this.#apply({ event: 'reset', data: reset }, 'reset', undefined)
      applyPending()
    }
    for (const { event: name, data, id } of events) {
      const event = { event: name, data } as FeedEvent
      const isPast = pending === undefined || seqOf(event) > (parsePosition(pending.id)?.seq ?? 0)
      if (isPast) applyPending()
      // A conflated one may follow on another that is missing; the snapshot has both.
      if (isPast || id !== undefined) this.#apply(event, frameKind(name), id)
    }
    if (pending !== undefined && !isBefore(last, parsePosition(pending.id))) applyPending()
    const reached = parsePosition(last)
    this.#position = decideFrame(this.#position, 'mark', last).position
    if (reached !== undefined) this.#conflatedUpTo = Math.max(this.#conflatedUpTo, reached.seq)
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
