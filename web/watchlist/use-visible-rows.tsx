// The rows of a scrolling list that are on screen, as a React hook. The rows have the height `--row-height` of the
// style sheet; the head of the list covers its upper part.

'use client'

import { type RefObject, useCallback, useLayoutEffect, useState } from 'react'
import { NO_ROWS, type RowRange, scrollTopFor, visibleRows } from './row-range.ts'

export interface VisibleRows {
  readonly range: RowRange
  /** Scrolls until the row is seen. */
  reveal(row: number): void
}

/** @param rows the element that holds the rows, inside of the one that scrolls */
export function useVisibleRows(
  scroller: RefObject<HTMLElement | null>,
  rows: RefObject<HTMLElement | null>,
  count: number,
): VisibleRows {
  const [range, setRange] = useState(NO_ROWS)
  useLayoutEffect(() => {
    const box = scroller.current!
    const update = () =>
      setRange(before => {
        const { scrollTop, height, rowHeight } = measure(box, rows.current!)
        const next = visibleRows(scrollTop, height, rowHeight, count)
        return next.first === before.first && next.end === before.end ? before : next
      })
    update()
    const observer = new ResizeObserver(update)
    observer.observe(box)
    box.addEventListener('scroll', update, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', update)
    }
  }, [scroller, rows, count])
  const reveal = useCallback(
    (row: number) => {
      const top = scrollTopFor(row, measure(scroller.current!, rows.current!))
      if (top !== undefined) scroller.current!.scrollTop = top
    },
    [scroller, rows],
  )
  return { range, reveal }
}

function measure(box: HTMLElement, rows: HTMLElement) {
  const rowHeight = Number.parseFloat(getComputedStyle(rows).getPropertyValue('--row-height'))
  return { scrollTop: box.scrollTop, height: box.clientHeight - rows.offsetTop, rowHeight }
}
