// A preference as a React hook. The exported HTML has the default; the stored value replaces it when the page starts.

'use client'

import { useObservable } from '../reactive/use-observable.tsx'
import { useDashboard } from './dashboard-context.tsx'
import type { Preference } from './preferences.ts'

/** @returns the value, and what sets and stores another. */
export function usePreference<T>(preference: Preference<T>): readonly [T, (next: T) => void] {
  const { preferences } = useDashboard()
  const observable = preferences.of(preference)
  return [useObservable(observable, preference.read(undefined)), observable.set]
}
