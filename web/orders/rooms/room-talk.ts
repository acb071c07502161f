// What is known of one room that was joined: who is there, what was said, what of the own messages is on its way. Pure:
// each event makes the next state. rooms.ts keeps one for each room.

import type { RoomEvent } from '@papertape/client'
import type { RoomMessage } from '@papertape/protocol'

/** Why a join or a message was refused, or has no answer. */
export interface RoomProblem {
  /** Of the protocol's errors, or of the client's. */
  readonly code: string
  /** The sender's words. */
  readonly text: string
}

/** An own message that is not among the messages of the room yet. */
export interface OutgoingMessage {
  readonly clientMessageId: string
  readonly text: string
  /** Sent again with the same id it is the same message, however it failed. */
  readonly problem: RoomProblem | null
  /** The room has it, and its place among the messages is still to come. */
  readonly messageId: number | null
}

export interface RoomTalk {
  readonly room: string
  readonly status: 'joining' | 'joined' | 'refused'
  /** The own name; before the room has said it, the one that was asked for. */
  readonly user: string
  /** Sorted, the own one too. */
  readonly users: readonly string[]
  /** May be more than there are names. */
  readonly count: number
  /** In order; a hole in their numbers is one in what was received. */
  readonly messages: readonly RoomMessage[]
  /** Of this page. */
  readonly sentIds: ReadonlySet<number>
  readonly outgoing: readonly OutgoingMessage[]
  /** The names of others who type. */
  readonly typing: readonly string[]
  readonly refusal: RoomProblem | null
  /** By the page's clock; 0 when the account was not refused as muted. */
  readonly mutedUntilMs: number
  readonly readId: number
}

const MESSAGES_KEPT = 500

export function startTalk(room: string, user: string, readId: number): RoomTalk {
  return {
    room,
    status: 'joining',
    user,
    users: [],
    count: 0,
    messages: [],
    sentIds: new Set(),
    outgoing: [],
    typing: [],
    refusal: null,
    mutedUntilMs: 0,
    readId,
  }
}

export function withEvent(talk: RoomTalk, event: RoomEvent): RoomTalk {
  switch (event.type) {
    case 'joined': {
      const { user, users, count, isContinued } = event
      const messages = isContinued ? talk.messages : []
      return { ...talk, status: 'joined', user, users, count, messages, typing: [], refusal: null }
    }
    case 'messages':
      return withMessages(talk, event.messages)
    case 'presence': {
      const left = new Set(event.left)
      const users = new Set([...talk.users, ...event.joined].filter(user => !left.has(user)))
      const typing = talk.typing.filter(user => users.has(user))
      return { ...talk, users: [...users].sort(), count: event.count, typing }
    }
    case 'typing':
      return { ...talk, typing: event.users.filter(user => user !== talk.user) }
    case 'refused': {
      const { code, text } = event.error
      return { ...talk, status: 'refused', refusal: { code, text }, users: [], count: 0, typing: [] }
    }
  }
}

function withMessages(talk: RoomTalk, received: readonly RoomMessage[]): RoomTalk {
  const newestId = received.at(-1)?.messageId ?? 0
  const writers = new Set(received.map(({ user }) => user))
  return {
    ...talk,
    messages: [...talk.messages, ...received].slice(-MESSAGES_KEPT),
    outgoing: talk.outgoing.filter(({ messageId }) => messageId === null || messageId > newestId),
    typing: talk.typing.filter(user => !writers.has(user)),
    // Numbers that have begun again: of another market, of which nothing was read.
    readId: newestId < talk.readId ? 0 : talk.readId,
  }
}

/** A message is being sent, for the first time or again. */
export function withSending(talk: RoomTalk, clientMessageId: string, text: string): RoomTalk {
  const message = { clientMessageId, text, problem: null, messageId: null }
  const others = talk.outgoing.filter(one => one.clientMessageId !== clientMessageId)
  return { ...talk, outgoing: [...others, message] }
}

/** The room has the message, perhaps since before. */
export function withSent(talk: RoomTalk, clientMessageId: string, messageId: number): RoomTalk {
  const isShown = messageId <= (talk.messages.at(-1)?.messageId ?? 0)
  return {
    ...talk,
    sentIds: new Set([...talk.sentIds, messageId]),
    outgoing: isShown
      ? talk.outgoing.filter(one => one.clientMessageId !== clientMessageId)
      : talk.outgoing.map(one => (one.clientMessageId === clientMessageId ? { ...one, messageId } : one)),
    mutedUntilMs: 0,
  }
}

export function withFailure(talk: RoomTalk, clientMessageId: string, problem: RoomProblem): RoomTalk {
  return {
    ...talk,
    outgoing: talk.outgoing.map(one => (one.clientMessageId === clientMessageId ? { ...one, problem } : one)),
  }
}

export function withoutOutgoing(talk: RoomTalk, clientMessageId: string): RoomTalk {
  return { ...talk, outgoing: talk.outgoing.filter(one => one.clientMessageId !== clientMessageId) }
}

/** All that it has is shown. */
export function withAllRead(talk: RoomTalk): RoomTalk {
  const readId = talk.messages.at(-1)?.messageId ?? talk.readId
  return readId === talk.readId ? talk : { ...talk, readId }
}

/** How many messages of others were not shown yet. */
export function unreadOf({ messages, readId, sentIds, user }: RoomTalk): number {
  const isUnread = (one: RoomMessage) => one.messageId > readId && !sentIds.has(one.messageId) && one.user !== user
  return messages.filter(isUnread).length
}
