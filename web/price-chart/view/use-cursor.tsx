// The bar that the chart reads out: under the pointer, or selected by keys, which also move a price. The pointer is
// kept as a position; the bar selected by keys as a time, so that it stays when bars are added.

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
  /** The price to which keys have moved the crosshair. */
  readonly price: number | undefined
  point(pointer: ChartPointer | undefined): void
  /** @param timeMs undefined: no bar, and no price. */
  select(timeMs: number | undefined, price?: number): void
}

export function useCursor(bars: readonly Bar[], { from, slotPx }: SlotRange): ChartCursor {
  const [pointer, setPointer] = useState<ChartPointer>()
  const [keyed, setKeyed] = useState<{ readonly timeMs: number; readonly price: number | undefined }>()
  const selectedMs = keyed?.timeMs
  const selected = selectedMs === undefined ? undefined : barIndexAt(bars, selectedMs)
  const wanted = pointer === undefined ? selected : Math.floor(from + pointer.x / slotPx)
  const isThere = wanted !== undefined && bars.length > 0
  return {
    bar: isThere ? Math.min(bars.length - 1, Math.max(0, wanted)) : undefined,
    pointer,
    selectedMs,
    price: pointer === undefined ? keyed?.price : undefined,
    point: setPointer,
    select(timeMs, price = keyed?.price) {
      setPointer(undefined)
      setKeyed(timeMs === undefined ? undefined : { timeMs, price })
    },
  }
}
