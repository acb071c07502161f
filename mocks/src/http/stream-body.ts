// The body of /v1/stream: a byte stream that a reader of the feed writes to. Holds as much as the server holds for a
// slow reader; what decides when there is more is the reader of the body.

import type { EndReason, Feed, FeedWire, Frame, FrameCodec } from '@papertape/feed'
import { encodeFrames } from '@papertape/gateway'
import type { FeedRequest } from '@papertape/protocol'

/** A reader with more bytes waiting is slow. */
const BUFFERED_BYTES_MAX = 64 * 1024

const encoder = new TextEncoder()
const codec: FrameCodec<Uint8Array> = {
  name: 'sse',
  encode: (frames: readonly Frame[]) => encoder.encode(encodeFrames(frames)),
}

export interface StreamBody {
  readonly body: ReadableStream<Uint8Array>
  /** Ends it as a lost connection: the reader of the body sees an error. */
  cut(): void
}

/** @param onEnd called once, when nothing is written any more. */
export function openStreamBody(feed: Feed, request: FeedRequest, first: string, onEnd: () => void): StreamBody {
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
        const reader = feed.subscribe({ request, codec }, wire)
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
