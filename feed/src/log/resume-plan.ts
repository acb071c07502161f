// What becomes of the position that a reader asks for: the one decision that SSE, the socket and the long poll share.
// Pure.

import { type Position, parsePosition, type Reset, type ResetReason } from '@papertape/protocol'

/** Where the log stands. */
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

/** @param last the position as it was given; undefined when none was. */
export function planResume(last: string | undefined, log: LogRange): ResumePlan {
  if (last === undefined) return { kind: 'fresh' }
  const position = parsePosition(last)
  const reason = refusal(position, log)
  if (position === undefined || reason !== undefined) {
    return { kind: 'reset', reset: describeReset(reason ?? 'bad-id', last, log) }
  }
  return { kind: 'resume', afterSeq: position.seq }
}

export function describeReset(reason: ResetReason, requested: string, { epoch, oldest, head }: LogRange): Reset {
  return { reason, requested, epoch, oldest, head }
}

function refusal(position: Position | undefined, { epoch, oldest, head }: LogRange): ResetReason | undefined {
  if (position === undefined) return 'bad-id'
  if (position.epoch !== epoch) return 'epoch'
  if (position.seq > head) return 'ahead'
  return position.seq < oldest - 1 ? 'expired' : undefined
}
