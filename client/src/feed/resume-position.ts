// How far a reader has come in the log, and from that, whether a frame is delivered, dropped as a repetition, or of
// another log. Pure. Each id is delivered once because of this file; the feed session, the tabs and the socket's
// subscriptions call it.

import { type Position, parsePosition } from '@papertape/protocol'
import type { FrameKind } from './frame-kind.ts'

export interface ResumePosition {
  /** What the next connection resumes from, as it is sent; undefined asks for a snapshot instead. */
  readonly last: string | undefined
  /** `last`, parsed; also undefined while `last` is a text that only the server can judge. */
  readonly parsed: Position | undefined
  /** What this connection asked to resume from, until the server answers that it cannot. */
  readonly requested: string | undefined
  /** A reset was delivered, or the position was given up, and the snapshot that replaces it has not arrived yet. */
  readonly snapshotOwed: boolean
}

const NO_POSITION: ResumePosition = { last: undefined, parsed: undefined, requested: undefined, snapshotOwed: false }

/** `foreign`: the frame is of another log, and no reset announced it. The reader must reconnect to get the reset. */
type FrameVerdict = 'take' | 'drop' | 'foreign'
interface FrameDecision {
  readonly position: ResumePosition
  readonly verdict: FrameVerdict
}

/** @param last where an earlier reader stopped; empty is absent, as on the wire */
export function startPosition(last?: string): ResumePosition {
  if (last === undefined || last === '') return NO_POSITION
  return { ...NO_POSITION, last, parsed: parsePosition(last) }
}

/** A connection is about to be opened from here. */
export function requestResume(position: ResumePosition): ResumePosition {
  return { ...position, requested: position.last }
}

/** Gives the position up: the next connection starts from a snapshot. */
export function forgetPosition(position: ResumePosition): ResumePosition {
  return { ...position, last: undefined, parsed: undefined, requested: undefined, snapshotOwed: true }
}

export function decideFrame(position: ResumePosition, kind: FrameKind, id: string | undefined): FrameDecision {
  switch (kind) {
    case 'control':
      return { position, verdict: 'take' }
    case 'reset':
      // A connection is answered with one reset at most; after a second one, ids delivered since would be taken again.
      if (position.requested === undefined) return { position, verdict: 'drop' }
      return { position: forgetPosition(position), verdict: 'take' }
    case 'hello':
      return { position: id && position.last === undefined ? setPosition(position, id) : position, verdict: 'take' }
    default:
      return id ? advance(position, kind, id) : { position, verdict: 'take' }
  }
}

function advance(position: ResumePosition, kind: 'durable' | 'snapshot' | 'mark', id: string): FrameDecision {
  const at = parsePosition(id)
  if (at === undefined) return { position, verdict: 'foreign' }
  const held = position.parsed
  if (held !== undefined && held.epoch !== at.epoch) return { position, verdict: 'foreign' }
  // A snapshot at the held position brings newer quotes; an event at it is a repetition.
  const isOld = held !== undefined && (kind === 'durable' ? at.seq <= held.seq : at.seq < held.seq)
  if (isOld) return { position, verdict: kind === 'mark' ? 'take' : 'drop' }
  const reached = { ...position, last: id, parsed: at }
  return { position: kind === 'snapshot' ? { ...reached, snapshotOwed: false } : reached, verdict: 'take' }
}

function setPosition(position: ResumePosition, id: string): ResumePosition {
  const parsed = parsePosition(id)
  return parsed === undefined ? position : { ...position, last: id, parsed }
}
