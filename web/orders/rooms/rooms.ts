// The rooms of this page, over the order channel: joins them on each channel, keeps what is said in each, sends what is
// typed, counts what was not read. No markup. Loaded by dashboard/dashboard.ts for who is in a room or looks for one.

import { ChannelError, type RoomAnswer, type RoomEntry, type RoomEvent } from '@papertape/client'
import type { RoomsAnswer } from '@papertape/protocol'
import type { FrameScheduler } from '../../reactive/frame-scheduler.ts'
import {
  createComputed,
  createObservable,
  type Observable,
  type SettableObservable,
} from '../../reactive/observable.ts'
import { textOf } from '../submissions.ts'
import type { JoinedRooms } from './joined-rooms.ts'
import { createRoomAnnouncer } from './room-announcer.ts'
import {
  type OutgoingMessage,
  type RoomProblem,
  type RoomTalk,
  startTalk,
  unreadOf,
  withAllRead,
  withEvent,
  withFailure,
  withoutOutgoing,
  withSending,
  withSent,
} from './room-talk.ts'
import { problemText } from './room-texts.ts'

/** The rooms that the server lists. */
export interface RoomDirectory {
  readonly rooms: RoomsAnswer['rooms']
  readonly isLoading: boolean
  readonly problem: string | null
}

export interface RoomsPorts {
  /** Of the active account; null while there is none. Another one is of another account, or of a new channel. */
  readonly entry: Observable<RoomEntry | null>
  readonly joined: SettableObservable<JoinedRooms>
  /** All rooms that have members or messages. */
  rooms(): Promise<RoomsAnswer['rooms']>
  announce(text: string, topic: string): void
  nowMs(): number
  newId(): string
  setTimer(run: () => void, delayMs: number): () => void
}

export interface PageRooms {
  /** In the order in which they were joined. */
  readonly talks: Observable<readonly RoomTalk[]>
  /** Messages in all rooms that were not shown yet. */
  readonly unread: Observable<number>
  readonly directory: Observable<RoomDirectory>
  loadDirectory(): void
  /** Also again, after a refusal. @param user empty: the server makes a name */
  join(room: string, user: string): void
  /** Leaves and joins again: an account keeps its name while it is in a room. */
  rename(room: string, user: string): Promise<void>
  leave(room: string): void
  say(room: string, text: string): void
  /** A message that failed. */
  sayAgain(room: string, clientMessageId: string): void
  discard(room: string, clientMessageId: string): void
  typing(room: string): void
  /** Opens a room in the panel; empty: the list of all rooms. */
  open(room: string): void
  /** The room that a person sees now; its messages count as read. */
  setSeen(room: string | null): void
}

export function createPageRooms(ports: RoomsPorts, frames: FrameScheduler): PageRooms {
  const { joined } = ports
  const byRoom = new Map<string, RoomTalk>()
  const talks = createComputed(frames, () => [...byRoom.values()])
  const unread = createComputed(frames, () => [...byRoom.values()].reduce((sum, talk) => sum + unreadOf(talk), 0))
  const directory = createObservable<RoomDirectory>({ rooms: [], isLoading: false, problem: null })
  const announcer = createRoomAnnouncer(ports)
  let entry: RoomEntry | null = null
  let seen: string | null = null

  function update(room: string, change: (talk: RoomTalk) => RoomTalk): void {
    const before = byRoom.get(room)
    // It was left meanwhile.
    if (before === undefined) return
    const changed = change(before)
    const after = room === seen ? withAllRead(changed) : changed
    byRoom.set(room, after)
    if (after.readId !== before.readId) store()
    talks.invalidate()
    unread.invalidate()
  }

  function store(change: Partial<Pick<JoinedRooms, 'name' | 'open'>> = {}): void {
    const before = joined.get()
    const userOf = (room: string) => before.rooms.find(one => one.room === room)?.user ?? ''
    const rooms = [...byRoom.values()].map(({ room, readId }) => ({ room, user: userOf(room), readId }))
    joined.set({ ...before, rooms, ...change })
  }

  function storeName(room: string, user: string): void {
    const before = joined.get()
    const rooms = before.rooms.map(one => (one.room === room ? { ...one, user } : one))
    joined.set({ ...before, rooms, name: user })
  }

  function receive(room: string, event: RoomEvent): void {
    const before = byRoom.get(room)
    update(room, talk => withEvent(talk, event))
    if (event.type === 'refused') ports.announce(`${room}: ${problemText(event.error)}`, `room ${room}`)
    // The history of a room that was just opened is read by who wants to.
    if (event.type !== 'messages' || room !== seen || before === undefined || before.messages.length === 0) return
    const ofOthers = event.messages.filter(({ user }) => user !== before.user)
    if (ofOthers.length > 0) announcer.add(room, ofOthers)
  }

  /** @param outgoing what was typed and is not sent yet */
  function enter(room: string, outgoing: readonly OutgoingMessage[] = []): void {
    const { user, readId } = joined.get().rooms.find(one => one.room === room)!
    byRoom.set(room, { ...startTalk(room, user, readId), outgoing })
    talks.invalidate()
    unread.invalidate()
    entry
      ?.joinRoom(room, event => receive(room, event), user === '' ? {} : { user })
      .catch(() => {
        // Joined when there is a connection, or by the next channel. A refusal comes as an event.
      })
  }

  function follow(): void {
    const next = ports.entry.get()
    if (next === entry) return
    entry = next
    for (const { room } of joined.get().rooms) enter(room, byRoom.get(room)?.outgoing)
  }

  async function send(room: string, clientMessageId: string, text: string): Promise<void> {
    update(room, talk => withSending(talk, clientMessageId, text))
    try {
      if (entry === null) throw new ChannelError('closed', 'There is no account yet')
      const answer: RoomAnswer = await entry.say(room, text, { clientMessageId })
      if (answer.type === 'ack') update(room, talk => withSent(talk, clientMessageId, answer.messageId!))
      else fail(room, clientMessageId, answer, answer.retryMs)
    } catch (error) {
      fail(room, clientMessageId, { code: error instanceof ChannelError ? error.code : 'closed', text: textOf(error) })
    }
  }

  function fail(room: string, clientMessageId: string, { code, text }: RoomProblem, retryMs = 0): void {
    if (byRoom.get(room)?.outgoing.some(one => one.clientMessageId === clientMessageId) !== true) return
    update(room, talk => {
      const failed = withFailure(talk, clientMessageId, { code, text })
      return code === 'muted' ? { ...failed, mutedUntilMs: ports.nowMs() + retryMs } : failed
    })
    ports.announce(`Not sent: ${problemText({ code, text })}`, `room ${room}`)
  }

  ports.entry.subscribe(follow)
  follow()

  return {
    talks,
    unread,
    directory,
    loadDirectory() {
      directory.set({ ...directory.get(), isLoading: true })
      ports.rooms().then(
        rooms => directory.set({ rooms, isLoading: false, problem: null }),
        error => directory.set({ ...directory.get(), isLoading: false, problem: textOf(error) }),
      )
    },
    join(room, user) {
      if (!byRoom.has(room)) byRoom.set(room, startTalk(room, user, 0))
      store({ open: room })
      storeName(room, user)
      enter(room)
    },
    async rename(room, user) {
      storeName(room, user)
      const left = entry
      await left?.leaveRoom(room)
      // Left for good meanwhile, or joined on another channel, under the new name.
      if (byRoom.has(room) && entry === left) enter(room, byRoom.get(room)!.outgoing)
    },
    leave(room) {
      void entry?.leaveRoom(room)
      byRoom.delete(room)
      store({ open: '' })
      talks.invalidate()
      unread.invalidate()
    },
    say: (room, text) => void send(room, ports.newId(), text),
    sayAgain(room, clientMessageId) {
      const message = byRoom.get(room)?.outgoing.find(one => one.clientMessageId === clientMessageId)
      if (message !== undefined) void send(room, clientMessageId, message.text)
    },
    discard: (room, clientMessageId) => update(room, talk => withoutOutgoing(talk, clientMessageId)),
    typing: room => entry?.typing(room),
    open: room => store({ open: room }),
    setSeen(room) {
      seen = room
      if (room !== null) update(room, talk => talk)
    },
  }
}
