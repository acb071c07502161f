// The rooms that a person has joined in this browser, with the name in each and how far it was read. Kept as a
// preference, so that a page that is opened again is in them again. Pure.

import { ROOM_PATTERN, ROOM_USER_PATTERN } from '@papertape/protocol'

export interface JoinedRoom {
  readonly room: string
  /** Empty: the server makes a name. */
  readonly user: string
  /** The last message that was shown. */
  readonly readId: number
}

export interface JoinedRooms {
  /** In the order in which they were joined. */
  readonly rooms: readonly JoinedRoom[]
  /** The name that was last chosen, for the next room. */
  readonly name: string
  /** The room that the panel shows; empty: the list of all rooms. */
  readonly open: string
}

/** A preference, as dashboard/preferences.ts has them. */
export const JOINED_ROOMS = { key: 'rooms', read: readJoinedRooms }

const ROOM = new RegExp(ROOM_PATTERN)
const USER = new RegExp(ROOM_USER_PATTERN)
export const isRoomName = (value: unknown): value is string => typeof value === 'string' && ROOM.test(value)
/** Empty is one, too: the server makes a name. */
export const isUserName = (value: unknown): value is string =>
  typeof value === 'string' && (value === '' || USER.test(value))

/** Each valid part of what is stored. */
function readJoinedRooms(stored: unknown): JoinedRooms {
  const { rooms, name, open } = fieldsOf(stored)
  const read = new Map<string, JoinedRoom>()
  for (const one of Array.isArray(rooms) ? rooms : []) {
    const { room, user, readId } = fieldsOf(one)
    if (!isRoomName(room)) continue
    read.set(room, {
      room,
      user: isUserName(user) ? user : '',
      readId: Number.isSafeInteger(readId) ? (readId as number) : 0,
    })
  }
  return {
    rooms: [...read.values()],
    name: isUserName(name) ? name : '',
    open: typeof open === 'string' && read.has(open) ? open : '',
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
