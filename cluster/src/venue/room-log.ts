// The store of the rooms of a venue: a standby follows what the log has of rooms, the leader writes it there first, and
// both keep it in a store of their own. Knows no member and no connection.

import type { LastMessage, RoomStore, StoredMessage, StoredMute } from '@papertape/gateway'
import { encodeRoomRecord, type RoomRecord } from '../log/room-record.ts'

/** @param stored called with its place in the log, in the order of the records */
export type AppendRecord = (data: Uint8Array, stored: (sequence: number) => void) => void

export class RoomLog implements RoomStore {
  readonly #store: RoomStore
  readonly #onFailure: (error: unknown) => void
  /** The number of the last message of each room that is stored or being stored. */
  readonly #lastIds: Map<string, number>
  /** Records that are being stored. */
  readonly #unstored = new Set<number>()
  #append: AppendRecord | undefined

  /** @param onFailure the log has what the store has not. */
  constructor(store: RoomStore, onFailure: (error: unknown) => void) {
    this.#store = store
    this.#onFailure = onFailure
    this.#lastIds = new Map([...store.lastMessages()].map(([room, { messageId }]) => [room, messageId]))
  }

  /** What comes from now on is written to the log. */
  lead(append: AppendRecord): void {
    this.#append = append
  }

  /** The store has every record before this place. @param sequence as far as the log was read, or written */
  storedUpTo(sequence: number): number {
    let upTo = sequence
    for (const unstored of this.#unstored) upTo = Math.min(upTo, unstored - 1)
    return upTo
  }

  /** A record of the log. One that the store has already, after a restart, changes nothing. */
  async apply(record: RoomRecord, sequence: number): Promise<void> {
    if (record.type === 'mute') this.#store.mute(record.mute, record.nowMs)
    else if (record.type === 'forget') {
      this.#lastIds.delete(record.room)
      this.#store.forget(record.room)
    } else await this.#keep(record, sequence)
  }

  lastMessages(): ReadonlyMap<string, LastMessage> {
    return this.#store.lastMessages()
  }

  recent(room: string, limit: number, before?: number): readonly StoredMessage[] {
    return this.#store.recent(room, limit, before)
  }

  append(room: string, message: StoredMessage): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const record: RoomRecord = { type: 'message', room, message }
    this.#write(record, sequence => void this.apply(record, sequence).then(resolve))
    return promise
  }

  forget(room: string): void {
    this.#write({ type: 'forget', room })
    this.#lastIds.delete(room)
    this.#store.forget(room)
  }

  mutes(): readonly StoredMute[] {
    return this.#store.mutes()
  }

  mute(mute: StoredMute, nowMs: number): void {
    this.#write({ type: 'mute', mute, nowMs })
    this.#store.mute(mute, nowMs)
  }

  #write(record: RoomRecord, stored: (sequence: number) => void = () => {}): void {
    this.#append!(encodeRoomRecord(record), stored)
  }

  async #keep({ room, message }: Extract<RoomRecord, { type: 'message' }>, sequence: number): Promise<void> {
    if (message.messageId <= (this.#lastIds.get(room) ?? 0)) return
    this.#lastIds.set(room, message.messageId)
    this.#unstored.add(sequence)
    try {
      await this.#store.append(room, message)
    } catch (error) {
      this.#onFailure(error)
    }
    this.#unstored.delete(sequence)
  }
}
