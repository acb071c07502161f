// The tabs of the rooms: the list of all, then each room that was joined, with its unread messages. Arrow keys move
// between them.

'use client'

import type { KeyboardEvent } from 'react'
import { type RoomTalk, unreadOf } from '../orders/rooms/room-talk.ts'
import panel from '../ui/Panel.module.css'
import css from './RoomsPanel.module.css'
import { Unread } from './UnreadCount.tsx'

interface RoomTabsProps {
  readonly talks: readonly RoomTalk[]
  /** Empty: the list of all rooms. */
  readonly open: string
  readonly onOpen: (room: string) => void
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 }

export function RoomTabs({ talks, open, onOpen }: RoomTabsProps) {
  const stops = ['', ...talks.map(({ room }) => room)]
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const to = stops[(stops.indexOf(open) + step + stops.length) % stops.length]!
    onOpen(to)
    document.getElementById(`room-tab-${to}`)?.focus()
  }
  const tab = (room: string) => ({
    id: `room-tab-${room}`,
    type: 'button' as const,
    role: 'tab',
    className: panel.tool,
    'aria-selected': room === open,
    'aria-controls': 'room-panel',
    tabIndex: room === open ? 0 : -1,
    onClick: () => onOpen(room),
    onKeyDown: move,
    'data-testid': `room-tab-${room || 'all'}`,
  })
  return (
    <div role="tablist" aria-label="Rooms" className={css.tabs}>
      <button {...tab('')}>All rooms</button>
      {talks.map(talk => (
        <button key={talk.room} {...tab(talk.room)}>
          {talk.room}
          <Unread count={unreadOf(talk)} />
        </button>
      ))}
    </div>
  )
}
