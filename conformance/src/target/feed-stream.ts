// One open response of /v1/stream as a check reads it: the blocks in order with the time each came, and the bytes'
// deviations from the contract.

import { FEED_EVENTS } from '@papertape/protocol'
import type { Json } from './answer.ts'
import { Collected } from './collected.ts'
import { EventStreamParser, type StreamedBlock } from './event-stream-parser.ts'
import type { TargetClock } from './target-clock.ts'

/** A frame of the feed over any transport. */
export interface FeedFrame extends StreamedBlock {
  readonly data: Json
  readonly atMs: number
  /** It came in a binary message. */
  readonly isBinary?: boolean
}

/** The same frame on another transport has the same key. */
export function keyOf({ id, event, text }: FeedFrame): string {
  return `${id ?? ''} ${event} ${text}`
}

export function isDurable({ event }: FeedFrame): boolean {
  return (FEED_EVENTS as readonly string[]).includes(event)
}

/** The number in a position. */
export function positionSeq(id: string | undefined): number {
  return Number(id?.split('-')[1])
}

export class FrameList extends Collected<FeedFrame> {
  constructor(clock: TargetClock) {
    super(clock, keyOf)
  }

  get durable(): FeedFrame[] {
    return this.items.filter(isDurable)
  }

  first(event: string, options?: { readonly from?: number; readonly limitMs?: number }): Promise<FeedFrame> {
    return this.until(event, frame => frame.event === event, options)
  }
}

export class FeedStream {
  readonly response: Response
  readonly frames: FrameList
  /** When the request was sent. */
  readonly askedMs: number
  readonly #parser: EventStreamParser
  readonly #abort: AbortController

  constructor(response: Response, abort: AbortController, clock: TargetClock, askedMs: number) {
    this.response = response
    this.askedMs = askedMs
    this.frames = new FrameList(clock)
    this.#abort = abort
    this.#parser = new EventStreamParser(block => {
      this.frames.add({ ...block, data: JSON.parse(block.text), atMs: clock.nowMs() })
    })
    void this.#read()
  }

  get faults(): readonly string[] {
    return this.#parser.faults
  }

  get retries(): EventStreamParser['retries'] {
    return this.#parser.retries
  }

  /** The position of the newest frame that carries one. */
  get lastId(): string | undefined {
    return this.frames.items.findLast(({ id }) => id !== undefined)?.id
  }

  close(): void {
    this.#abort.abort()
  }

  async #read(): Promise<void> {
    try {
      for await (const bytes of this.response.body ?? []) this.#parser.push(bytes)
      this.frames.end('the stream has ended')
    } catch (error) {
      this.frames.end(`the stream broke off (${error})`)
    }
  }
}
