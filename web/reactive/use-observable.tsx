// How React looks at a cell. The only place where the store and React meet.

import { useSyncExternalStore } from 'react'
import type { Cell } from './observable.ts'

/**
 * Re-renders the component when the cell changes, at most once a frame.
 * @param exported what the exported HTML was made with, where that may differ from what the browser knows.
 */
export function useCell<T>(cell: Cell<T>, exported?: T): T {
  return useSyncExternalStore(cell.subscribe, cell.get, exported === undefined ? cell.get : () => exported)
}
