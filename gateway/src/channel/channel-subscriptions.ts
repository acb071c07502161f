// The feed subscriptions of one connection, by their names.

import type { EndReason, Feed, FeedReader } from '@papertape/feed'
import type { FeedEncoding, FeedRequest, Inbound } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { busyError } from '../feed/busy-error.ts'
import { parseFeedRequest } from '../feed/feed-request.ts'
import type { ChannelConnection, SubscriptionOwner } from './channel-connection.ts'
import type { EventChunk, EventCodecs } from './event-chunk.ts'

export interface ChannelSubscriptionsDeps {
  readonly feed: Feed
  readonly codecs: EventCodecs
  readonly limits: { readonly subscriptionsMax: number }
}

/** What subscriptions need of their connection. */
type SubscribedConnection = Pick<ChannelConnection, 'feed' | 'close' | 'closeLagging'>

export class ChannelSubscriptions implements SubscriptionOwner {
  readonly #deps: ChannelSubscriptionsDeps
  readonly #connection: SubscribedConnection
  readonly #readers = new Map<string, FeedReader<EventChunk>>()

  constructor(deps: ChannelSubscriptionsDeps, connection: SubscribedConnection) {
    this.#deps = deps
    this.#connection = connection
  }

  get isEmpty(): boolean {
    return this.#readers.size === 0
  }

  /**
   * Checks a subscription and returns a function that opens it; one of the same name is replaced.
   * @throws {CodedError} on invalid parameters: a subscription of the same name goes on unchanged.
   */
  prepare(message: Inbound<'subscribe'>): () => void {
    const { feed, limits } = this.#deps
    const max = limits.subscriptionsMax
    const { subscription, encoding = 'json', ...parameters } = message
    const request = parseFeedRequest(parameters, feed.view.symbols)
    if (!this.#readers.has(subscription)) {
      if (this.#readers.size >= max) {
        throw new CodedError('bad-request', `a connection has at most ${max} subscriptions; unsubscribe from one`)
      }
      const refusal = feed.refuse()
      if (refusal !== undefined) throw busyError(refusal, feed, 'subscribe')
    }
    return () => this.#open(subscription, request, encoding)
  }

  #open(subscription: string, request: FeedRequest, encoding: FeedEncoding): void {
    const { feed, codecs } = this.#deps
    this.#drop(subscription)
    const wire = this.#connection.feed.open(subscription, this)
    this.#readers.set(subscription, feed.subscribe({ request, codec: codecs[encoding] }, wire))
  }

  /** The feed has ended a subscription. */
  ended(subscription: string, reason: EndReason): void {
    this.#drop(subscription)
    if (reason === 'lagging') this.#connection.closeLagging()
    else if (reason === 'failed') this.#connection.close('logUnreadable')
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
    this.#connection.feed.close(name)
  }
}
