// How far a reader has come in the log, and what that says about the next frame: news, old news, or of another log.
// Pure. It is the whole of "nothing twice, nothing skipped"; the feed session and the socket's subscriptions call it.

import { type Position, parsePosition } from '@papertape/protocol'

/** What a frame means to the position. `mark` moves it without being an event: a heartbeat, or a poll's `last`. */
export type FrameKind = 'durable' | 'snapshot' | 'reset' | 'hello' | 'mark' | 'control'

export interface ResumePosition {
  /** What the next connection resumes from, as it will be sent; undefined asks for a snapshot instead. */
  readonly last: string | undefined
  /** The same, parsed; undefined also while `last` is a text that only the server can judge. */
  readonly position: Position | undefined
  /** What this connection asked to resume from, until the server has said that it cannot. */
  readonly requested: string | undefined
  /** A reset has been passed on, or the position given up, and the snapshot that makes good for it has not come yet. */
  readonly snapshotOwed: boolean
}

const NOWHERE: ResumePosition = { last: undefined, position: undefined, requested: undefined, snapshotOwed: false }

export type Verdict = 'take' | 'drop' | 'foreign'
export interface Judgement {
  readonly reading: ResumePosition
  readonly verdict: Verdict
}

/** @param last where an earlier reader stopped; empty is absent, as on the wire. */
export function startReading(last?: string): ResumePosition {
  if (last === undefined || last === '') return NOWHERE
  return { ...NOWHERE, last, position: parsePosition(last) }
}

/** A connection is about to be opened from here. */
export function request(reading: ResumePosition): ResumePosition {
  return { ...reading, requested: reading.last }
}

/** Gives the position up: the next connection starts from a snapshot. */
export function forget(reading: ResumePosition): ResumePosition {
  return { ...reading, last: undefined, position: undefined, requested: undefined, snapshotOwed: true }
}

/** `foreign` is a frame of another log that no reset announced: the reader must reconnect and be told. */
export function read(reading: ResumePosition, kind: FrameKind, id: string | undefined): Judgement {
  switch (kind) {
    case 'control':
      return { reading, verdict: 'take' }
    case 'reset':
      // One connection can be told so once; a second copy would open the door to everything delivered since.
      if (reading.requested === undefined) return { reading, verdict: 'drop' }
      return { reading: forget(reading), verdict: 'take' }
    case 'hello':
      return { reading: id && reading.last === undefined ? reach(reading, id) : reading, verdict: 'take' }
    default:
      return id ? advance(reading, kind, id) : { reading, verdict: 'take' }
  }
}

function advance(reading: ResumePosition, kind: 'durable' | 'snapshot' | 'mark', id: string): Judgement {
  const at = parsePosition(id)
  if (at === undefined) return { reading, verdict: 'foreign' }
  const held = reading.position
  if (held !== undefined && held.epoch !== at.epoch) return { reading, verdict: 'foreign' }
  // A snapshot at the position we hold is news of the quotes; an event at it is one that we have had.
  const old = held !== undefined && (kind === 'durable' ? at.seq <= held.seq : at.seq < held.seq)
  if (old) return { reading, verdict: kind === 'mark' ? 'take' : 'drop' }
  const reached = { ...reading, last: id, position: at }
  return { reading: kind === 'snapshot' ? { ...reached, snapshotOwed: false } : reached, verdict: 'take' }
}

function reach(reading: ResumePosition, id: string): ResumePosition {
  const position = parsePosition(id)
  return position === undefined ? reading : { ...reading, last: id, position }
}
