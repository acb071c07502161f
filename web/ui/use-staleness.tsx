// Whether what a panel shows may be out of date. The market is one, over however many connections it comes: what one of
// them has lost, no panel shows as live until all of them have it again.

'use client'

import { isDoubtful } from '../connections/connection.ts'
import type { LineName } from '../connections/panels.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { useCell } from '../reactive/use-observable.tsx'

export function useMarketDoubt(): boolean {
  const { lines } = useDashboard()
  const tape = useCell(lines.tape.cell)
  const book = useCell(lines.book.cell)
  return isDoubtful(tape) || isDoubtful(book)
}

/** @param line what carries the panel. */
export function useDoubt(line: LineName): boolean {
  const { lines } = useDashboard()
  const own = useCell(lines[line].cell)
  const isMarketLost = useMarketDoubt()
  return line === 'tape' || line === 'book' ? isMarketLost : isDoubtful(own)
}
