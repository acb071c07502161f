// All rooms: which there are, who may join and send, and the operator's view of them. They are no part of the market:
// no command, no event, no journal. Handed to the routes and to each connection's room-session.ts.

import { WorkQueue } from '@papertape/feed'
import { type Clock, ROOM_MESSAGES_KEPT, type RoomMessagesAnswer, type RoomsAnswer } from '@papertape/protocol'
import { CodedError } from '../errors/coded-error.ts'
import { requireSymbols } from '../feed/feed-request.ts'
import { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import { Mutes } from './mutes.ts'
import { plainText } from './plain-text.ts'
import { Room, type RoomConnection } from './room.ts'
import type { LastMessage, RoomStore, StoredMessage } from './room-store.ts'

/** Rooms by name; each symbol has a room beside them. */
const NAMED_ROOMS_MAX = 1_000
/** A named room without members may be forgotten for another one after so many days without a message. */
const KEPT_DAYS = 30
const DAY_US = 86_400_000_000
/** Connections in a room. */
const CONNECTIONS_MAX = 2_000
const FULL_RETRY_MS = 5_000
/** Of an account in a room. */
const MESSAGE_RATE = { perSecond: 1, burst: 5, what: 'messages to a room', code: 'room-rate' } as const
/** A slice ends early enough that orders are not held up. */
export const FAN_OUT_SLICE = { sliceMs: 2, tasksMax: 64 }
/** Deliveries that may wait; more are not accepted. */
const FAN_OUT_MAX = 50_000
const FAN_OUT_RETRY_MS = 1_000

export interface RoomsDeps {
  readonly store: RoomStore
  readonly clock: Clock
  readonly symbols: () => readonly string[]
}

export interface SentMessage {
  /** Once it is durable. */
  readonly stored: Promise<StoredMessage>
  readonly isDuplicate: boolean
}

export class Rooms {
  readonly #deps: RoomsDeps
  readonly #fanOut: WorkQueue
  readonly #rates: KeyedRateLimit
  readonly #mutes: Mutes
  /** Rooms with connections. */
  readonly #open = new Map<string, Room>()
  /** The last message of each room that has messages, as it was when the room was last opened. */
  readonly #last: Map<string, LastMessage>

  constructor(deps: RoomsDeps) {
    const { store, clock } = deps
    this.#deps = deps
    this.#fanOut = new WorkQueue({ ...FAN_OUT_SLICE, clock })
    this.#rates = new KeyedRateLimit(MESSAGE_RATE, () => clock.nowMs())
    this.#mutes = new Mutes(store, clock)
    this.#last = new Map(store.lastMessages())
  }

  /** @throws {CodedError} unknown-symbol, too-many-rooms, room-full, name-taken */
  join(name: string, connection: RoomConnection, user: string | undefined): Room {
    const room = this.#open.get(name) ?? this.#create(name)
    if (room.connections >= CONNECTIONS_MAX) {
      const limit = `the room has ${CONNECTIONS_MAX} connections, the most it may have; join later`
      throw new CodedError('room-full', limit, FULL_RETRY_MS)
    }
    room.join(connection, user)
    this.#open.set(name, room)
    return room
  }

  /**
   * A message that was sent before is answered in any case.
   * @throws {CodedError} bad-text, muted, room-rate
   */
  say(room: Room, connection: RoomConnection, given: string, clientMessageId: string | undefined): SentMessage {
    const { accountId } = connection
    const earlier = clientMessageId === undefined ? undefined : room.find(accountId, clientMessageId)
    if (earlier !== undefined) return { stored: earlier, isDuplicate: true }
    const text = plainText(given)
    const mutedMs = this.#mutes.remainingMs(room.name, accountId)
    if (mutedMs > 0) throw new CodedError('muted', 'the operator has muted you in this room for a time', mutedMs)
    if (this.#fanOut.length > FAN_OUT_MAX) {
      throw new CodedError('room-rate', 'messages of rooms wait to be sent; send it again later', FAN_OUT_RETRY_MS)
    }
    this.#rates.take(`${room.name} ${accountId}`)
    return { stored: room.say(connection, text, clientMessageId), isDuplicate: false }
  }

  list(): RoomsAnswer['rooms'] {
    const names = [...this.#names()].sort()
    return names.map(room => ({
      room,
      members: this.#open.get(room)?.members ?? 0,
      messages: Math.min(this.#lastIdOf(room), ROOM_MESSAGES_KEPT),
    }))
  }

  /** The newest messages, oldest first. @throws {CodedError} unknown-room */
  messages(room: string, limit: number, before?: number): RoomMessagesAnswer {
    this.#require(room)
    const messages = this.#deps.store.recent(room, limit + 1, before)
    const page = messages.slice(-limit).map(({ messageId, user, text, ts }) => ({ messageId, user, text, ts }))
    return { room, messages: page, before: messages.length > limit ? page[0]!.messageId : null }
  }

  /**
   * Of the account that has the name now, or else sent the last message under it.
   * @throws {CodedError} unknown-room, unknown-user
   */
  mute(name: string, user: string, durationMs: number): void {
    this.#require(name)
    const accountId = this.#open.get(name)?.accountOf(user) ?? this.#lastSender(name, user)
    if (accountId === undefined) {
      const known = `GET /v1/rooms/${name}/messages lists who wrote`
      throw new CodedError('unknown-user', `${user} is not in the room ${name} and wrote no message there; ${known}`)
    }
    this.#mutes.set(name, accountId, durationMs)
  }

  #lastSender(room: string, user: string): string | undefined {
    const name = user.toLowerCase()
    const messages = this.#deps.store.recent(room, ROOM_MESSAGES_KEPT)
    return messages.findLast(message => message.user.toLowerCase() === name)?.accountId
  }

  #lastIdOf(room: string): number {
    return this.#open.get(room)?.lastId ?? this.#last.get(room)?.messageId ?? 0
  }

  #names(): readonly string[] {
    return [...new Set([...this.#last.keys(), ...this.#open.keys()])]
  }

  #require(room: string): void {
    if (this.#open.has(room) || this.#last.has(room)) return
    throw new CodedError('unknown-room', `the room ${room} has neither members nor messages; GET /v1/rooms lists rooms`)
  }

  #create(name: string): Room {
    if (isSymbol(name)) requireSymbols([name], this.#deps.symbols())
    else if (!this.#last.has(name) && this.#namedRooms().length >= NAMED_ROOMS_MAX && !this.#forgetOldest()) {
      const limit = `there are ${NAMED_ROOMS_MAX} rooms, the most there may be`
      throw new CodedError('too-many-rooms', `${limit}; join one that GET /v1/rooms lists, or that of a symbol`)
    }
    const { store, clock } = this.#deps
    return new Room(name, { store, clock, fanOut: this.#fanOut, onIdle: room => this.#close(room) })
  }

  #namedRooms(): readonly string[] {
    return this.#names().filter(name => !isSymbol(name))
  }

  /** @returns whether there was one that nobody has used for long. */
  #forgetOldest(): boolean {
    const { store, clock } = this.#deps
    const sinceUs = clock.wallMs() * 1_000 - KEPT_DAYS * DAY_US
    const lastUs = (name: string) => this.#last.get(name)!.ts
    const unused = this.#namedRooms().filter(name => !this.#open.has(name) && lastUs(name) < sinceUs)
    const [oldest] = unused.sort((a, b) => lastUs(a) - lastUs(b))
    if (oldest === undefined) return false
    store.forget(oldest)
    this.#last.delete(oldest)
    return true
  }

  #close(room: Room): void {
    this.#open.delete(room.name)
    const { lastMessage } = room
    if (lastMessage !== undefined) this.#last.set(room.name, lastMessage)
  }
}

/** A name that rooms may have without being of an instrument has no capital letters. */
function isSymbol(name: string): boolean {
  return /^[A-Z]/.test(name)
}
