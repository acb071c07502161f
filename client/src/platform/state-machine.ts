// What the pure state machines of this package have in common: the input of each step, and the order of late timeouts.

/** What a pure state machine cannot know by itself. */
export interface StepContext {
  /** Monotonic time. */
  readonly nowMs: number
  /** Random, from [0, 1). */
  readonly chance: number
}

/**
 * The events to apply in place of `event` alone, in order. After a sleep or a long task, an event may be handled before
 * the timer that was due earlier: then the timeout is applied first.
 */
export function inOrder<Event extends { readonly type: string }>(
  { deadlineMs }: { readonly deadlineMs: number | undefined },
  event: Event,
  nowMs: number,
): readonly (Event | { readonly type: 'timeout' })[] {
  const isOverdue = deadlineMs !== undefined && nowMs >= deadlineMs
  return isOverdue && event.type !== 'timeout' ? [{ type: 'timeout' }, event] : [event]
}
