// The one scheduler of drawing: runs tasks at most once an animation frame, or once in their own interval. Hidden tabs
// get no frames, so nothing is drawn there. Used by observables and charts.

export interface FrameClock {
  /** Milliseconds that never run backwards. */
  now(): number
  /** Calls back before the next paint; returns what `cancel` takes. */
  request(callback: () => void): number
  cancel(handle: number): void
}

export interface FrameTask {
  readonly run: () => void
  /** The least time between two runs; 0 is every frame. */
  readonly intervalMs: number
}

export interface FrameScheduler {
  /** Runs the task once, in the first frame that its interval allows. Further requests before that change nothing. */
  request(task: FrameTask): void
  cancel(task: FrameTask): void
}

/** The scheduler for tasks that can be frozen together. */
export interface FreezableScheduler extends FrameScheduler {
  /** While frozen none of its tasks runs; those requested meanwhile run after the thaw. */
  setFrozen(frozen: boolean): void
}

export interface RootScheduler extends FrameScheduler {
  /** For tasks that stop while the screen is frozen; in the same frames as all others. */
  readonly freezable: FreezableScheduler
}

/** Slack of half a frame: a task of 10 Hz must not wait for the seventh frame because the sixth came at 99.9 ms. */
const SLACK_MS = 8

export function createFrameScheduler(clock: FrameClock): RootScheduler {
  const waiting = new Set<FrameTask>()
  const freezable = new WeakSet<FrameTask>()
  const lastRunMs = new WeakMap<FrameTask, number>()
  let handle: number | undefined
  let frozen = false

  const mayRun = (task: FrameTask) => !(frozen && freezable.has(task))

  /** Requests a frame if there is a task for it, and drops the requested one if there is none. */
  function arm(): void {
    const isNeeded = [...waiting].some(mayRun)
    if (isNeeded) handle ??= clock.request(flush)
    else if (handle !== undefined) {
      clock.cancel(handle)
      handle = undefined
    }
  }

  function flush(): void {
    handle = undefined
    const now = clock.now()
    for (const task of [...waiting]) {
      const last = lastRunMs.get(task)
      if (!mayRun(task) || (last !== undefined && now - last < task.intervalMs - SLACK_MS)) continue
      waiting.delete(task)
      lastRunMs.set(task, now)
      task.run()
    }
    arm()
  }

  function request(task: FrameTask): void {
    waiting.add(task)
    if (mayRun(task)) handle ??= clock.request(flush)
  }

  function cancel(task: FrameTask): void {
    waiting.delete(task)
  }

  return {
    request,
    cancel,
    freezable: {
      request(task) {
        freezable.add(task)
        request(task)
      },
      cancel,
      setFrozen(value) {
        frozen = value
        arm()
      },
    },
  }
}

/** The browser's frames. */
export const browserClock: FrameClock = {
  now: () => performance.now(),
  request: callback => requestAnimationFrame(callback),
  cancel: handle => cancelAnimationFrame(handle),
}
