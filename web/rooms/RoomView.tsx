// One room that was joined: who is there, what was said, who types, and the field to write in. Says why a join was
// refused, and how to go on.

'use client'

import { useState } from 'react'
import type { RoomTalk } from '../orders/rooms/room-talk.ts'
import { problemText, typingText } from '../orders/rooms/room-texts.ts'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import lists from '../ui/lists.module.css'
import { Empty } from '../ui/Panel.tsx'
import { useStaleness } from '../ui/use-staleness.tsx'
import { Composer } from './Composer.tsx'
import { NameForm } from './NameForm.tsx'
import { RoomLog } from './RoomLog.tsx'
import css from './RoomView.module.css'

interface RoomViewProps {
  readonly rooms: PageRooms
  readonly talk: RoomTalk
}

export function RoomView({ rooms, talk }: RoomViewProps) {
  const { room, status, refusal, typing } = talk
  // Who types is not known without a connection.
  const isStale = useStaleness('orders')
  if (status === 'refused' && refusal !== null) {
    return (
      <div className={css.refused} data-testid="room-refused">
        <p role="alert">{problemText(refusal)}</p>
        <NameForm user={talk.user} action="Join" onName={user => void rooms.rename(room, user)} />
        <button type="button" className={lists.act} onClick={() => rooms.leave(room)}>
          Leave {room}
        </button>
      </div>
    )
  }
  return (
    <>
      <RoomHead rooms={rooms} talk={talk} />
      {status === 'joining' && talk.messages.length === 0 ? (
        <Empty>Joining {room}…</Empty>
      ) : (
        <RoomLog rooms={rooms} talk={talk} />
      )}
      <p className={css.typing} data-testid="room-typing">
        {isStale ? '' : typingText(typing)}
      </p>
      <Composer rooms={rooms} talk={talk} />
    </>
  )
}

/** How many are here and who, the own name, and what leaves. */
function RoomHead({ rooms, talk }: RoomViewProps) {
  const { room, users, count, user } = talk
  const [shown, setShown] = useState<'users' | 'name'>()
  const toggle = (one: 'users' | 'name') => setShown(shown === one ? undefined : one)
  return (
    <div className={css.head}>
      <div className={css.bar}>
        <button
          type="button"
          className={css.fact}
          aria-expanded={shown === 'users'}
          aria-controls="room-users"
          onClick={() => toggle('users')}
          data-testid="room-count"
        >
          <span aria-hidden="true">{shown === 'users' ? '▾' : '▸'}</span> {count} here
        </button>
        <button
          type="button"
          className={`${css.fact} ${css.own}`}
          aria-expanded={shown === 'name'}
          aria-controls="room-rename"
          title="Change your name in this room"
          onClick={() => toggle('name')}
          data-testid="room-own-name"
        >
          <span className="visually-hidden">Change your name: </span>
          {user === '' ? '…' : `You: ${user}`}
        </button>
        <button type="button" className={lists.act} onClick={() => rooms.leave(room)} data-testid="room-leave">
          Leave<span className="visually-hidden"> {room}</span>
        </button>
      </div>
      <ul id="room-users" className={css.users} hidden={shown !== 'users'} aria-label="Here" data-testid="room-users">
        {users.map(one => (
          <li key={one} data-own={one === user}>
            {one}
          </li>
        ))}
        {count > users.length && <li>and {count - users.length} more</li>}
      </ul>
      <div id="room-rename" className={css.rename} hidden={shown !== 'name'}>
        {shown === 'name' && (
          <NameForm
            user={user}
            action="Change"
            onName={name => {
              void rooms.rename(room, name)
              setShown(undefined)
            }}
          />
        )}
      </div>
    </div>
  )
}
