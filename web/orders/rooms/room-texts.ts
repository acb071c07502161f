// What the rooms say in words: why something was refused, who types, how long a text may be. Pure.

import { ROOM_TEXT_MAX } from '@papertape/protocol'
import { isRoomName, isUserName } from './joined-rooms.ts'
import type { RoomProblem } from './room-talk.ts'

/** Of codes whose text by the server is written for programs. */
const PROBLEMS: Readonly<Record<string, string>> = {
  'name-taken': 'Somebody else has that name here. Choose another one.',
  'too-many-rooms': 'You are in as many rooms as one may be, or there are as many as there may be. Leave one first.',
  'room-full': 'The room is full. Try again when somebody has left.',
  'unknown-symbol': 'There is no such instrument. A room with a name of its own is written in lower case.',
  'room-rate': 'Too many at once: wait a second.',
  muted: 'The operator has muted you here.',
  'not-in-room': 'You are not in the room. Join it again.',
  internal: 'The server could not store it. Try again.',
  timeout: 'No answer came. Try again: it is sent once, even if it has arrived.',
  'queue-full': 'Too much waits for the connection. Try again when it is back.',
  'frame-too-large': 'It is too long.',
  closed: 'The connection was closed. Try again.',
}
/** The same text would be refused again. */
const FINAL = new Set(['bad-text', 'frame-too-large', 'bad-request'])

export function problemText({ code, text }: RoomProblem): string {
  if (Object.hasOwn(PROBLEMS, code)) return PROBLEMS[code]!
  const words = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?]$/.test(words) ? words : `${words}.`
}

export function canTryAgain({ code }: RoomProblem): boolean {
  return !FINAL.has(code)
}

/** As the server counts: composed, by code points, without white space around it. */
export function textLength(text: string): number {
  return [...text.normalize('NFC').trim()].length
}

/** Undefined if it can be sent, or there is nothing to send. */
export function lengthProblem(text: string): string | undefined {
  const over = textLength(text) - ROOM_TEXT_MAX
  return over > 0 ? `${over} too many: a message has at most ${ROOM_TEXT_MAX} characters.` : undefined
}

/** `ann is typing…`; names that are not listed are counted by the server alone. */
export function typingText(users: readonly string[]): string {
  const [first, second] = users
  if (first === undefined) return ''
  if (second === undefined) return `${first} is typing…`
  if (users.length === 2) return `${first} and ${second} are typing…`
  return `${first}, ${second} and ${users.length - 2} more are typing…`
}

/** The room that a person means: a symbol in whatever case, or a name in lower case. */
export function roomOf(typed: string, symbols: readonly string[]): string {
  const name = typed.trim()
  const symbol = name.toUpperCase()
  return symbols.includes(symbol) ? symbol : name.toLowerCase()
}

/** @returns what is wrong with the name of a room; undefined if nothing is. */
export function roomNameProblem(room: string): string | undefined {
  return isRoomName(room) ? undefined : 'A room has 1 to 32 letters, digits and dashes: desk, or a symbol.'
}

export function userNameProblem(user: string): string | undefined {
  return isUserName(user) ? undefined : 'A name has 1 to 24 letters, digits, dashes and underscores.'
}
