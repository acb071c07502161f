// How many messages in all rooms were not shown yet, beside the word that opens the rooms. Nothing while there are
// none.

'use client'

import { useDashboard } from '../dashboard/dashboard-context.tsx'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import css from './UnreadCount.module.css'

export function UnreadCount() {
  const rooms = useObservable(useDashboard().rooms.loaded)
  return rooms === null ? null : <CountOf rooms={rooms} />
}

function CountOf({ rooms }: { readonly rooms: PageRooms }) {
  return <Unread count={useObservable(rooms.unread)} />
}

export function Unread({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <span className={css.unread} data-testid="unread">
      {count > 99 ? '99+' : count}
      <span className="visually-hidden"> unread</span>
    </span>
  )
}
