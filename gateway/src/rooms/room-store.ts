// Where the messages of rooms and the operator's mutes are kept: the port, and a store in memory for mocks, tests and
// servers that keep nothing. The store on disk is the server's (server/src/rooms/sqlite-room-store.ts).

import { ROOM_MESSAGES_KEPT, type RoomMessage } from '@papertape/protocol'

export interface StoredMessage extends RoomMessage {
  /** Of the sender. Members do not see it. */
  readonly accountId: string
  readonly clientMessageId: string | undefined
}

export interface StoredMute {
  readonly room: string
  readonly accountId: string
  /** The wall clock at its end, milliseconds since 1970. */
  readonly untilMs: number
}

export type LastMessage = Pick<RoomMessage, 'messageId' | 'ts'>

export interface RoomStore {
  /** The last message of each room that has messages. */
  lastMessages(): ReadonlyMap<string, LastMessage>
  /** The newest messages of a room, oldest first. @param before only those with a lower number. */
  recent(room: string, limit: number, before?: number): readonly StoredMessage[]
  /**
   * Settles when the message is durable, in the order of the calls. When one cannot be stored, it rejects, and so do
   * all that wait: none of them is stored.
   */
  append(room: string, message: StoredMessage): Promise<void>
  /** All messages of a room; none of it is being stored. */
  forget(room: string): void
  mutes(): readonly StoredMute[]
  /** Replaces that of the account in the room, and forgets those that have ended. @param nowMs the wall clock */
  mute(mute: StoredMute, nowMs: number): void
}

export class MemoryRoomStore implements RoomStore {
  readonly #rooms = new Map<string, StoredMessage[]>()
  #mutes: readonly StoredMute[] = []

  lastMessages(): ReadonlyMap<string, LastMessage> {
    return new Map([...this.#rooms].map(([room, messages]) => [room, messages.at(-1)!]))
  }

  recent(room: string, limit: number, before = Number.POSITIVE_INFINITY): readonly StoredMessage[] {
    const messages = this.#rooms.get(room) ?? []
    return messages.filter(({ messageId }) => messageId < before).slice(-limit)
  }

  async append(room: string, message: StoredMessage): Promise<void> {
    const messages = this.#rooms.get(room) ?? []
    this.#rooms.set(room, messages)
    messages.push(message)
    if (messages.length > ROOM_MESSAGES_KEPT) messages.shift()
  }

  forget(room: string): void {
    this.#rooms.delete(room)
  }

  mutes(): readonly StoredMute[] {
    return this.#mutes
  }

  mute(mute: StoredMute, nowMs: number): void {
    const isOther = ({ room, accountId }: StoredMute) => room !== mute.room || accountId !== mute.accountId
    this.#mutes = [...this.#mutes, mute].filter(one => one.untilMs > nowMs && (one === mute || isOther(one)))
  }
}
