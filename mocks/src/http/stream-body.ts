// The body of an SSE stream: a byte stream that a reader of the feed or of an account writes to. Holds as much as the
// server holds for a slow reader; what decides when there is more is the reader of the body.

import type { EndReason, FeedWire, Frame, FrameCodec } from '@papertape/feed'
import { cutEvenly, encodeFrames, pieceCount } from '@papertape/gateway'

/** A reader with more bytes waiting is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024

const encoder = new TextEncoder()
export const streamCodec: FrameCodec<Uint8Array> = {
  name: 'sse',
  encode: (frames: readonly Frame[]) => encoder.encode(encodeFrames(frames)),
}

export function cutBytes(chunk: Uint8Array) {
  return cutEvenly(chunk, pieceCount(chunk.length)).map(part => ({ chunk: part, bytes: part.length }))
}

export interface StreamBody {
  readonly body: ReadableStream<Uint8Array>
  /** Ends it as a lost connection: the reader of the body sees an error. */
  cut(): void
}

export interface StreamBodyOptions {
  /** Written before what the reader writes. */
  readonly first: string
  /** Starts the reader on the wire; returns what closes it. */
  readonly open: (wire: FeedWire<Uint8Array>) => () => void
  /** Called once, when nothing is written any more. */
  readonly onEnd: () => void
}

export function openStreamBody({ first, open, onEnd }: StreamBodyOptions): StreamBody {
  let controller: ReadableStreamDefaultController<Uint8Array>
  let onDrained: (() => void) | undefined
  let isOpen = true
  let closeReader = () => {}

  function finish(): void {
    if (!isOpen) return
    isOpen = false
    closeReader()
    onEnd()
  }

  const wire: FeedWire<Uint8Array> = {
    get hasRoom() {
      return isOpen && (controller.desiredSize ?? 0) > 0
    },
    write(chunk) {
      if (isOpen) controller.enqueue(chunk)
      return this.hasRoom
    },
    onDrained(callback) {
      onDrained = callback
    },
    end(_reason: EndReason) {
      if (isOpen) controller.close()
      finish()
    },
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given
        controller.enqueue(encoder.encode(first))
        closeReader = open(wire)
        if (!isOpen) closeReader()
      },
      pull() {
        const callback = onDrained
        onDrained = undefined
        callback?.()
      },
      cancel: finish,
    },
    { highWaterMark: BUFFERED_BYTES_MAX, size: chunk => chunk.byteLength },
  )
  return {
    body,
    cut() {
      if (isOpen) controller.error(new TypeError('the connection was cut'))
      finish()
    },
  }
}
