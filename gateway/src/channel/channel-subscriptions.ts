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

interface Subscription {
  readonly name: string
  readonly reader: FeedReader<EventChunk>
}

const NONE: readonly Subscription[] = []

/** What subscriptions need of their connection. */
type SubscribedConnection = Pick<ChannelConnection, 'feed' | 'close' | 'closeLagging'>

export class ChannelSubscriptions implements SubscriptionOwner {
  readonly #deps: ChannelSubscriptionsDeps
  readonly #connection: SubscribedConnection
  /** Few: a map would be larger than what a connection has otherwise. */
  #open: readonly Subscription[] = NONE

  constructor(deps: ChannelSubscriptionsDeps, connection: SubscribedConnection) {
    this.#deps = deps
    this.#connection = connection
  }

  get isEmpty(): boolean {
    return this.#open.length === 0
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
    if (this.#find(subscription) === undefined) {
      if (this.#open.length >= max) {
        throw new CodedError('bad-request', `a connection has at most ${max} subscriptions; unsubscribe from one`)
      }
      const refusal = feed.refuse(request)
      if (refusal !== undefined) throw busyError(refusal, feed, 'subscribe')
    }
    return () => this.#subscribe(subscription, request, encoding)
  }

  #subscribe(subscription: string, request: FeedRequest, encoding: FeedEncoding): void {
    const { feed, codecs } = this.#deps
    this.#drop(subscription)
    const wire = this.#connection.feed.open(subscription, this)
    const reader = feed.subscribe({ request, codec: codecs[encoding] }, wire)
    // As large as it has to be, which a spread is not.
    this.#open = this.#open.concat({ name: subscription, reader })
  }

  /** The feed has ended a subscription. */
  ended(subscription: string, reason: EndReason): void {
    this.#drop(subscription)
    if (reason === 'lagging') this.#connection.closeLagging()
    else if (reason === 'failed') this.#connection.close('logUnreadable')
  }

  /** @throws {CodedError} unknown-subscription */
  unsubscribe(subscription: string): void {
    if (this.#find(subscription) === undefined) {
      throw new CodedError('unknown-subscription', `there is no subscription ${subscription} on this connection`)
    }
    this.#drop(subscription)
  }

  close(): void {
    for (const { name } of this.#open) this.#drop(name)
  }

  #find(wanted: string): Subscription | undefined {
    return this.#open.find(({ name }) => name === wanted)
  }

  #drop(name: string): void {
    const found = this.#find(name)
    if (found === undefined) return
    found.reader.close()
    this.#open = this.#open.filter(one => one !== found)
    this.#connection.feed.close(name)
  }
}
