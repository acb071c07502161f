// Whether what a panel shows may be out of date. The market's connections go stale together: after a loss no panel of
// the market shows its data as live until all of its connections are live again.

'use client'

import { isStale } from '../connections/connection.ts'
import type { ConnectionName } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useObservable } from '../reactive/use-observable.tsx'

export function useMarketStaleness(): boolean {
  const { connections } = useDashboard()
  const tape = useObservable(connections.tape.facts)
  const book = useObservable(connections.book.facts)
  return isStale(tape) || isStale(book)
}

/** @param name the connection that carries the panel. */
export function useStaleness(name: ConnectionName): boolean {
  const { connections } = useDashboard()
  const facts = useObservable(connections[name].facts)
  const isMarketStale = useMarketStaleness()
  return name === 'tape' || name === 'book' ? isMarketStale : isStale(facts)
}
