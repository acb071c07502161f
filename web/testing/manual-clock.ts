// A frame clock that a test advances by hand.

import type { FrameClock } from '../reactive/frame-scheduler.ts'

export interface ManualFrameClock extends FrameClock {
  /** One animation frame, a sixtieth of a second later. */
  frame(): void
  frames(count: number): void
  /** Frames that have been requested. */
  readonly waiting: number
}

export function manualClock(): ManualFrameClock {
  let now = 1_000
  let handles = 0
  const callbacks = new Map<number, () => void>()
  function frame(): void {
    now += 1_000 / 60
    const due = [...callbacks.values()]
    callbacks.clear()
    for (const callback of due) callback()
  }
  return {
    now: () => now,
    request(callback) {
      callbacks.set(++handles, callback)
      return handles
    },
    cancel: handle => void callbacks.delete(handle),
    frame,
    frames(count) {
      for (let i = 0; i < count; i++) frame()
    },
    get waiting() {
      return callbacks.size
    },
  }
}
