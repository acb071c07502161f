// The feed subscriptions of one connection, by their names.

import type { EndReason, Feed, FeedReader } from '@papertape/feed'
import type { Inbound } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { busyError } from '../feed/busy-error.ts'
import { parseFeedRequest } from '../feed/feed-request.ts'
import type { SubscriptionWires } from './channel-connection.ts'
import type { EventChunk, EventCodecs } from './event-chunk.ts'

export interface ChannelSubscriptionsOptions {
  readonly feed: Feed
  readonly codecs: EventCodecs
  /** Has the wires, which are made for the first subscription. */
  readonly connection: { readonly feed: SubscriptionWires }
  /** Subscriptions of a connection. */
  readonly max: number
  /** The feed has ended a subscription. */
  readonly onEnd: (reason: EndReason) => void
}

export class ChannelSubscriptions {
  readonly #options: ChannelSubscriptionsOptions
  readonly #readers = new Map<string, FeedReader<EventChunk>>()

  constructor(options: ChannelSubscriptionsOptions) {
    this.#options = options
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0
  }

  /**
   * Checks a subscription and returns a function that opens it; one of the same name is replaced.
   * @throws {CodedError} on invalid parameters: a subscription of the same name goes on unchanged.
   */
  prepare(message: Inbound<'subscribe'>): () => void {
    const { feed, codecs, connection, max, onEnd } = this.#options
    const { subscription, encoding = 'json', ...parameters } = message
    const request = parseFeedRequest(parameters, feed.view.symbols)
    if (!this.#readers.has(subscription)) {
      if (this.#readers.size >= max) {
        throw new CodedError('bad-request', `a connection has at most ${max} subscriptions; unsubscribe from one`)
      }
      const refusal = feed.refuse()
      if (refusal !== undefined) throw busyError(refusal, feed, 'subscribe')
    }
    return () => {
      this.#drop(subscription)
      const wire = connection.feed.open(subscription, reason => {
        this.#drop(subscription)
        onEnd(reason)
      })
      this.#readers.set(subscription, feed.subscribe({ request, codec: codecs[encoding] }, wire))
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
    for (const name of [...this.#readers.keys()]) this.#drop(name)
  }

  #drop(name: string): void {
    const reader = this.#readers.get(name)
    if (reader === undefined) return
    reader.close()
    this.#readers.delete(name)
    this.#options.connection.feed.close(name)
  }
}
