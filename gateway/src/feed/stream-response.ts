// What every answer of /v1/stream has, whatever writes it: its headers, the time after which a browser reconnects, and
// the answer of a full service.

import { controlFrame, type Frame } from '@papertape/feed'
import { encodeRetry, encodeSse } from '@papertape/protocol'

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const

/** After how long a browser's EventSource reconnects: drawn for each, so that they do not reconnect at once. */
const RETRY_MS = { least: 1_000, most: 5_000 }
const BUSY_RETRY_MS = { least: 8_000, most: 30_000 }

/** Over a slow link a chunk arrives in pieces of about a TCP segment. */
const PIECE_BYTES_MAX = 1_400

export function pieceCount(bytes: number): number {
  return Math.ceil(bytes / PIECE_BYTES_MAX)
}

/** Parts of nearly the same length; one after the other they are the bytes. */
export function cutEvenly(bytes: Uint8Array, count: number): Uint8Array[] {
  const at = (n: number) => Math.round((bytes.length * n) / count)
  return Array.from({ length: count }, (_, n) => bytes.subarray(at(n), at(n + 1)))
}

export function encodeFrames(frames: readonly Frame[]): string {
  return frames.map(frame => encodeSse(frame)).join('')
}

/** The first frame of a stream. @param random from 0 to 1. */
export function encodeStreamRetry(random: () => number): string {
  return encodeRetry(between(RETRY_MS, random))
}

/** After how long a refused reader should try again, unless the refusal says so. @param random from 0 to 1. */
export function busyRetryMs(random: () => number): number {
  return between(BUSY_RETRY_MS, random)
}

/** Never a 429 or 503: a browser's EventSource does not reconnect after these. */
export function encodeBusy(retryMs: number): string {
  return encodeRetry(retryMs) + encodeSse(controlFrame({ event: 'busy', data: { retryMs } }))
}

function between({ least, most }: { least: number; most: number }, random: () => number): number {
  return Math.round(least + (most - least) * random())
}
