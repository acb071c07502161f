// The feed subscriptions of one socket: kept by name, sent again on every connection, each from the position it had
// reached, each id delivered once. Owns no socket: it sends through the channel's requests. Called by order-channel.ts.

import type { ControlEvent, FeedEvent } from '@papertape/protocol'
import { frameKind } from '../feed/frame-kind.ts'
import {
  decideFrame,
  forgetPosition,
  type ResumePosition,
  requestResume,
  startPosition,
} from '../feed/resume-position.ts'
import type { SubscribeAnswer, SubscribeFields } from './channel-messages.ts'
import { loadDecoder } from './message-reader.ts'
import type { ChannelCommand, ChannelError, LossPolicy } from './request-table.ts'

export type FeedHandler = (event: FeedEvent | ControlEvent, id: string | undefined) => void
type SendRequest = (command: ChannelCommand, ifLost: LossPolicy) => Promise<SubscribeAnswer>

interface FeedSubscriptionEntry {
  readonly params: SubscribeFields
  readonly handler: FeedHandler
  position: ResumePosition
  readonly resolve: (answer: SubscribeAnswer) => void
  readonly reject: (error: unknown) => void
}

export class FeedSubscriptions {
  readonly #sendRequest: SendRequest
  readonly #byName = new Map<string, FeedSubscriptionEntry>()

  constructor(sendRequest: SendRequest) {
    this.#sendRequest = sendRequest
  }

  /** Resolves with the first answer; a refusal, then or later, ends the subscription. */
  add(params: SubscribeFields, handler: FeedHandler, isReady: boolean): Promise<SubscribeAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<SubscribeAnswer>()
    const before = this.#byName.get(params.subscription)
    // A call that still waits for its answer gets the answer to this one, which replaces it.
    if (before !== undefined) promise.then(before.resolve, before.reject)
    const position = before === undefined || params.last !== undefined ? startPosition(params.last) : before.position
    const entry = { params, handler, position, resolve, reject }
    this.#byName.set(params.subscription, entry)
    if (isReady) this.#send(entry)
    return promise
  }

  remove(name: string): void {
    this.#byName.delete(name)
  }

  /** A new connection is ready. */
  sendAll(): void {
    for (const entry of this.#byName.values()) this.#send(entry)
  }

  /** The handler to call with this frame; undefined when it is not delivered. */
  receive(name: string, { event }: FeedEvent | ControlEvent, id: string | undefined): FeedHandler | undefined {
    const entry = this.#byName.get(name)
    if (entry === undefined) return undefined
    const { position, verdict } = decideFrame(entry.position, frameKind(event), id)
    entry.position = position
    if (verdict === 'take') return entry.handler
    if (verdict === 'foreign') {
      // Another log without a reset: what was delivered is not valid any more, so it starts again from a snapshot.
      entry.position = forgetPosition(position)
      this.#send(entry)
    }
    return undefined
  }

  close(error: ChannelError): void {
    for (const { reject } of this.#byName.values()) reject(error)
    this.#byName.clear()
  }

  #send(entry: FeedSubscriptionEntry): void {
    const { params } = entry
    const loading = params.encoding === 'binary' ? loadDecoder() : undefined
    if (loading !== undefined) {
      this.#sendAfter(loading, entry)
      return
    }
    const { last: _, snapshot, ...rest } = params
    entry.position = requestResume(entry.position)
    const { last, snapshotOwed } = entry.position
    const command: ChannelCommand = { ...rest, last, snapshot: snapshotOwed ? undefined : snapshot, type: 'subscribe' }
    this.#sendRequest(command, 'fail').then(
      answer => {
        if (answer.type === 'error' && this.#byName.get(params.subscription) === entry) {
          this.#byName.delete(params.subscription)
        }
        entry.resolve(answer)
      },
      (error: ChannelError) => {
        // After a lost connection the next one sends it again.
        if (error.code !== 'connection-lost') entry.reject(error)
      },
    )
  }

  /** Unless it was removed or replaced meanwhile. */
  #sendAfter(loading: Promise<void>, entry: FeedSubscriptionEntry): void {
    const { subscription } = entry.params
    const isCurrent = () => this.#byName.get(subscription) === entry
    loading.then(
      () => {
        if (isCurrent()) this.#send(entry)
      },
      (error: unknown) => {
        if (isCurrent()) this.#byName.delete(subscription)
        entry.reject(error)
      },
    )
  }
}
