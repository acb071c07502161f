// Announces the messages of the room that is shown: the first at once, those that follow soon after it together, so
// that a busy room does not talk without end. Called by rooms.ts; dashboard/announcements.ts is the queue.

import type { RoomMessage } from '@papertape/protocol'

/** The least time between two announcements. */
const EVERY_MS = 5_000

export interface RoomAnnouncer {
  add(room: string, messages: readonly RoomMessage[]): void
}

interface RoomAnnouncerPorts {
  announce(text: string, topic: string): void
  setTimer(run: () => void, delayMs: number): () => void
}

export function createRoomAnnouncer({ announce, setTimer }: RoomAnnouncerPorts): RoomAnnouncer {
  let waiting: readonly RoomMessage[] = []
  let room = ''
  let isQuiet = true

  function next(): void {
    isQuiet = waiting.length === 0
    if (isQuiet) return
    announce(messagesText(room, waiting), 'room')
    waiting = []
    setTimer(next, EVERY_MS)
  }

  return {
    add(where, messages) {
      waiting = where === room ? [...waiting, ...messages] : messages
      room = where
      if (isQuiet) next()
    },
  }
}

/** `ann: hello`; of more than one the count and the last. */
function messagesText(room: string, messages: readonly RoomMessage[]): string {
  const { user, text } = messages.at(-1)!
  return messages.length === 1
    ? `${user}: ${text}`
    : `${messages.length} messages in ${room}, the last one of ${user}: ${text}`
}
