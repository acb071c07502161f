// Which instrument and which interval are shown. The address bar follows it (app/Session.tsx does that); no React here.

import type { Interval } from '@papertape/protocol'
import { type Cell, createValue } from '../market/cell.ts'

export interface Chosen {
  /** Empty until the instruments are known. */
  readonly symbol: string
  readonly interval: Interval
}

export interface MarketChoice {
  readonly cell: Cell<Chosen>
  choose(part: Partial<Chosen>): void
  /** The symbols there are: keeps the choice if it is one of them, takes the first if not. */
  offer(symbols: readonly string[]): void
}

export function createChoice(): MarketChoice {
  const cell = createValue<Chosen>({ symbol: '', interval: '1m' })
  const choose = (part: Partial<Chosen>) => {
    const before = cell.get()
    const after = { ...before, ...part }
    if (after.symbol !== before.symbol || after.interval !== before.interval) cell.set(after)
  }
  return {
    cell,
    choose,
    offer(symbols) {
      const first = symbols[0]
      if (first !== undefined && !symbols.includes(cell.get().symbol)) choose({ symbol: first })
    },
  }
}
