// Builds the frames that events of the log go out as, for live classes, readers that catch up and long polls alike: in
// raw mode each event under its position; otherwise quotes and books go to a conflation, and the rest stays as it is.
// Pure.

import type { PublishedEvent } from '../log/published-event.ts'
import { isConflated } from './filter.ts'
import { eventFrame, type Frame } from './frame.ts'

export interface PageOptions {
  readonly epoch: string
  /** Takes each quote and book; absent in raw mode. */
  readonly conflate?: ((event: PublishedEvent) => void) | undefined
  /** Up to here the reader has had everything that is never conflated. */
  readonly unconflatedUpTo?: number
}

/** @param events those that the readers have asked for. */
export function buildPage(
  events: readonly PublishedEvent[],
  { epoch, conflate, unconflatedUpTo = 0 }: PageOptions,
): Frame[] {
  const frames: Frame[] = []
  for (const event of events) {
    if (conflate !== undefined && isConflated(event.event)) conflate(event)
    else if (event.seq > unconflatedUpTo) frames.push(eventFrame(epoch, event))
  }
  return frames
}
