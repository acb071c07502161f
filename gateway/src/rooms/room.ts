// One room: who is in it, its last messages, who types. Sends to its members by way of the fan-out, a slice of them at
// a time. Opened and closed by rooms.ts, which decides who may join and send.

import { type Clock, type Outbound, ROOM_HISTORY, ROOM_USERS_LISTED, type RoomMessage } from '@papertape/protocol'
import { ConflatedNotice } from './conflated-notice.ts'
import { MemberList } from './member-list.ts'
import type { LastMessage, RoomStore, StoredMessage } from './room-store.ts'
import { SharedText } from './shared-text.ts'
import { TypingList } from './typing-list.ts'

/** A connection that has joined a room, until it leaves it. */
export interface RoomConnection {
  readonly accountId: string
  /** A message of the room, as JSON. */
  deliver(message: SharedText): void
}

export interface RoomDeps {
  readonly store: RoomStore
  readonly clock: Clock
  /** Runs tasks in order, in slices of the event loop. */
  readonly fanOut: { add(task: () => void): void }
  /** The room has neither connections nor messages that are being stored. */
  readonly onIdle: (room: Room) => void
}

const PRESENCE_INTERVAL_MS = 250
const TYPING_INTERVAL_MS = 500
const TYPING_LISTED = 5

export class Room {
  readonly name: string
  readonly #deps: RoomDeps
  readonly #members = new MemberList()
  readonly #connections = new Set<RoomConnection>()
  readonly #presence: ConflatedNotice
  readonly #typing: TypingList
  readonly #typingNotice: ConflatedNotice
  /** Since the last notice of presence. */
  readonly #joined = new Set<string>()
  readonly #left = new Set<string>()
  /** What every member has been or is being sent, oldest first. */
  readonly #history: StoredMessage[]
  /** Messages of the history, and those that are being stored, by sender and clientMessageId. */
  readonly #sent = new Map<string, Promise<StoredMessage>>()
  #lastId: number
  #storing = 0

  constructor(name: string, deps: RoomDeps) {
    const { store, clock } = deps
    this.name = name
    this.#deps = deps
    this.#history = [...store.recent(name, ROOM_HISTORY)]
    this.#lastId = this.#history.at(-1)?.messageId ?? 0
    for (const message of this.#history) this.#remember(message, Promise.resolve(message))
    this.#presence = new ConflatedNotice(clock, PRESENCE_INTERVAL_MS, () => this.#sendPresence())
    this.#typingNotice = new ConflatedNotice(clock, TYPING_INTERVAL_MS, () => this.#sendTyping())
    this.#typing = new TypingList(clock, () => this.#typingNotice.request())
  }

  /** The number of its last message, also of one that is being stored; 0 when there is none. */
  get lastId(): number {
    return this.#lastId
  }

  /** undefined when it has none that is stored. */
  get lastMessage(): LastMessage | undefined {
    return this.#history.at(-1)
  }

  get connections(): number {
    return this.#connections.size
  }

  get members(): number {
    return this.#members.size
  }

  accountOf(user: string): string | undefined {
    return this.#members.accountOf(user)
  }

  /** @throws {CodedError} name-taken */
  join(connection: RoomConnection, user: string | undefined): void {
    const { accountId } = connection
    const isNew = this.#members.join(accountId, user)
    this.#connections.add(connection)
    if (isNew) this.#notePresence(this.#members.userOf(accountId)!, this.#joined, this.#left)
  }

  leave(connection: RoomConnection): void {
    const { accountId } = connection
    const user = this.#members.userOf(accountId)!
    this.#connections.delete(connection)
    if (this.#members.leave(accountId)) {
      this.#typing.remove(user)
      this.#notePresence(user, this.#left, this.#joined)
    }
    this.#checkIdle()
  }

  /** What a connection is sent that has joined. */
  describe({ accountId }: RoomConnection): Outbound<'room.joined'> {
    return {
      type: 'room.joined',
      room: this.name,
      user: this.#members.userOf(accountId)!,
      users: this.#members.users.slice(0, ROOM_USERS_LISTED),
      count: this.#members.size,
      messages: this.#history.map(visible),
    }
  }

  typing({ accountId }: RoomConnection): void {
    this.#typing.add(this.#members.userOf(accountId)!)
  }

  /** The message that was sent before with this id, once it is durable. */
  find(accountId: string, clientMessageId: string): Promise<StoredMessage> | undefined {
    return this.#sent.get(keyOf(accountId, clientMessageId))
  }

  /** Settles when the message is durable; then it is sent to all members. */
  say({ accountId }: RoomConnection, text: string, clientMessageId: string | undefined): Promise<StoredMessage> {
    const user = this.#members.userOf(accountId)!
    const ts = Math.floor(this.#deps.clock.wallMs() * 1_000)
    const message = { messageId: ++this.#lastId, user, text, ts, accountId, clientMessageId }
    this.#typing.remove(user)
    const stored = this.#store(message)
    this.#remember(message, stored)
    return stored
  }

  async #store(message: StoredMessage): Promise<StoredMessage> {
    this.#storing++
    try {
      await this.#deps.store.append(this.name, message)
      this.#publish(message)
      return message
    } catch (error) {
      // None of those that wait is stored: their numbers are given again, so that there is no hole.
      this.#lastId = this.#history.at(-1)?.messageId ?? 0
      this.#forget(message)
      throw error
    } finally {
      this.#storing--
      this.#checkIdle()
    }
  }

  #publish(message: StoredMessage): void {
    this.#history.push(message)
    if (this.#history.length > ROOM_HISTORY) this.#forget(this.#history.shift()!)
    this.#send({ type: 'room.message', room: this.name, ...visible(message) })
  }

  #remember({ accountId, clientMessageId }: StoredMessage, stored: Promise<StoredMessage>): void {
    if (clientMessageId !== undefined) this.#sent.set(keyOf(accountId, clientMessageId), stored)
  }

  #forget({ accountId, clientMessageId }: StoredMessage): void {
    if (clientMessageId !== undefined) this.#sent.delete(keyOf(accountId, clientMessageId))
  }

  /** Of a name that joins and leaves between two notices nothing is said. */
  #notePresence(user: string, noted: Set<string>, opposite: Set<string>): void {
    if (!opposite.delete(user)) noted.add(user)
    this.#presence.request()
  }

  #sendPresence(): void {
    const [joined, left] = [this.#joined, this.#left].map(users => [...users].sort().slice(0, ROOM_USERS_LISTED))
    this.#joined.clear()
    this.#left.clear()
    if (joined!.length + left!.length === 0) return
    this.#send({ type: 'room.presence', room: this.name, joined: joined!, left: left!, count: this.#members.size })
  }

  #sendTyping(): void {
    const { users } = this.#typing
    const listed = [...users].sort().slice(0, TYPING_LISTED)
    this.#send({ type: 'room.typing', room: this.name, users: listed, count: users.length })
  }

  /** To those who are in the room now and still are when it is their turn. */
  #send(message: Outbound): void {
    const shared = new SharedText(JSON.stringify(message))
    for (const connection of this.#connections) {
      this.#deps.fanOut.add(() => {
        if (this.#connections.has(connection)) connection.deliver(shared)
      })
    }
  }

  #checkIdle(): void {
    if (this.#connections.size > 0 || this.#storing > 0) return
    this.#presence.cancel()
    this.#typingNotice.cancel()
    this.#deps.onIdle(this)
  }
}

function visible({ messageId, user, text, ts }: StoredMessage): RoomMessage {
  return { messageId, user, text, ts }
}

function keyOf(accountId: string, clientMessageId: string): string {
  return `${accountId} ${clientMessageId}`
}
