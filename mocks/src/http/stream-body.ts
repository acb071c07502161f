// The body of /v1/stream: a byte stream that a reader of the feed writes to. Holds as much as the server holds for a
// slow reader; what decides when there is more is the reader of the body.

import { type EndReason, type Feed, type FeedWire, type Frame, type FrameCodec, PacedWire } from '@papertape/feed'
import { cutEvenly, encodeFrames, type LabConnection, pieceCount } from '@papertape/gateway'
import type { FeedRequest } from '@papertape/protocol'

/** A reader with more bytes waiting is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024

const encoder = new TextEncoder()
const codec: FrameCodec<Uint8Array> = {
  name: 'sse',
  encode: (frames: readonly Frame[]) => encoder.encode(encodeFrames(frames)),
}

function cutBytes(chunk: Uint8Array) {
  return cutEvenly(chunk, pieceCount(chunk.length)).map(part => ({ chunk: part, bytes: part.length }))
}

export interface StreamBody {
  readonly body: ReadableStream<Uint8Array>
  /** Ends it as a lost connection: the reader of the body sees an error. */
  cut(): void
}

export interface StreamBodyOptions {
  readonly feed: Feed
  readonly request: FeedRequest
  /** Written before the feed. */
  readonly first: string
  /** Its key and pace. */
  readonly lab: LabConnection
  /** Called once, when nothing is written any more. */
  readonly onEnd: () => void
}

export function openStreamBody({ feed, request, first, lab, onEnd }: StreamBodyOptions): StreamBody {
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
        const reader = feed.subscribe({ request, codec, labKey: lab.key }, new PacedWire(wire, lab.pace, cutBytes))
        closeReader = () => reader.close()
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
