// A reader of every event over SSE that goes to the next gateway when its stream ends or stands still, and measures how
// long it got nothing. Resumes as a program would that knows the gateways; judges nothing.

import { setTimeout as pause } from 'node:timers/promises'
import { within } from '@papertape/protocol/testing/within'
import { openStream, type StreamReader } from '../support/stream.ts'

/** Events come every few milliseconds: a stream without one for so long is of a gateway that is suspended. */
const STILL_MAX_MS = 1_000
const LOOK_EACH_MS = 10
const RETRY_MS = 50

export class SilenceWatch {
  readonly #urls: readonly string[]
  readonly #events: string
  #last = ''
  #isStopped = false
  #seenMs = performance.now()
  #longestMs = 0

  /** @param urls of the gateways; @param events of /v1/stream */
  constructor(urls: readonly string[], events: string) {
    this.#urls = urls
    this.#events = events
  }

  async run(): Promise<void> {
    for (let n = 0; !this.#isStopped; n++) {
      const url = `${this.#urls[n % this.#urls.length]}/v1/stream?mode=raw&events=${this.#events}`
      const stream = await within(openStream(url, this.#last), url, STILL_MAX_MS).catch(() => undefined)
      if (stream === undefined) await pause(RETRY_MS)
      else await this.#read(stream)
    }
  }

  stop(): void {
    this.#isStopped = true
  }

  /** The longest silence since the last call, also one that goes on. */
  takeLongest(): number {
    const longest = Math.max(this.#longestMs, performance.now() - this.#seenMs)
    this.#longestMs = 0
    return longest
  }

  async #read(stream: StreamReader): Promise<void> {
    let isEnded = false
    void stream.ended.then(() => {
      isEnded = true
    })
    const openedMs = performance.now()
    let seen = 0
    let movedMs = openedMs
    while (!isEnded && !this.#isStopped && performance.now() - movedMs < STILL_MAX_MS) {
      await pause(LOOK_EACH_MS)
      if (stream.lastEventId === this.#last || stream.messages.length === seen) continue
      seen = stream.messages.length
      this.#last = stream.lastEventId
      movedMs = performance.now()
      this.#longestMs = Math.max(this.#longestMs, movedMs - this.#seenMs)
      this.#seenMs = movedMs
    }
    stream.cut()
  }
}
