// An event of the log with its JSON, which goes out as it is, and its fields, decoded at most once for all that need
// them.

import type { FeedEvent, FeedEventName } from '@papertape/protocol'
import { decodeEvent, type EncodedEvent } from '@papertape/venue'

export class PublishedEvent implements EncodedEvent {
  readonly seq: number
  readonly event: FeedEventName
  readonly symbol: string | null
  readonly data: string
  #decoded: FeedEvent | undefined

  constructor({ seq, event, symbol, data }: EncodedEvent) {
    this.seq = seq
    this.event = event
    this.symbol = symbol
    this.data = data
  }

  get decoded(): FeedEvent {
    this.#decoded ??= decodeEvent(this)
    return this.#decoded
  }
}
