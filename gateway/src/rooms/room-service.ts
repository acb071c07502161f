// The port to the rooms for connections and routes: those of this process (local-rooms.ts), or those that all gateways
// of a market share.

import type { Inbound, RoomMessagesAnswer, RoomsAnswer } from '@papertape/protocol'
import type { SharedText } from './shared-text.ts'

export type RoomRequest = Inbound<'room.join' | 'room.leave' | 'room.message' | 'room.typing'>

/** What the rooms need of a connection. */
export interface RoomSessionConnection {
  send(text: string): void
  /** As send(), of what other connections are sent too. */
  sendShared(message: SharedText): void
}

/** The rooms of one connection. */
export interface ConnectionRooms {
  /**
   * Settles when the request has been served; a message may be answered later.
   * @throws {CodedError} when it cannot be served; the channel answers with it.
   */
  handle(accountId: string, message: RoomRequest): void | Promise<void>
  /** Settles when every message so far has its answer. */
  answered(): Promise<void>
  leaveAll(): void
}

/** Each throws what Rooms throws. */
export interface RoomService {
  open(connection: RoomSessionConnection): ConnectionRooms
  list(): RoomsAnswer['rooms'] | Promise<RoomsAnswer['rooms']>
  messages(room: string, limit: number, before?: number): RoomMessagesAnswer | Promise<RoomMessagesAnswer>
  mute(room: string, user: string, durationMs: number): void | Promise<void>
}

export function isRoomRequest(message: Inbound): message is RoomRequest {
  return message.type.startsWith('room.')
}
