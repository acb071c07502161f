// The rooms that a channel has joined: joined again on every connection, each message delivered once and in order,
// and what was said while there was no connection sent after it. Owns no socket: it sends through the channel's
// requests. Called by orders/order-channel.ts and tabs/shared-orders.ts.

import type { Clock, Outbound, RoomMessage } from '@papertape/protocol'
import { runCallback } from '../platform/callback.ts'
import type { OutboundMessage } from './channel-messages.ts'
import { type ChannelCommand, ChannelError } from './request-table.ts'
import type { JoinOptions, RoomAnswer, RoomEvent, RoomHandler, SayOptions } from './room-interface.ts'

const TYPING_INTERVAL_MS = 1_000

export interface RoomMembershipsDeps {
  readonly clock: Clock
  /** From [0, 1). */
  readonly random: () => number
  readonly timeoutMs: number
  /** Rejects with `connection-lost` when the connection is lost before the answer. */
  readonly request: (command: ChannelCommand) => Promise<RoomAnswer>
}

interface Membership {
  readonly room: string
  readonly user: string | undefined
  readonly handler: RoomHandler
  readonly resolve: (answer: RoomAnswer) => void
  readonly reject: (error: unknown) => void
  /** The last message that was delivered; undefined before the first `room.joined`. */
  lastId: number | undefined
  /** The server has acknowledged it on this connection: what is said can be sent. */
  isJoined: boolean
  typedAtMs: number
}

/** A message whose answer is not known. */
interface Saying {
  readonly room: string
  readonly command: ChannelCommand
  isSent: boolean
  readonly resolve: (answer: RoomAnswer) => void
  readonly reject: (error: unknown) => void
  readonly cancelTimer: () => void
}

export class RoomMemberships {
  readonly #deps: RoomMembershipsDeps
  readonly #byRoom = new Map<string, Membership>()
  /** In the order of the calls, which is the order they are sent in. */
  readonly #sayings = new Set<Saying>()
  /** Of the clientMessageIds that are made: tabs and devices of an account have different ones. */
  readonly #idPrefix: string
  #said = 0

  constructor(deps: RoomMembershipsDeps) {
    this.#deps = deps
    this.#idPrefix = deps.random().toString(36).slice(2)
  }

  /** The rooms that are joined, or are to be. */
  get rooms(): readonly string[] {
    return [...this.#byRoom.keys()]
  }

  /** Resolves with the first answer; a refusal, then or later, ends the membership. */
  join(room: string, handler: RoomHandler, { user }: JoinOptions, isReady: boolean): Promise<RoomAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<RoomAnswer>()
    const before = this.#byRoom.get(room)
    // A call that still waits for its answer gets the answer to this one, which replaces it.
    if (before !== undefined) promise.then(before.resolve, before.reject)
    // An account keeps the name that it has in a room.
    const name = before === undefined ? user : before.user
    const fresh = { lastId: undefined, isJoined: false, typedAtMs: Number.NEGATIVE_INFINITY }
    const membership = { room, user: name, handler, resolve, reject, ...fresh }
    this.#byRoom.set(room, membership)
    if (isReady) this.#sendJoin(membership)
    return promise
  }

  /** @param isReady there is a connection that may have joined. */
  async leave(room: string, isReady: boolean): Promise<void> {
    const membership = this.#byRoom.get(room)
    if (membership === undefined) return
    this.#end(membership, new ChannelError('closed', `The room ${room} was left`))
    // A connection that is lost has left.
    if (isReady) await this.#deps.request({ type: 'room.leave', room }).catch(() => undefined)
  }

  say(room: string, text: string, { clientMessageId = this.#newMessageId() }: SayOptions): Promise<RoomAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<RoomAnswer>()
    const { clock, timeoutMs } = this.#deps
    const cancelTimer = clock.setTimer(() => {
      this.#sayings.delete(saying)
      const sent = saying.isSent ? 'it may have been sent' : 'it was not sent'
      reject(new ChannelError('timeout', `No answer to a message in ${room} within ${timeoutMs} ms: ${sent}`))
    }, timeoutMs)
    const command = { type: 'room.message', room, text, clientMessageId }
    const saying = { room, command, isSent: false, resolve, reject, cancelTimer }
    this.#sayings.add(saying)
    const membership = this.#byRoom.get(room)
    if (membership !== undefined) membership.typedAtMs = Number.NEGATIVE_INFINITY
    // In a room that was never joined the server refuses it.
    if (membership === undefined || membership.isJoined) this.#send(saying)
    return promise
  }

  typing(room: string): void {
    const membership = this.#byRoom.get(room)
    const nowMs = this.#deps.clock.nowMs()
    if (membership?.isJoined !== true || nowMs - membership.typedAtMs < TYPING_INTERVAL_MS) return
    membership.typedAtMs = nowMs
    this.#deps.request({ type: 'room.typing', room }).catch(() => {
      // Over before it could be sent again.
    })
  }

  /** What is said from now on waits until the next connection has joined. */
  connectionLost(): void {
    for (const membership of this.#byRoom.values()) membership.isJoined = false
  }

  /** A new connection is ready. */
  sendAll(): void {
    for (const membership of this.#byRoom.values()) this.#sendJoin(membership)
  }

  /** Another market is at this address: its rooms have other messages. */
  replaceMarket(): void {
    for (const membership of this.#byRoom.values()) membership.lastId = undefined
  }

  /** Messages about rooms; others are ignored. */
  receive(message: OutboundMessage): void {
    if (!('room' in message)) return
    const membership = this.#byRoom.get(message.room)
    if (membership === undefined) return
    if (message.type === 'room.joined') this.#receiveJoined(membership, message)
    else if (message.type === 'room.message') {
      const { messageId, user, text, ts } = message
      this.#deliver(membership, [{ messageId, user, text, ts }])
    } else if (message.type === 'room.presence') {
      const { joined, left, count } = message
      report(membership, { type: 'presence', joined, left, count })
    } else {
      const { users, count } = message
      report(membership, { type: 'typing', users, count })
    }
  }

  close(error: ChannelError): void {
    for (const membership of this.#byRoom.values()) this.#end(membership, error)
    for (const saying of this.#sayings) this.#settle(saying, () => saying.reject(error))
  }

  #receiveJoined(membership: Membership, { user, users, count, messages }: Outbound<'room.joined'>): void {
    const newestId = messages.at(-1)?.messageId ?? 0
    // A room whose numbers have begun again has lost its messages.
    const isContinued = membership.lastId !== undefined && newestId >= membership.lastId
    if (!isContinued) membership.lastId = (messages[0]?.messageId ?? 1) - 1
    report(membership, { type: 'joined', user, users, count, isContinued })
    this.#deliver(membership, messages)
  }

  #deliver(membership: Membership, received: readonly RoomMessage[]): void {
    const { lastId = 0 } = membership
    const messages = received.filter(({ messageId }) => messageId > lastId)
    if (messages.length === 0) return
    membership.lastId = messages.at(-1)!.messageId
    report(membership, { type: 'messages', messages, missed: messages[0]!.messageId - lastId - 1 })
  }

  #sendJoin(membership: Membership): void {
    const { room, user } = membership
    membership.isJoined = false
    const isCurrent = () => this.#byRoom.get(room) === membership
    // JSON leaves undefined fields out.
    this.#deps.request({ type: 'room.join', room, user }).then(
      answer => {
        if (!isCurrent()) return
        membership.resolve(answer)
        if (answer.type === 'error') {
          report(membership, { type: 'refused', error: answer })
          this.#byRoom.delete(room)
          for (const saying of this.#sayingsOf(room)) this.#settle(saying, () => saying.resolve(answer))
          return
        }
        membership.isJoined = true
        for (const saying of this.#sayingsOf(room)) if (!saying.isSent) this.#send(saying)
      },
      (error: ChannelError) => {
        // After a lost connection the next one joins again.
        if (error.code !== 'connection-lost') membership.reject(error)
      },
    )
  }

  #send(saying: Saying): void {
    saying.isSent = true
    this.#deps.request(saying.command).then(
      answer => this.#settle(saying, () => saying.resolve(answer)),
      (error: ChannelError) => {
        // Sent again once the next connection has joined; in a room that was never joined there is no such moment.
        if (error.code === 'connection-lost' && this.#byRoom.has(saying.room)) saying.isSent = false
        else this.#settle(saying, () => saying.reject(error))
      },
    )
  }

  #sayingsOf(room: string): Saying[] {
    return [...this.#sayings].filter(saying => saying.room === room)
  }

  #settle(saying: Saying, settle: () => void): void {
    if (!this.#sayings.delete(saying)) return
    saying.cancelTimer()
    settle()
  }

  #end({ room, reject }: Membership, error: ChannelError): void {
    this.#byRoom.delete(room)
    reject(error)
    for (const saying of this.#sayingsOf(room)) this.#settle(saying, () => saying.reject(error))
  }

  #newMessageId(): string {
    return `${this.#idPrefix}-${++this.#said}`
  }
}

function report({ handler }: Membership, event: RoomEvent): void {
  runCallback(() => handler(event))
}
