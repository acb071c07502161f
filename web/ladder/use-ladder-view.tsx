// Which rows the ladder shows: as many as fit, around a middle that follows the market by the rules of ladder-view.ts.

'use client'

import { type RefObject, useLayoutEffect, useState } from 'react'
import { follow, isCentred, NO_VIEW, recentre, reveal, scroll, type Touch, topOf } from './ladder-view.ts'

/** As in Ladder.module.css: higher for touch. */
const ROW_PX = { fine: 24, coarse: 44 } as const
const HEAD_PX = 20
const ROWS_MIN = 3

export interface ShownRows {
  /** Whether a price is known to show rows around. */
  readonly isKnown: boolean
  /** The groups of the first and the last row. */
  readonly top: number
  readonly bottom: number
  readonly count: number
  /** The best prices are not in the middle part. */
  readonly isAway: boolean
  recentre(): void
  /** Rows upwards. */
  scroll(rows: number): void
  reveal(group: number): void
}

/**
 * @param room whose height the rows fill.
 * @param of the instrument and grouping.
 * @param touchIn the best prices, for so many rows.
 * @param isHeld the rows must not move.
 */
export function useLadderView(
  room: RefObject<HTMLElement | null>,
  of: string,
  touchIn: (count: number) => Touch | undefined,
  isHeld: boolean,
): ShownRows {
  const roomPx = useHeight(room)
  const count = Math.max(ROWS_MIN, Math.floor((roomPx - HEAD_PX) / (isCoarse() ? ROW_PX.coarse : ROW_PX.fine)))
  const touch = touchIn(count)
  const [view, setView] = useState(NO_VIEW)
  const shown = follow(view, { of, touch, count, isHeld })
  if (shown !== view) setView(shown)
  const top = topOf(shown, count)
  return {
    isKnown: shown.centre !== undefined,
    top,
    bottom: top - count + 1,
    count,
    isAway: !isCentred(shown, touch, count),
    recentre: () => setView(now => recentre(now, touch)),
    scroll: rows => setView(now => scroll(now, rows, count)),
    reveal: group => setView(now => reveal(now, group, count)),
  }
}

export function isCoarse(): boolean {
  return matchMedia('(pointer: coarse)').matches
}

/** In pixels, before the first paint as well; 0 while it is not shown. */
export function useHeight(element: RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0)
  useLayoutEffect(() => {
    const measured = element.current!
    setHeight(measured.clientHeight)
    const observer = new ResizeObserver(([entry]) => setHeight(entry!.contentRect.height))
    observer.observe(measured)
    return () => observer.disconnect()
  }, [element])
  return height
}
