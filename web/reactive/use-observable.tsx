// The React hook for observables: the only place where page state and React meet.

import { useSyncExternalStore } from 'react'
import type { Observable } from './observable.ts'

/**
 * Re-renders the component when the value changes, at most once a frame.
 * @param exported the value in the exported HTML, where the browser's may differ.
 */
export function useObservable<T>(observable: Observable<T>, exported?: T): T {
  const { subscribe, get } = observable
  return useSyncExternalStore(subscribe, get, exported === undefined ? get : () => exported)
}
