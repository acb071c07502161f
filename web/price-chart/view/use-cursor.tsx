// The bar that the chart reads out: under the pointer, or selected by keys. The pointer is kept as a position; the bar
// selected by keys as a time, so that it stays when bars are added.

'use client'

import type { Bar } from '@papertape/protocol'
import { useState } from 'react'
import { barIndexAt, type SlotRange } from './chart-view.ts'

export interface ChartPointer {
  readonly x: number
  readonly y: number
}

export interface ChartCursor {
  /** The number of the bar; undefined if none is pointed at or selected. */
  readonly bar: number | undefined
  readonly pointer: ChartPointer | undefined
  readonly selectedMs: number | undefined
  point(pointer: ChartPointer | undefined): void
  select(timeMs: number | undefined): void
}

export function useCursor(bars: readonly Bar[], { from, slotPx }: SlotRange): ChartCursor {
  const [pointer, setPointer] = useState<ChartPointer>()
  const [selectedMs, setSelectedMs] = useState<number>()
  const selected = selectedMs === undefined ? undefined : barIndexAt(bars, selectedMs)
  const wanted = pointer === undefined ? selected : Math.floor(from + pointer.x / slotPx)
  const isThere = wanted !== undefined && bars.length > 0
  return {
    bar: isThere ? Math.min(bars.length - 1, Math.max(0, wanted)) : undefined,
    pointer,
    selectedMs,
    point: setPointer,
    select(timeMs) {
      setPointer(undefined)
      setSelectedMs(timeMs)
    },
  }
}
