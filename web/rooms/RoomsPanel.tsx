// The rooms: tabs of those that were joined, before them the list of all, and the one that is open. Loaded when it is
// first shown. app/TradingScreen.tsx places it, and draws it only while it is to be seen.

'use client'

import { useEffect, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { JOINED_ROOMS } from '../orders/rooms/joined-rooms.ts'
import type { PageRooms } from '../orders/rooms/rooms.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import { RetryTimeline } from '../ui/RetryTimeline.tsx'
import { RoomList } from './RoomList.tsx'
import css from './RoomsPanel.module.css'
import { RoomTabs } from './RoomTabs.tsx'
import { RoomView } from './RoomView.tsx'

export function RoomsPanel() {
  const {
    rooms: { loaded, load },
    desk,
    feed,
  } = useDashboard()
  const rooms = useObservable(loaded)
  useEffect(load, [load])
  const connect = () => {
    feed.reconnect()
    desk.reconnect()
  }
  const retries = <RetryTimeline connection="orders" onConnect={connect} />
  return (
    <Panel title="Rooms" feeds={['rooms']} status={retries} testId="rooms">
      {rooms === null ? <Empty>Loading…</Empty> : <OpenRooms rooms={rooms} />}
    </Panel>
  )
}

function OpenRooms({ rooms }: { readonly rooms: PageRooms }) {
  const talks = useObservable(rooms.talks)
  const [{ open }] = usePreference(JOINED_ROOMS)
  const talk = talks.find(({ room }) => room === open)
  const isVisible = useIsVisible()
  const seen = isVisible && talk !== undefined ? talk.room : null
  useEffect(() => {
    rooms.setSeen(seen)
    return () => rooms.setSeen(null)
  }, [rooms, seen])
  return (
    <>
      <RoomTabs talks={talks} open={talk?.room ?? ''} onOpen={rooms.open} />
      <div
        id="room-panel"
        role="tabpanel"
        aria-labelledby={`room-tab-${talk?.room ?? ''}`}
        className={css.content}
        data-testid="room"
      >
        {talk === undefined ? (
          <RoomList rooms={rooms} talks={talks} />
        ) : (
          <RoomView key={open} rooms={rooms} talk={talk} />
        )}
      </div>
    </>
  )
}

/** false while the browser shows another tab. */
function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isVisible
}
