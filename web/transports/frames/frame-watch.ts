// Follows the frames of a scope: subscribes to its connection, keeps the log, and computes what is shown ten times a
// second at most. No markup. FrameView.tsx draws it.

import type { FrameSources } from '../../connections/frame-source.ts'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import { createComputed, type Observable } from '../../reactive/observable.ts'
import {
  EVERYTHING,
  type FrameFilter,
  FrameLog,
  type FrameRate,
  type FrameView,
  type LoggedFrame,
} from './frame-log.ts'
import { type FrameScope, isInScope } from './frame-scope.ts'

export interface FrameWatch {
  readonly view: Observable<FrameView>
  rate(nowMs: number): FrameRate
  requestOf(frame: LoggedFrame): LoggedFrame
  setFilter(filter: FrameFilter): void
  setPaused(paused: boolean): void
  clear(): void
  /** @returns what stops it */
  start(): () => void
}

const INTERVAL_MS = 100

export function createFrameWatch(sources: FrameSources, scheduler: FrameScheduler, scope: FrameScope): FrameWatch {
  const log = new FrameLog()
  let filter = EVERYTHING
  const view = createComputed(scheduler, () => log.view(filter), INTERVAL_MS)
  return {
    view,
    rate: nowMs => log.rate(nowMs),
    requestOf: frame => log.requestOf(frame),
    setFilter(next) {
      filter = next
      view.invalidate()
    },
    setPaused(paused) {
      log.setPaused(paused)
      view.invalidate()
    },
    clear() {
      log.clear()
      view.invalidate()
    },
    start() {
      // Kept frames come again with each start.
      log.clear()
      return sources[scope.source].subscribe(frame => {
        if (!isInScope(scope, frame)) return
        log.add(frame)
        view.invalidate()
      })
    },
  }
}
