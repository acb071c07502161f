// How far a run has come and how fast it goes, from what it has done and how long that took. For the command's
// progress bar and for the service.

export interface RunPoint {
  /** Market time. */
  readonly time: number
  readonly events: number
}

export interface RunSpan {
  readonly startTime: number
  readonly endTime: number
  /** The position of a resumed run. */
  readonly from: RunPoint
}

export function progressFigures({ startTime, endTime, from }: RunSpan, last: RunPoint, elapsedWallMs: number) {
  const elapsedMs = Math.max(1, elapsedWallMs)
  const doneMs = last.time - from.time
  return {
    share: Math.min(1, (last.time - startTime) / Math.max(1, endTime - startTime)),
    /** Market time by wall time: 3600 is an hour a second. */
    pace: doneMs / elapsedMs,
    eventsPerSecond: Math.round(((last.events - from.events) * 1000) / elapsedMs),
    leftMs: doneMs === 0 ? undefined : Math.round((elapsedMs * Math.max(0, endTime - last.time)) / doneMs),
  }
}
