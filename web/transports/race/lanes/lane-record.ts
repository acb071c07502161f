// What one lane of the race has received and what that took: latencies, bytes, requests, outages, and by the ids what
// it missed and what it got twice. Pure: times are handed in. Filled by the runners, drawn by LaneStrip.tsx and
// LaneTable.tsx.

import { LatencyHistogram } from './latency-histogram.ts'
import type { SeenEvents } from './seen-events.ts'

export type EventKind = 'trade' | 'quote'

export interface RaceEvent {
  readonly seq: number
  readonly kind: EventKind
  /** The server's wall clock at sequencing, on the page's clock. */
  readonly sequencedMs: number
}

export interface EventDot {
  readonly atMs: number
  readonly latencyMs: number
  readonly kind: EventKind
  readonly isRepeated: boolean
}

/** From the loss of the connection until it was open again; `toMs` is absent while it lasts. */
export interface Outage {
  readonly fromMs: number
  readonly toMs?: number
}

export interface LaneFigures {
  readonly events: number
  readonly medianMs: number | undefined
  readonly p99Ms: number | undefined
  readonly bars: readonly number[]
  /** Measured: bodies as they were received. */
  readonly bodyBytesPerEvent: number | undefined
  /** Computed: heads of requests and responses, framing. */
  readonly headBytesPerEvent: number | undefined
  readonly requests: number
  readonly requestsPerMinute: number
  readonly outages: number
  readonly lastReconnectMs: number | undefined
  readonly isOpen: boolean
  readonly missed: number
  readonly repeated: number
  readonly resets: number
}

export class LaneRecord {
  readonly #union: SeenEvents
  readonly #own = new Set<number>()
  readonly #latencies = new LatencyHistogram()
  readonly #outages: Outage[] = []
  #dots: EventDot[] = []
  #newestSeq = 0
  #repeated = 0
  #requests = 0
  #resets = 0
  #bodyBytes = 0
  #headBytes = 0
  #isOpen = false

  /** @param union what all lanes together have received */
  constructor(union: SeenEvents) {
    this.#union = union
  }

  /** Oldest first. */
  get dots(): readonly EventDot[] {
    return this.#dots
  }

  get outages(): readonly Outage[] {
    return this.#outages
  }

  get requests(): number {
    return this.#requests
  }

  requested(headBytes: number): void {
    this.#requests++
    this.#headBytes += headBytes
  }

  received(bodyBytes: number, headBytes: number): void {
    this.#bodyBytes += bodyBytes
    this.#headBytes += headBytes
  }

  opened(nowMs: number): void {
    this.#isOpen = true
    const last = this.#outages.at(-1)
    if (last !== undefined && last.toMs === undefined) this.#outages.splice(-1, 1, { ...last, toMs: nowMs })
  }

  lost(nowMs: number): void {
    this.#isOpen = false
    const last = this.#outages.at(-1)
    if (last === undefined || last.toMs !== undefined) this.#outages.push({ fromMs: nowMs })
  }

  /** The server could not continue from where this lane was. */
  reset(): void {
    this.#resets++
  }

  add({ seq, kind, sequencedMs }: RaceEvent, nowMs: number): void {
    const isRepeated = this.#own.has(seq)
    const latencyMs = nowMs - sequencedMs
    this.#dots.push({ atMs: nowMs, latencyMs, kind, isRepeated })
    if (isRepeated) {
      this.#repeated++
      return
    }
    this.#own.add(seq)
    this.#union.add(seq)
    this.#newestSeq = Math.max(this.#newestSeq, seq)
    this.#latencies.add(latencyMs)
  }

  /** Forgets dots that are no longer drawn. */
  forgetDots(beforeMs: number): void {
    const kept = this.#dots.findIndex(({ atMs }) => atMs >= beforeMs)
    this.#dots = kept === -1 ? [] : this.#dots.slice(kept)
  }

  figures(elapsedMs: number): LaneFigures {
    const events = this.#own.size
    const perEvent = (bytes: number) => (events === 0 ? undefined : bytes / events)
    const reconnected = this.#outages.findLast(({ toMs }) => toMs !== undefined)
    return {
      events,
      medianMs: this.#latencies.percentile(0.5),
      p99Ms: this.#latencies.percentile(0.99),
      bars: this.#latencies.bars(),
      bodyBytesPerEvent: perEvent(this.#bodyBytes),
      headBytesPerEvent: perEvent(this.#headBytes),
      requests: this.#requests,
      requestsPerMinute: elapsedMs === 0 ? 0 : (this.#requests * 60_000) / elapsedMs,
      outages: this.#outages.length,
      lastReconnectMs: reconnected === undefined ? undefined : reconnected.toMs! - reconnected.fromMs,
      isOpen: this.#isOpen,
      // A transport delivers in order: what it has not received below its newest event, it never will.
      missed: this.#union.countUpTo(this.#newestSeq) - events,
      repeated: this.#repeated,
      resets: this.#resets,
    }
  }
}
