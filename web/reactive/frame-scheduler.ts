// The one scheduler of drawing: everything that repaints asks here, and is called at most once an animation frame, or at
// most once in its own interval. Hidden tabs get no frames, so nothing is drawn there. Used by cells and charts.

export interface Clock {
  /** Milliseconds that never run backwards. */
  now(): number
  /** Calls back before the next paint; returns what `cancel` takes. */
  request(callback: () => void): number
  cancel(handle: number): void
}

export interface Task {
  readonly run: () => void
  /** The least time between two runs; 0 is every frame. */
  readonly intervalMs: number
}

export interface Frames {
  /** Runs the task once, in the first frame that its interval allows; asking again before that changes nothing. */
  request(task: Task): void
  cancel(task: Task): void
  /** While frozen nothing runs; what was asked for runs after the thaw. */
  setFrozen(frozen: boolean): void
}

export function createFrames(clock: Clock): Frames {
  const waiting = new Set<Task>()
  const lastRunMs = new WeakMap<Task, number>()
  let handle: number | undefined
  let frozen = false

  function arm(): void {
    if (handle === undefined && !frozen && waiting.size > 0) handle = clock.request(flush)
  }

  function flush(): void {
    handle = undefined
    const now = clock.now()
    for (const task of [...waiting]) {
      const last = lastRunMs.get(task)
      // Half a frame of slack: 10 Hz must not become every seventh frame because the sixth came at 99.9 ms.
      if (last !== undefined && now - last < task.intervalMs - 8) continue
      waiting.delete(task)
      lastRunMs.set(task, now)
      task.run()
    }
    arm()
  }

  return {
    request(task) {
      waiting.add(task)
      arm()
    },
    cancel(task) {
      waiting.delete(task)
    },
    setFrozen(value) {
      frozen = value
      if (frozen && handle !== undefined) {
        clock.cancel(handle)
        handle = undefined
      }
      arm()
    },
  }
}

/** The browser's frames. */
export const browserClock: Clock = {
  now: () => performance.now(),
  request: callback => requestAnimationFrame(callback),
  cancel: handle => cancelAnimationFrame(handle),
}
