// The rooms of one connection: answers its messages about rooms, and leaves them with it. Called by
// channel/channel-endpoint.ts, once the connection is logged on.

import type { Inbound, Outbound, RequestId } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { errorMessage, withId } from '../orders/order-session.ts'
import type { Room, RoomConnection } from './room.ts'
import type { ConnectionRooms, RoomRequest, RoomSessionConnection } from './room-service.ts'
import type { Rooms } from './rooms.ts'
import type { SharedText } from './shared-text.ts'

/** Rooms of a connection. */
const JOINED_MAX = 16

interface Joined {
  readonly room: Room
  readonly connection: RoomConnection
}

export interface RoomSessionDeps {
  readonly rooms: Rooms
  readonly connection: RoomSessionConnection
  /** A message could not be stored. */
  readonly onError: (error: unknown) => void
}

export class RoomSession implements ConnectionRooms {
  readonly #deps: RoomSessionDeps
  readonly #joined = new Map<string, Joined>()
  /** Settle when a message of this connection has been answered. */
  readonly #unanswered = new Set<Promise<void>>()

  constructor(deps: RoomSessionDeps) {
    this.#deps = deps
  }

  handle(accountId: string, message: RoomRequest): void {
    if (message.type === 'room.join') this.#join(accountId, message)
    else if (message.type === 'room.message') this.#say(message)
    else if (message.type === 'room.leave') {
      this.#leave(this.#require(message.room))
      this.#acknowledge(message.requestId)
    } else {
      const { room, connection } = this.#require(message.room)
      room.typing(connection)
      this.#acknowledge(message.requestId)
    }
  }

  async answered(): Promise<void> {
    await Promise.all(this.#unanswered)
  }

  leaveAll(): void {
    for (const joined of [...this.#joined.values()]) this.#leave(joined)
  }

  /** A connection that has joined already is sent the state of the room again. */
  #join(accountId: string, { requestId, room: name, user }: Inbound<'room.join'>): void {
    const joined = this.#joined.get(name) ?? this.#enter(accountId, name, user)
    this.#send(joined.room.describe(joined.connection))
    this.#acknowledge(requestId)
  }

  #enter(accountId: string, name: string, user: string | undefined): Joined {
    if (this.#joined.size >= JOINED_MAX) {
      throw new CodedError('too-many-rooms', `a connection is in ${JOINED_MAX} rooms at most; leave one`)
    }
    const connection = { accountId, deliver: (message: SharedText) => this.#deps.connection.sendShared(message) }
    const joined = { room: this.#deps.rooms.join(name, connection, user), connection }
    this.#joined.set(name, joined)
    return joined
  }

  #leave({ room, connection }: Joined): void {
    this.#joined.delete(room.name)
    room.leave(connection)
  }

  /** Answered when the message is durable: what comes after it on the connection does not wait for that. */
  #say({ requestId, room: name, text, clientMessageId }: Inbound<'room.message'>): void {
    const { room, connection } = this.#require(name)
    const { stored, isDuplicate } = this.#deps.rooms.say(room, connection, text, clientMessageId)
    const answered = stored.then(
      ({ messageId }) => this.#acknowledge(requestId, { messageId, ...(isDuplicate && { duplicate: true }) }),
      error => {
        this.#deps.onError(error)
        const failed = new CodedError('internal', 'the message could not be stored, and nobody was sent it')
        this.#send(errorMessage(failed, requestId))
      },
    )
    this.#unanswered.add(answered)
    void answered.then(() => this.#unanswered.delete(answered))
  }

  #require(name: string): Joined {
    const joined = this.#joined.get(name)
    if (joined === undefined) throw new CodedError('not-in-room', `join the room ${name} first: send room.join`)
    return joined
  }

  #acknowledge(requestId: RequestId | undefined, more: { messageId?: number; duplicate?: true } = {}): void {
    this.#send({ type: 'ack', ...withId(requestId), ...more })
  }

  #send(message: Outbound): void {
    this.#deps.connection.send(JSON.stringify(message))
  }
}
