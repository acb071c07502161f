// The interface of rooms on the order channel, as types alone. room-memberships.ts implements it.

import type { RoomMessage } from '@papertape/protocol'
import type { Ack, ErrorAnswer } from './channel-messages.ts'

/** What happens in a room that was joined. */
export type RoomEvent =
  | {
      /** At first, and after each reconnect. */
      readonly type: 'joined'
      /** The own name. */
      readonly user: string
      /** Names of members, 200 at most. */
      readonly users: readonly string[]
      readonly count: number
      /** false: messages that were received before are not of this room as it is now; its history follows whole. */
      readonly isContinued: boolean
    }
  | {
      /** In order, each once, those of the time without a connection too. */
      readonly type: 'messages'
      readonly messages: readonly RoomMessage[]
      /** How many between these and the ones before were not sent: GET /v1/rooms/:room/messages may have them. */
      readonly missed: number
    }
  | {
      readonly type: 'presence'
      readonly joined: readonly string[]
      readonly left: readonly string[]
      readonly count: number
    }
  | { readonly type: 'typing'; readonly users: readonly string[]; readonly count: number }
  /** Joining again after a reconnect was refused: the room is left. */
  | { readonly type: 'refused'; readonly error: ErrorAnswer }

export type RoomHandler = (event: RoomEvent) => void

export interface JoinOptions {
  /** The name to have in the room; the server makes one when absent. */
  readonly user?: string
}

export interface SayOptions {
  /** Said again with it, it is the same message; made when absent. */
  readonly clientMessageId?: string
}

export type RoomAnswer = Ack | ErrorAnswer

export interface RoomEntry {
  /** Joins now and after each reconnect. The same room again replaces the handler. */
  joinRoom(room: string, handler: RoomHandler, options?: JoinOptions): Promise<RoomAnswer>
  leaveRoom(room: string): Promise<void>
  /**
   * Sent again after a reconnect, once in the room however often. A refusal is an answer; after `timeoutMs` without one
   * it rejects, and may be said again with its clientMessageId.
   */
  say(room: string, text: string, options?: SayOptions): Promise<RoomAnswer>
  /** For each change of what is being written: sends `room.typing` once a second at most. */
  typing(room: string): void
}
