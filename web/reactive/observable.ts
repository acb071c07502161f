// A value that many look at and that changes often: it is computed when somebody reads it, at most once a frame.
// No React here; use-observable.tsx is the layer for it.

import type { Frames, Task } from './frame-scheduler.ts'

export interface Cell<T> {
  /** The value as of the last frame: the same object until the next one. */
  get(): T
  subscribe(listener: () => void): () => void
}

export interface SourceCell<T> extends Cell<T> {
  /** Says that the value has changed; listeners hear of it in a coming frame. */
  touch(): void
}

/** @param intervalMs the least time between two notices; 0 is every frame. */
export function createCell<T>(frames: Frames, compute: () => T, intervalMs = 0): SourceCell<T> {
  const listeners = new Set<() => void>()
  let value = compute()
  const task: Task = {
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
    touch: () => frames.request(task),
  }
}

/** A plain value that is set now and then, by a person or a connection; listeners hear at once. */
export function createValue<T>(initial: T): Cell<T> & { set(value: T): void } {
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
