// What a loss of the feed cost: how long it was, how many events of the market the page missed, and how many of them
// were replayed. Published once the page has caught up. market/feed.ts reports to it; shell/Banner.tsx shows it.

import type { SharedFeedState } from '@papertape/client'
import { type ControlEvent, type FeedEvent, parsePosition } from '@papertape/protocol'
import { createObservable, type Observable } from '../reactive/observable.ts'

export interface FeedOutage {
  readonly awayMs: number
  /** Events of the whole market; null if the connection was kept, and its events came late. */
  readonly missed: number | null
  /** Those of them that are never conflated: trades, changes of phase, news. Quotes and books come with a snapshot. */
  readonly replayed: number
  /** The server could not replay, and sent a snapshot instead. */
  readonly isReset: boolean
}

export interface OutageRecorder {
  /** Until it is dismissed; null if there was none. */
  readonly latest: Observable<FeedOutage | null>
  dismiss(): void
  /** Each event of the feed, in order. @param id of those that are never conflated */
  receive(event: FeedEvent | ControlEvent, id: string | undefined): void
  update(state: Pick<SharedFeedState, 'freshness' | 'lastArrivalMs'>): void
  /** Another market answers: nothing of the old one can be missed. */
  clear(): void
}

/** From the loss until the page has caught up. */
interface OpenOutage {
  readonly sinceMs: number
  readonly fromSeq: number
  /** When data arrived again. */
  backMs: number | undefined
  /** The newest event when the new connection was opened; undefined before. */
  headSeq: number | undefined
  snapshotSeq: number | undefined
  replayed: number
  isReset: boolean
}

export function createOutageRecorder(nowMs: () => number): OutageRecorder {
  const latest = createObservable<FeedOutage | null>(null)
  /** The newest event that has arrived. */
  let reachedSeq = 0
  let loss: OpenOutage | undefined

  function record(current: OpenOutage, event: FeedEvent | ControlEvent, id: string | undefined): void {
    if (event.event === 'hello') current.headSeq = event.data.head
    else if (event.event === 'reset') current.isReset = true
    else if (current.headSeq === undefined || current.snapshotSeq !== undefined) return
    else if (event.event === 'snapshot') current.snapshotSeq = parsePosition(event.data.id)?.seq
    else if (id !== undefined) current.replayed++
  }

  function publishWhenComplete(): void {
    if (loss?.backMs === undefined) return
    const { sinceMs, fromSeq, backMs, headSeq, snapshotSeq, replayed, isReset } = loss
    const untilSeq = snapshotSeq ?? headSeq
    if (untilSeq !== undefined && reachedSeq < untilSeq) return
    loss = undefined
    const missed = untilSeq === undefined ? null : Math.max(0, untilSeq - fromSeq)
    latest.set({ awayMs: Math.max(0, backMs - sinceMs), missed, replayed, isReset })
  }

  return {
    latest,
    dismiss: () => latest.set(null),
    receive(event, id) {
      if (loss !== undefined) record(loss, event, id)
      const seq =
        event.event === 'snapshot' ? parsePosition(event.data.id)?.seq : 'seq' in event.data ? event.data.seq : 0
      reachedSeq = Math.max(reachedSeq, seq ?? 0)
      publishWhenComplete()
    },
    update({ freshness, lastArrivalMs }) {
      if (freshness === 'stale') {
        loss ??= {
          sinceMs: lastArrivalMs ?? nowMs(),
          fromSeq: reachedSeq,
          backMs: undefined,
          headSeq: undefined,
          snapshotSeq: undefined,
          replayed: 0,
          isReset: false,
        }
        loss.backMs = undefined
        latest.set(null)
      } else if (freshness === 'live' && loss !== undefined) {
        loss.backMs ??= nowMs()
        publishWhenComplete()
      }
    },
    clear() {
      loss = undefined
      reachedSeq = 0
      latest.set(null)
    },
  }
}
