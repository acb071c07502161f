// The keys of the ladder while one of its cells has the focus. Pure; performed by LadderGrid.tsx.

const COLUMNS = ['bid', 'price', 'ask'] as const
export type LadderColumn = (typeof COLUMNS)[number]

export type LadderAction =
  /** Moves the focus: rows upwards, columns to the right. */
  | { readonly type: 'focus'; readonly rows: number; readonly columns: number }
  /** Moves the own orders of the row, upwards. Nothing is sent before `enter`. */
  | { readonly type: 'step'; readonly rows: number }
  /** `enter`: picks the price, or sends the own orders that were moved. */
  | { readonly type: 'recentre' | 'enter' | 'cancel' | 'abort' }

const PAGE_ROWS = 10

const ACTIONS: Readonly<Record<string, LadderAction>> = {
  ArrowUp: { type: 'focus', rows: 1, columns: 0 },
  ArrowDown: { type: 'focus', rows: -1, columns: 0 },
  PageUp: { type: 'focus', rows: PAGE_ROWS, columns: 0 },
  PageDown: { type: 'focus', rows: -PAGE_ROWS, columns: 0 },
  ArrowLeft: { type: 'focus', rows: 0, columns: -1 },
  ArrowRight: { type: 'focus', rows: 0, columns: 1 },
  Home: { type: 'recentre' },
  Enter: { type: 'enter' },
  ' ': { type: 'enter' },
  Delete: { type: 'cancel' },
  Escape: { type: 'abort' },
}
const WITH_ALT: Readonly<Record<string, LadderAction>> = {
  ArrowUp: { type: 'step', rows: 1 },
  ArrowDown: { type: 'step', rows: -1 },
}

type Press = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>

export function ladderAction({ key, altKey, ctrlKey, metaKey }: Press): LadderAction | undefined {
  if (ctrlKey || metaKey) return undefined
  return (altKey ? WITH_ALT : ACTIONS)[key]
}

export function columnBeside(column: LadderColumn, columns: number): LadderColumn {
  const at = COLUMNS.indexOf(column) + columns
  return COLUMNS[Math.max(0, Math.min(COLUMNS.length - 1, at))]!
}
