// Which rows of a long list are on screen, and which are drawn: those and some more on both sides. Pure. Used by
// use-visible-rows.tsx.

export interface RowRange {
  readonly first: number
  /** After the last one. */
  readonly end: number
}

export const NO_ROWS: RowRange = { first: 0, end: 0 }

/** @param height of the part of the list that is seen; 0 while it is hidden */
export function visibleRows(scrollTop: number, height: number, rowHeight: number, count: number): RowRange {
  if (height <= 0 || rowHeight <= 0) return NO_ROWS
  const first = Math.min(Math.max(0, Math.floor(scrollTop / rowHeight)), count)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight))
  return { first, end: Math.max(first, end) }
}

/** What a fast scroll shows before the next frame has drawn it. */
const SPARE_ROWS = 6

/**
 * Indexes of the rows to draw, in order.
 * @param pinned is always drawn, as it has the focus; -1: none
 */
export function drawnRows({ first, end }: RowRange, count: number, pinned: number): number[] {
  if (first === end) return []
  const from = Math.max(0, first - SPARE_ROWS)
  const to = Math.min(count, end + SPARE_ROWS)
  const drawn = Array.from({ length: to - from }, (_, at) => from + at)
  if (pinned >= 0 && pinned < from) drawn.unshift(pinned)
  if (pinned >= to && pinned < count) drawn.push(pinned)
  return drawn
}

/** Where to scroll so that a row is seen as a whole; undefined if it is. */
export function scrollTopFor(
  row: number,
  { scrollTop, height, rowHeight }: { readonly scrollTop: number; readonly height: number; readonly rowHeight: number },
): number | undefined {
  if (height <= 0) return undefined
  const top = row * rowHeight
  if (top < scrollTop) return top
  const bottom = top + rowHeight
  return bottom > scrollTop + height ? bottom - height : undefined
}
