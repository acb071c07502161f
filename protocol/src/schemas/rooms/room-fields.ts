// What the schemas of rooms share: names, and a message as members see it.

import Type, { type Static } from 'typebox'
import { ROOM_PATTERN, ROOM_USER_PATTERN, ROOM_USERS_LISTED } from '../../constants/rooms.ts'
import { count, text, ts } from '../fields.ts'

export const room = Type.String({
  pattern: ROOM_PATTERN,
  description: 'The room: a symbol, or a name of lower-case letters, digits and dashes',
})
export const user = (description: string) => Type.String({ pattern: ROOM_USER_PATTERN, description })
export const users = (description: string) => Type.Array(text('Name of a member'), { description })
export const memberCount = count('How many members the room has')
export const messageId = Type.Integer({ minimum: 1, description: 'Number of the message in its room, without holes' })

export const RoomMessage = Type.Object(
  {
    messageId,
    user: text('Name of the member who sent it'),
    text: text('Plain text'),
    ts,
  },
  {
    $id: 'RoomMessage',
    description: 'A message of a room',
    examples: [{ messageId: 812, user: 'ann', text: 'Who sold that?', ts: 1_767_605_400_300_000 }],
  },
)
export type RoomMessage = Static<typeof RoomMessage>

export const memberList = users(`Names of members, sorted, ${ROOM_USERS_LISTED} at most`)
