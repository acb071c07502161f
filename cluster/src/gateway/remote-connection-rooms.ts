// The rooms of one connection at a gateway: its requests go to the leader, one after the other, and are sent again
// until they are served. Knows what the connection has joined and was sent, for the next leader.

import {
  CodedError,
  type ConnectionRooms,
  type RoomRequest,
  type RoomSessionConnection,
  type SharedText,
} from '@papertape/gateway'
import type { Outbound } from '@papertape/protocol'
import type { RefusedRequest, RestoredConnection, RoomRequestOfConnection } from '../log/room-messages.ts'

type NumberedRequest = Pick<RoomRequestOfConnection, 'number' | 'accountId' | 'request'>

export interface RemoteConnectionRoomsOptions {
  /** Unlike that of any other connection of the gateway. */
  readonly id: number
  /** Begins the ids of messages that have none: a message that is sent again must be known. */
  readonly idPrefix: string
  readonly connection: RoomSessionConnection
  readonly send: (request: NumberedRequest) => void
  readonly onClose: () => void
}

export class RemoteConnectionRooms implements ConnectionRooms {
  readonly #options: RemoteConnectionRoomsOptions
  readonly #joined = new Map<string, { readonly user: string; lastMessageId: number }>()
  #accountId = ''
  #lastNumber = 0
  /** The request that is not served yet. */
  #unserved:
    | (NumberedRequest & { readonly settle: (error?: RefusedRequest) => void; readonly sinceMs: number })
    | undefined
  /** Messages that may not have their answer. */
  #unanswered: NumberedRequest[] = []
  #onAnswered: (() => void)[] = []

  constructor(options: RemoteConnectionRoomsOptions) {
    this.#options = options
  }

  async handle(accountId: string, given: RoomRequest): Promise<void> {
    const number = ++this.#lastNumber
    const request = given.type === 'room.message' ? this.#withId(given, number) : given
    this.#accountId = accountId
    const sent = { number, accountId, request }
    const { promise, resolve: settle } = Promise.withResolvers<RefusedRequest | undefined>()
    this.#unserved = { ...sent, settle, sinceMs: performance.now() }
    this.#options.send(sent)
    const error = await promise
    if (error !== undefined) throw new CodedError(error.code, error.text, error.retryMs)
    if (request.type === 'room.leave') this.#joined.delete(request.room)
  }

  async answered(): Promise<void> {
    if (this.#unanswered.length > 0) await new Promise<void>(resolve => this.#onAnswered.push(resolve))
  }

  leaveAll(): void {
    this.#options.onClose()
    this.#unserved?.settle()
    for (const resolve of this.#onAnswered) resolve()
  }

  /** What a leader that does not know the connection has to know; undefined for one that is in no room. */
  restored(): RestoredConnection {
    const first = this.#unanswered[0]?.number ?? this.#unserved?.number ?? this.#lastNumber + 1
    const rooms = [...this.#joined].map(([room, known]) => ({ room, ...known }))
    return { connection: this.#options.id, accountId: this.#accountId, number: first - 1, rooms }
  }

  /** Sends what is not served or answered again. @param waitedMs only what has waited for so long */
  sendAgain(waitedMs = 0): void {
    const { send } = this.#options
    if (waitedMs === 0) for (const request of this.#unanswered) send(request)
    if (this.#unserved === undefined || performance.now() - this.#unserved.sinceMs < waitedMs) return
    const { number, accountId, request } = this.#unserved
    send({ number, accountId, request })
  }

  served(number: number, error?: RefusedRequest): void {
    const request = this.#unserved
    if (request?.number !== number) return
    this.#unserved = undefined
    if (request.request.type === 'room.message' && error === undefined) {
      const { accountId } = request
      this.#unanswered.push({ number, accountId, request: request.request })
    }
    request.settle(error)
  }

  answeredUpTo(number: number): void {
    this.#unanswered = this.#unanswered.filter(request => request.number > number)
    if (this.#unanswered.length > 0) return
    const settled = this.#onAnswered
    this.#onAnswered = []
    for (const resolve of settled) resolve()
  }

  /** @param message as parsed from the text, where it is of a room */
  deliver(shared: SharedText, message: Outbound | undefined): void {
    if (message?.type === 'room.joined') {
      const { room, user, messages } = message
      this.#joined.set(room, { user, lastMessageId: messages.at(-1)?.messageId ?? 0 })
    } else if (message?.type === 'room.message') {
      const known = this.#joined.get(message.room)
      if (known === undefined || message.messageId <= known.lastMessageId) return
      known.lastMessageId = message.messageId
    }
    this.#options.connection.sendShared(shared)
  }

  #withId(request: Extract<RoomRequest, { type: 'room.message' }>, number: number): RoomRequest {
    const { clientMessageId = `${this.#options.idPrefix}-${this.#options.id}-${number}` } = request
    return { ...request, clientMessageId }
  }
}
