// Rooms by REST: which there are and what was said, for accounts and the operator, and the operator's mutes. Members
// talk over the order channel.

import { ROOM_HISTORY, ROOM_MESSAGES_KEPT } from '@papertape/protocol'
import { Mute, MuteAnswer, RoomMessagesAnswer, RoomsAnswer, roomParameter } from '@papertape/protocol/schemas'
import Type from 'typebox'
import type { Accounts } from '../accounts/accounts.ts'
import type { KeyedRateLimit } from '../limits/keyed-rate-limit.ts'
import type { RoomService } from '../rooms/room-service.ts'
import { defineRoute, ok, type Route, type Sender } from './route.ts'
import { ACCOUNT_ONLY, OPERATOR_ONLY, TAGS, takeFrom } from './route-parts.ts'

const tags = [TAGS.rooms]
const READERS = {
  security: [...ACCOUNT_ONLY.security, ...OPERATOR_ONLY.security],
  problems: ACCOUNT_ONLY.problems,
}

const roomsSchema = {
  operationId: 'listRooms',
  summary: 'The rooms that have members or messages',
  tags,
  response: { 200: RoomsAnswer },
  ...READERS,
}

const messagesSchema = {
  operationId: 'listRoomMessages',
  summary: 'Messages of a room, newest page first',
  description: `Of each room the last ${ROOM_MESSAGES_KEPT} messages are kept.`,
  tags,
  params: roomParameter,
  querystring: Type.Object({
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: ROOM_MESSAGES_KEPT,
        default: ROOM_HISTORY,
        description: 'Number of messages at most',
      }),
    ),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only messages whose messageId is below this one' })),
  }),
  response: { 200: RoomMessagesAnswer },
  security: READERS.security,
  problems: [...READERS.problems, 'unknown-room'],
} as const

const muteSchema = {
  operationId: 'muteInRoom',
  summary: "Refuses a user's messages in a room for a time",
  description: "The mute is of the user's account, whatever its name is later. A restart does not end it.",
  tags,
  params: roomParameter,
  body: Mute,
  response: { 200: MuteAnswer },
  security: OPERATOR_ONLY.security,
  problems: [...OPERATOR_ONLY.problems, 'unknown-room', 'unknown-user'],
} as const

export interface RoomRoutesDeps {
  readonly rooms: RoomService
  readonly accounts: Accounts
  /** The rate of each account's reads. */
  readonly reads: KeyedRateLimit
}

export function roomRoutes({ rooms, accounts, reads }: RoomRoutesDeps): readonly Route[] {
  const requireReader = async (sender: Sender) => {
    if (!sender.isOperator) takeFrom(reads, 'reads', await accounts.require(sender.accountToken), sender)
  }
  return [
    defineRoute('GET /rooms', roomsSchema, async ({ sender }) => {
      await requireReader(sender)
      return ok({ rooms: await rooms.list() })
    }),

    defineRoute('GET /rooms/:room/messages', messagesSchema, async ({ params, query, sender }) => {
      await requireReader(sender)
      return ok(await rooms.messages(params.room, query.limit ?? ROOM_HISTORY, query.before))
    }),

    defineRoute(
      'POST /rooms/:room/mute',
      muteSchema,
      async ({ params: { room }, body: { user, seconds } }) => {
        await rooms.mute(room, user, seconds * 1_000)
        return ok({ room, user, seconds })
      },
      { isOperatorOnly: true, checksOrigin: true },
    ),
  ]
}
