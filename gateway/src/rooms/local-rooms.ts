// The rooms of a process that shares them with no other.

import type { ConnectionRooms, RoomService, RoomSessionConnection } from './room-service.ts'
import { RoomSession } from './room-session.ts'
import { Rooms, type RoomsDeps } from './rooms.ts'

export class LocalRooms implements RoomService {
  readonly #rooms: Rooms
  readonly #onError: (error: unknown) => void

  /** @param onError a message could not be stored. */
  constructor(deps: RoomsDeps, onError: (error: unknown) => void) {
    this.#rooms = new Rooms(deps)
    this.#onError = onError
  }

  open(connection: RoomSessionConnection): ConnectionRooms {
    return new RoomSession({ rooms: this.#rooms, connection, onError: this.#onError })
  }

  list() {
    return this.#rooms.list()
  }

  messages(room: string, limit: number, before?: number) {
    return this.#rooms.messages(room, limit, before)
  }

  mute(room: string, user: string, durationMs: number): void {
    this.#rooms.mute(room, user, durationMs)
  }
}
