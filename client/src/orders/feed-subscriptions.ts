// The feed subscriptions of one socket: kept by name, sent again on every connection from where each had come, each id
// delivered once. It holds no socket: it asks through the channel's own requests.

import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import { forget, type ResumePosition, read, request, startReading } from '../feed/resume-position.ts'
import { frameKind } from '../feed/transports/transport.ts'
import type { SubscribeAnswer, SubscribeFields } from './channel-messages.ts'
import type { ChannelCommand, ChannelError, LossPolicy } from './request-table.ts'

export type FeedHandler = (event: FeedEvent | ControlEvent, id: string | undefined) => void
type Ask = (command: ChannelCommand, ifLost: LossPolicy) => Promise<SubscribeAnswer>

interface ActiveSubscription {
  readonly params: SubscribeFields
  readonly handler: FeedHandler
  reading: ResumePosition
  readonly settle: (answer: SubscribeAnswer) => void
  readonly fail: (error: unknown) => void
}

export class FeedSubscriptions {
  readonly #ask: Ask
  readonly #byName = new Map<string, ActiveSubscription>()

  constructor(ask: Ask) {
    this.#ask = ask
  }

  /** The promise is of the first answer; a refusal there, or later, ends the subscription. */
  add(params: SubscribeFields, handler: FeedHandler, now: boolean): Promise<SubscribeAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<SubscribeAnswer>()
    const before = this.#byName.get(params.subscription)
    // Whoever still waits for the answer to the old wish gets the answer to the new one.
    if (before !== undefined) promise.then(before.settle, before.fail)
    const reading = before === undefined || params.last !== undefined ? startReading(params.last) : before.reading
    const subscription = { params, handler, reading, settle: resolve, fail: reject }
    this.#byName.set(params.subscription, subscription)
    if (now) this.#send(subscription)
    return promise
  }

  remove(name: string): void {
    this.#byName.delete(name)
  }

  /** A new connection is ready. */
  sendAll(): void {
    for (const subscription of this.#byName.values()) this.#send(subscription)
  }

  /** Who is to get this frame, if anybody is. */
  take(name: string, { event }: FeedEvent | ControlEvent, id: string | undefined): FeedHandler | undefined {
    const subscription = this.#byName.get(name)
    if (subscription === undefined) return undefined
    const { reading, verdict } = read(subscription.reading, frameKind(event), id)
    subscription.reading = reading
    if (verdict === 'take') return subscription.handler
    if (verdict === 'foreign') {
      // Another log without a reset: nothing that was held can be trusted, so it starts over from a snapshot.
      subscription.reading = forget(reading)
      this.#send(subscription)
    }
    return undefined
  }

  close(error: ChannelError): void {
    for (const { fail } of this.#byName.values()) fail(error)
    this.#byName.clear()
  }

  #send(subscription: ActiveSubscription): void {
    const { params } = subscription
    const { last: _, snapshot, ...rest } = params
    subscription.reading = request(subscription.reading)
    const { last, snapshotOwed } = subscription.reading
    const wanted = snapshotOwed ? undefined : snapshot
    const command: ChannelCommand = { ...rest, last, snapshot: wanted, type: 'subscribe' }
    this.#ask(command, 'fail').then(
      answer => {
        if (answer.type === 'error' && this.#byName.get(params.subscription) === subscription) {
          this.#byName.delete(params.subscription)
        }
        subscription.settle(answer)
      },
      (error: ChannelError) => {
        // Lost on the way: the next connection sends it again. Anything else ends the wait for the first answer.
        if (error.code !== 'connection-lost') subscription.fail(error)
      },
    )
  }
}
