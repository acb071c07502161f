// The frames of one flush as messages of a socket, in one of the encodings of a subscription. Encoded once for all
// readers of a class, but for the name of the subscription, which each message begins with. Sends nothing.

import type { Feed, Frame, FrameCodec } from '@papertape/feed'
import { BinaryEncoder, binaryHead, type FeedEncoding } from '@papertape/protocol'

/** Text of a text message, bytes of a binary one. */
export type EventMessage = string | Uint8Array<ArrayBuffer>

export class EventChunk {
  readonly #tails: readonly EventMessage[]
  readonly #byName = new Map<string, unknown>()

  /** @param tails the messages, each without what names the subscription. */
  constructor(tails: readonly EventMessage[]) {
    this.#tails = tails
  }

  messages(subscription: string): EventMessage[] {
    return this.#tails.map(tail =>
      typeof tail === 'string' ? textHead(subscription) + tail : concat(binaryHead(subscription), tail),
    )
  }

  /** @param encode the messages to what the transport writes; always the same function. */
  encodeOnce<Encoded>(subscription: string, encode: (messages: readonly EventMessage[]) => Encoded): Encoded {
    let encoded = this.#byName.get(subscription)
    if (encoded === undefined) {
      encoded = encode(this.messages(subscription))
      this.#byName.set(subscription, encoded)
    }
    return encoded as Encoded
  }

  /** Each message by itself: the socket may send others in between. */
  pieces(): EventChunk[] {
    return this.#tails.map(tail => new EventChunk([tail]))
  }
}

/** Readers of a class share its chunks: an encoding has one codec for all connections. */
export type EventCodecs = Readonly<Record<FeedEncoding, FrameCodec<EventChunk>>>

/** The symbols are numbered as the feed has them. */
export function eventCodecs({ log, view }: Feed): EventCodecs {
  const instruments = view.all().map(({ spec: { symbol, tickUnits, lotSize } }) => ({ symbol, tickUnits, lotSize }))
  const encoder = new BinaryEncoder({ epoch: log.epoch, instruments })
  return {
    json: { name: 'socket', encode: frames => new EventChunk(frames.map(textTail)) },
    binary: { name: 'socket-binary', encode: frames => new EventChunk(encoder.encode(frames)) },
  }
}

const textHead = (subscription: string) => `{"type":"event","subscription":${JSON.stringify(subscription)}`

function textTail({ id, event, data }: Frame): string {
  return `${id === undefined ? '' : `,"id":"${id}"`},"event":"${event}","data":${data}}`
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(head.length + tail.length)
  whole.set(head)
  whole.set(tail, head.length)
  return whole
}
