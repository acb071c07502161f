// The order of the instruments in the watchlist: by a column, or the list's own. Pure. Used by dashboard/watchlist.ts
// and by the heads of the columns.

import type { InstrumentSummary } from './selectors.ts'

export const SORT_COLUMNS = ['symbol', 'last', 'volume', 'changeFraction', 'change'] as const
export type SortColumn = (typeof SORT_COLUMNS)[number]

export interface Sorting {
  readonly column: SortColumn
  readonly isDescending: boolean
}

/** After a press of a column's head: first its usual order, then the reverse, then the list's own again. */
export function nextSorting(column: SortColumn, current: Sorting | null): Sorting | null {
  const usual: Sorting = { column, isDescending: column !== 'symbol' }
  if (current?.column !== column) return usual
  return current.isDescending === usual.isDescending ? { column, isDescending: !usual.isDescending } : null
}

/** Whether the order follows figures that change all the time. */
export function isLive(sorting: Sorting | null): boolean {
  return sorting !== null && sorting.column !== 'symbol'
}

/** What has no figure comes last in both directions; equal ones keep the list's own order. */
export function inOrder<T extends { readonly symbol: string }>(
  list: readonly T[],
  sorting: Sorting | null,
  summaryOf: (symbol: string) => Pick<InstrumentSummary, SortColumn>,
): readonly T[] {
  if (sorting === null) return list
  const { column, isDescending } = sorting
  const sign = isDescending ? -1 : 1
  const keyed = list.map(one => ({ one, key: column === 'symbol' ? one.symbol : summaryOf(one.symbol)[column] }))
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null)
    if (a.key === b.key) return 0
    return a.key < b.key ? -sign : sign
  })
  return keyed.map(({ one }) => one)
}
