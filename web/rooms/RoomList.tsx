// All rooms: one for each instrument, and those with a name of their own; and what joins one. What is typed filters the
// list, and may be the name of a room that is not there yet.

'use client'

import { type FormEvent, useEffect, useId, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { JOINED_ROOMS } from '../orders/rooms/joined-rooms.ts'
import type { RoomTalk } from '../orders/rooms/room-talk.ts'
import { roomNameProblem, roomOf, userNameProblem } from '../orders/rooms/room-texts.ts'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import lists from '../ui/lists.module.css'
import css from './RoomList.module.css'

/** Rows that are drawn; a filter finds the others. */
const ROWS_MAX = 100

interface RoomListProps {
  readonly rooms: PageRooms
  readonly talks: readonly RoomTalk[]
}

export function RoomList({ rooms, talks }: RoomListProps) {
  const { store } = useDashboard()
  const instruments = useObservable(store.instruments)
  const directory = useObservable(rooms.directory)
  const [{ name }] = usePreference(JOINED_ROOMS)
  const [typed, setTyped] = useState('')
  const [user, setUser] = useState(name)
  const [problem, setProblem] = useState<string>()
  const id = useId()
  const { loadDirectory } = rooms
  useEffect(loadDirectory, [loadDirectory])

  const symbols = instruments.map(({ symbol }) => symbol)
  const filter = typed.trim().toLowerCase()
  const listed = new Map(directory.rooms.map(one => [one.room, one]))
  const named = directory.rooms.map(({ room }) => room).filter(room => !symbols.includes(room))
  const found = [...symbols, ...named].filter(room => room.toLowerCase().includes(filter))
  const join = (room: string) => {
    const wrong = roomNameProblem(room) ?? userNameProblem(user)
    setProblem(wrong)
    if (wrong !== undefined) return
    if (talks.some(one => one.room === room)) rooms.open(room)
    else rooms.join(room, user)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    join(roomOf(typed, symbols))
  }
  return (
    <>
      <form className={css.form} onSubmit={submit} noValidate>
        <label>
          <span>Room</span>
          <input
            value={typed}
            placeholder="Any name"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={problem === undefined ? undefined : id}
            onChange={({ target }) => setTyped(target.value)}
            data-testid="room-name"
          />
        </label>
        <label>
          <span>Your name</span>
          <input
            value={user}
            placeholder="A guest"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={problem === undefined ? undefined : id}
            onChange={({ target }) => setUser(target.value.trim())}
            data-testid="room-user"
          />
        </label>
        <button type="submit" className={css.join} data-testid="room-join">
          Join
        </button>
      </form>
      {problem !== undefined && (
        <p id={id} className={css.problem} role="alert">
          {problem}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys */}
      <section className={lists.scroll} aria-label="All rooms" tabIndex={0}>
        <ul>
          {found.slice(0, ROWS_MAX).map(room => {
            const { members = 0, messages = 0 } = listed.get(room) ?? {}
            const isJoined = talks.some(one => one.room === room)
            return (
              <li key={room}>
                <button type="button" className={css.room} onClick={() => join(room)} data-testid={`room-of-${room}`}>
                  <span className={css.name}>{room}</span>
                  <span className={css.company}>{store.instrument(room)?.name}</span>
                  <span className={css.members}>{roomText(members, messages)}</span>
                  <span className={css.act}>{isJoined ? 'Open' : 'Join'}</span>
                </button>
              </li>
            )
          })}
        </ul>
        <p className={css.note}>{noteText(found.length, typed, directory.isLoading)}</p>
        {directory.problem !== null && (
          <p className={css.note} role="alert">
            Who is where could not be loaded: {directory.problem}{' '}
            <button type="button" className={lists.act} onClick={loadDirectory}>
              Try again
            </button>
          </p>
        )}
      </section>
    </>
  )
}

function roomText(members: number, messages: number): string {
  if (members > 0) return `${members} here`
  return messages > 0 ? `${messages} ${messages === 1 ? 'message' : 'messages'}` : ''
}

function noteText(found: number, typed: string, isLoading: boolean): string {
  if (found > ROWS_MAX) return `${found - ROWS_MAX} more: type a part of the name.`
  if (found === 0 && typed.trim() !== '') return 'There is no such room yet. Join opens it.'
  return isLoading ? 'Loading who is where…' : ''
}
