// Schemas of the rooms' REST routes.

import Type, { type Static } from 'typebox'
import { count, exampleOf, nullable, text } from '../fields.ts'
import { memberCount, RoomMessage, room, user } from './room-fields.ts'

export const RoomsAnswer = Type.Object(
  {
    rooms: Type.Array(
      Type.Object(
        { room, members: memberCount, messages: count('How many messages are kept') },
        { description: 'A room that has members or messages' },
      ),
      { description: 'By name' },
    ),
  },
  { description: 'The rooms', examples: [{ rooms: [{ room: 'VELTR', members: 3, messages: 812 }] }] },
)
export type RoomsAnswer = Static<typeof RoomsAnswer>

export const RoomMessagesAnswer = Type.Object(
  {
    room,
    messages: Type.Array(RoomMessage, { description: 'Oldest first' }),
    before: nullable(
      Type.Integer({ minimum: 1, description: 'Send it as ?before= for the messages before these' }),
      'there are none before these',
    ),
  },
  {
    description: 'A page of the messages of a room',
    examples: [{ room: 'VELTR', messages: [exampleOf(RoomMessage)], before: 812 }],
  },
)
export type RoomMessagesAnswer = Static<typeof RoomMessagesAnswer>

export const Mute = Type.Object(
  {
    user: user('Name of a member, or of the sender of a message that is kept'),
    seconds: Type.Integer({ minimum: 0, maximum: 86_400, description: 'How long, seconds; 0 ends a mute' }),
  },
  {
    additionalProperties: false,
    description: "Refuses the messages of the user's account in this room for a time",
    examples: [{ user: 'ann', seconds: 600 }],
  },
)

export const MuteAnswer = Type.Object(
  { room, user: text('Name of the user'), seconds: count('For how long, seconds; 0: not muted') },
  { description: 'The mute', examples: [{ room: 'VELTR', user: 'ann', seconds: 600 }] },
)

export const roomParameter = Type.Object({ room })
