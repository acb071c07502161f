// Decides how a reader goes on from the position that it gives: replay, snapshot or reset. SSE, socket and long poll
// share it. Pure.

import { type Position, parsePosition, type Reset, type ResetReason } from '@papertape/protocol'

/** The events that the log has. */
export interface LogRange {
  readonly epoch: string
  /** The oldest event that is kept. */
  readonly oldest: number
  readonly head: number
}

export type ResumePlan =
  | { readonly kind: 'fresh' }
  /** Every event after this number, once. */
  | { readonly kind: 'resume'; readonly afterSeq: number }
  | { readonly kind: 'reset'; readonly reset: Reset }

/** @param last the position as received; undefined when none was given. */
export function planResume(last: string | undefined, log: LogRange): ResumePlan {
  if (last === undefined) return { kind: 'fresh' }
  const position = parsePosition(last)
  const reason = resetReason(position, log)
  if (position === undefined || reason !== undefined) {
    return { kind: 'reset', reset: describeReset(reason ?? 'bad-id', last, log) }
  }
  return { kind: 'resume', afterSeq: position.seq }
}

export function describeReset(reason: ResetReason, requested: string, { epoch, oldest, head }: LogRange): Reset {
  return { reason, requested, epoch, oldest, head }
}

function resetReason(position: Position | undefined, { epoch, oldest, head }: LogRange): ResetReason | undefined {
  if (position === undefined) return 'bad-id'
  if (position.epoch !== epoch) return 'epoch'
  if (position.seq > head) return 'ahead'
  return position.seq < oldest - 1 ? 'expired' : undefined
}
