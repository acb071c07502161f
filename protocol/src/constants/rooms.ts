// Constants of rooms: the form of names, and the limits of what members send.

import { SYMBOL_PATTERN } from './instruments.ts'

/** A symbol, or a name in lower case. */
export const ROOM_PATTERN = `^[a-z0-9][a-z0-9-]{0,31}$|${SYMBOL_PATTERN}`
/** Plain ASCII: no name can look like another one. */
export const ROOM_USER_PATTERN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,23}$'
/** Characters of a message, by code points, without the white space around it. */
export const ROOM_TEXT_MAX = 500
/** Messages that a member gets when it joins. */
export const ROOM_HISTORY = 200
/** Messages of a room that are kept. */
export const ROOM_MESSAGES_KEPT = 1_000
/** Names in one list of members. */
export const ROOM_USERS_LISTED = 200
/** A member that has not sent `room.typing` for so long types no longer. */
export const ROOM_TYPING_MS = 3_000
