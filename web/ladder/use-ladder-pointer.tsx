// Drags on the ladder: own orders to another row with the mouse or a pen, all rows with a finger, and the wheel. What
// is dragged is sent when it is released; Escape and a lost pointer leave it as it was.

'use client'

import type { Side } from '@papertape/protocol'
import { type PointerEvent, type RefObject, useEffect, useRef } from 'react'
import type { OwnMove } from './own-move.ts'

export interface PointerActions {
  onChoose(side: Side, group: number): void
  onMoveTo(group: number): void
  /** Released at another row. */
  onDrop(move: OwnMove): void
  onAbort(): void
  /** Rows upwards. */
  onScroll(rows: number): void
}

interface Drag {
  readonly pointerId: number
  readonly kind: 'own' | 'rows'
  readonly side: Side
  readonly group: number
  readonly fromY: number
  hasMoved: boolean
  /** The group under the pointer, or the rows scrolled so far. */
  at: number
}

/** A press that moves less is a click. */
const CLICK_PX = 5

export function useLadderPointer(table: RefObject<HTMLTableElement | null>, actions: PointerActions) {
  const drag = useRef<Drag>(undefined)
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })

  useWheel(table, latest)
  useEffect(() => {
    const abort = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || drag.current === undefined) return
      drag.current = undefined
      latest.current.onAbort()
    }
    window.addEventListener('keydown', abort)
    return () => window.removeEventListener('keydown', abort)
  }, [])

  const begin = (event: PointerEvent<HTMLTableElement>) => {
    if (event.button !== 0 || !event.isPrimary) return
    const own = (event.target as HTMLElement).closest<HTMLElement>('[data-own]')
    const kind = event.pointerType === 'touch' ? 'rows' : 'own'
    if (kind === 'own' && own === null) return
    const group = own === null ? 0 : Number(own.closest('tr')!.dataset.group)
    const side = own?.dataset.own === 'sell' ? 'sell' : 'buy'
    drag.current = {
      pointerId: event.pointerId,
      kind,
      side,
      group,
      fromY: event.clientY,
      hasMoved: false,
      at: kind === 'own' ? group : 0,
    }
  }

  const move = (event: PointerEvent<HTMLTableElement>) => {
    const now = drag.current
    if (now === undefined || now.pointerId !== event.pointerId) return
    const element = table.current!
    if (!now.hasMoved) {
      if (Math.abs(event.clientY - now.fromY) < CLICK_PX) return
      now.hasMoved = true
      // Not before: a captured press is no click on what is under it.
      element.setPointerCapture(event.pointerId)
      if (now.kind === 'own') latest.current.onChoose(now.side, now.group)
    }
    if (now.kind === 'own') {
      const group = groupAt(element, event.clientY)
      if (group === undefined || group === now.at) return
      now.at = group
      latest.current.onMoveTo(group)
    } else {
      const rows = Math.trunc((event.clientY - now.fromY) / rowHeight(element))
      if (rows !== now.at) latest.current.onScroll(rows - now.at)
      now.at = rows
    }
  }

  const end = (event: PointerEvent<HTMLTableElement>) => {
    const now = drag.current
    if (now === undefined || now.pointerId !== event.pointerId) return
    drag.current = undefined
    if (now.kind === 'rows' || !now.hasMoved) return
    if (event.type === 'pointerup' && now.at !== now.group)
      latest.current.onDrop({ side: now.side, from: now.group, to: now.at })
    else latest.current.onAbort()
  }

  return { onPointerDown: begin, onPointerMove: move, onPointerUp: end, onPointerCancel: end }
}

function useWheel(table: RefObject<HTMLTableElement | null>, actions: RefObject<PointerActions>): void {
  // React listens to wheels passively: the page would scroll as well.
  useEffect(() => {
    const element = table.current!
    let restPx = 0
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey) return
      event.preventDefault()
      const rowPx = rowHeight(element)
      restPx += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * rowPx : event.deltaY
      const rows = Math.trunc(restPx / rowPx)
      restPx -= rows * rowPx
      if (rows !== 0) actions.current.onScroll(-rows)
    }
    element.addEventListener('wheel', turn, { passive: false })
    return () => element.removeEventListener('wheel', turn)
  }, [table, actions])
}

function rowHeight(table: HTMLTableElement): number {
  return table.tBodies[0]!.rows[0]?.offsetHeight || 1
}

/** The row at this height; the first or last one beyond them. */
function groupAt(table: HTMLTableElement, clientY: number): number | undefined {
  const { rows } = table.tBodies[0]!
  const [first] = rows
  if (first === undefined) return undefined
  const { top, height } = first.getBoundingClientRect()
  const at = Math.floor((clientY - top) / height)
  return Number(rows[Math.max(0, Math.min(rows.length - 1, at))]!.dataset.group)
}
