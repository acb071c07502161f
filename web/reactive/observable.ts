// Values that can be watched: set directly, or computed at most once a frame. No React here; use-observable.tsx is the
// hook.

import type { FrameScheduler, FrameTask } from './frame-scheduler.ts'

export interface Observable<T> {
  /** The current value; the same object until it changes. */
  get(): T
  /** Calls back at each change. Returns what ends the subscription. */
  subscribe(listener: () => void): () => void
}

export interface SettableObservable<T> extends Observable<T> {
  /** Notifies listeners at once, unless the value is the same. */
  set(value: T): void
}

export interface ComputedObservable<T> extends Observable<T> {
  /** Marks the value as changed: it is computed, and listeners are notified, in a coming frame. */
  invalidate(): void
}

/** For values that change rarely: what a person sets, or a connection's state. */
export function createObservable<T>(initial: T): SettableObservable<T> {
  const listeners = new Set<() => void>()
  let value = initial
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener()
    },
  }
}

/**
 * For values that change often: computed at most once a frame.
 * @param intervalMs the least time between two notifications; 0 is every frame.
 */
export function createComputed<T>(frames: FrameScheduler, compute: () => T, intervalMs = 0): ComputedObservable<T> {
  const listeners = new Set<() => void>()
  let value = compute()
  const task: FrameTask = {
    intervalMs,
    run() {
      value = compute()
      for (const listener of listeners) listener()
    },
  }
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    invalidate: () => frames.request(task),
  }
}
