// What a subscription sends, on any transport: a name, JSON, and a position where the contract gives it one. A codec
// turns frames into one transport's chunk.

import { type ControlEvent, formatPosition } from '@papertape/protocol'
import type { EncodedEvent } from '@papertape/venue'
import type { FeedLog } from '../log/feed-log.ts'

export interface Frame {
  readonly id?: string
  readonly event: string
  /** JSON. */
  readonly data: string
}

/** How one transport encodes frames. A chunk is encoded once for all readers of a class. */
export interface FrameCodec<Chunk> {
  /** Readers share chunks only within one codec name. */
  readonly name: string
  encode(frames: readonly Frame[]): Chunk
}

export function controlFrame(control: ControlEvent, id?: string): Frame {
  const frame = { event: control.event, data: JSON.stringify(control.data) }
  return id === undefined ? frame : { ...frame, id }
}

/** Gives a reader without events a new position: everything up to the head has been sent. */
export function heartbeatFrame(log: FeedLog, wallMs: number): Frame {
  const data = { head: log.head, serverTime: Math.floor(wallMs) }
  return controlFrame({ event: 'heartbeat', data }, log.headPosition)
}

/** As long polls and pages of the log have it. The data is not encoded again. */
export function frameJson({ id, event, data }: Frame): string {
  const idField = id === undefined ? '' : `"id":"${id}",`
  return `{${idField}"event":"${event}","data":${data}}`
}

/** An event as the log holds it, under its own position. */
export function eventFrame(epoch: string, { seq, event, data }: EncodedEvent): Frame {
  return { id: formatPosition(epoch, seq), event, data }
}

/**
 * A quote or book that stands for others. It has no position: resuming there would skip events of other symbols that
 * wait.
 * @param count how many events it stands for.
 */
export function conflatedFrame(event: string, data: string, count: number): Frame {
  return { event, data: `${data.slice(0, -1)},"folded":${count}}` }
}
