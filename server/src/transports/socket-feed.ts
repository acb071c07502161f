// Feed subscriptions on a socket: the same frames as over SSE, each under the name that the client gave.

import type { Inbound } from '@papertape/protocol'
import type { WebSocket } from 'ws'
import { CodedError } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { FeedReader, FeedWire } from '../feed/feed-reader.ts'
import type { Frame, FrameCodec } from '../feed/frame.ts'
import { parseFeedRequest } from '../feed/request.ts'

/** More than this waiting in the process, and a subscription is taken for slow. */
const BUFFERED_BYTES_MAX = 64 * 1024

export class FeedSubscriptions {
  readonly #feed: Feed
  readonly #socket: WebSocket
  readonly #max: number
  readonly #readers = new Map<string, FeedReader<readonly string[]>>()

  constructor(feed: Feed, socket: WebSocket, max: number) {
    this.#feed = feed
    this.#socket = socket
    this.#max = max
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0
  }

  /**
   * Checks a subscription and returns what opens it; one of the same name is changed.
   * @throws {CodedError} on parameters that the feed does not take: an older one of that name goes on as it was.
   */
  prepare(message: Inbound<'subscribe'>): () => void {
    const { subscription } = message
    const request = parseFeedRequest(message, this.#feed.view.symbols)
    if (!this.#readers.has(subscription) && this.#readers.size >= this.#max) {
      throw new CodedError('bad-request', `a connection has at most ${this.#max} subscriptions; unsubscribe from one`)
    }
    return () => {
      this.#readers.get(subscription)?.close()
      const wire = socketWire(this.#socket, () => this.#drop(subscription))
      this.#readers.set(subscription, this.#feed.subscribe({ request, codec: socketCodec(subscription) }, wire))
    }
  }

  /** @throws {CodedError} unknown-subscription */
  unsubscribe(subscription: string): void {
    if (!this.#readers.has(subscription)) {
      throw new CodedError('unknown-subscription', `there is no subscription ${subscription} on this connection`)
    }
    this.#drop(subscription)
  }

  close(): void {
    for (const reader of this.#readers.values()) reader.close()
    this.#readers.clear()
  }

  #drop(subscription: string): void {
    this.#readers.get(subscription)?.close()
    this.#readers.delete(subscription)
  }
}

function socketCodec(subscription: string): FrameCodec<readonly string[]> {
  const head = `{"type":"event","subscription":${JSON.stringify(subscription)}`
  return {
    name: `socket ${subscription}`,
    encode: frames => frames.map(frame => encodeMessage(head, frame)),
  }
}

function encodeMessage(head: string, { id, event, data }: Frame): string {
  return `${head}${id === undefined ? '' : `,"id":"${id}"`},"event":"${event}","data":${data}}`
}

function socketWire(socket: WebSocket, onEnd: () => void): FeedWire<readonly string[]> {
  let drained: (() => void) | undefined
  return {
    write(messages) {
      if (socket.readyState !== socket.OPEN) return true
      for (const message of messages) {
        socket.send(message, () => {
          if (drained === undefined || socket.bufferedAmount > 0) return
          const callback = drained
          drained = undefined
          callback()
        })
      }
      return socket.bufferedAmount <= BUFFERED_BYTES_MAX
    },
    onDrained(callback) {
      drained = callback
    },
    end: onEnd,
  }
}
