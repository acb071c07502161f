// Whether what a panel shows may be out of date. The market's connections go stale together: after a loss no panel of
// the market shows its data as live until all of its connections are live again.

'use client'

import { useSyncExternalStore } from 'react'
import { type ConnectionFacts, isStale } from '../connections/connection.ts'
import type { ConnectionName } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'

/** One fact of a connection: re-renders when it changes, not at each event. */
export function useFact<T extends string | number | boolean | null>(
  name: ConnectionName,
  factOf: (facts: ConnectionFacts) => T,
): T {
  const { subscribe, get } = useDashboard().connections[name].facts
  const read = () => factOf(get())
  return useSyncExternalStore(subscribe, read, read)
}

export function useMarketStaleness(): boolean {
  const tape = useFact('tape', isStale)
  const book = useFact('book', isStale)
  return tape || book
}

/** @param name the connection that carries the panel. */
export function useStaleness(name: ConnectionName): boolean {
  const own = useFact(name, isStale)
  const isMarketStale = useMarketStaleness()
  return isOfMarket(name) ? isMarketStale : own
}

/** Whether a frozen screen stops it. */
export function isOfMarket(name: ConnectionName): boolean {
  return name === 'tape' || name === 'book'
}
