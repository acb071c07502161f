// The keys of the watchlist: up and down move through all rows, left and right between the buttons of a row. Pure. Used
// by WatchlistGrid.tsx; ui/roving-focus.ts does the same for lists that are drawn as a whole.

export const ROW_BUTTONS = ['favourite', 'instrument'] as const
export type RowButton = (typeof ROW_BUTTONS)[number]

export interface GridPlace {
  readonly row: number
  readonly button: RowButton
}

const MOVES: Readonly<Record<string, (place: GridPlace, count: number) => GridPlace>> = {
  ArrowDown: ({ row, button }) => ({ row: row + 1, button }),
  ArrowUp: ({ row, button }) => ({ row: row - 1, button }),
  ArrowLeft: ({ row }) => ({ row, button: 'favourite' }),
  ArrowRight: ({ row }) => ({ row, button: 'instrument' }),
  PageDown: ({ row, button }) => ({ row: row + 10, button }),
  PageUp: ({ row, button }) => ({ row: row - 10, button }),
  Home: ({ button }) => ({ row: 0, button }),
  End: ({ button }, count) => ({ row: count - 1, button }),
}

/** Undefined for keys that do not move the focus. */
export function movedFocus(key: string, place: GridPlace, count: number): GridPlace | undefined {
  const moved = MOVES[key]?.(place, count)
  return moved && { ...moved, row: Math.min(Math.max(0, moved.row), count - 1) }
}
