// Which instrument and which interval are shown. The address bar follows it (app/Session.tsx does that); no React here.

import type { Interval } from '@papertape/protocol'
import { type Cell, createValue } from '../reactive/observable.ts'

export interface Chosen {
  /** Empty until the instruments are known. */
  readonly symbol: string
  readonly interval: Interval
}

export interface MarketChoice {
  readonly cell: Cell<Chosen>
  choose(part: Partial<Chosen>): void
  /** The symbols there are: keeps the choice if it is one of them, takes the first if not, and none if there are none. */
  offer(symbols: readonly string[]): void
}

export function createChoice(): MarketChoice {
  const cell = createValue<Chosen>({ symbol: '', interval: '1m' })
  // What was chosen last; may be chosen again in a market that has it too.
  let wish = ''
  const choose = (part: Partial<Chosen>) => {
    wish = part.symbol || wish
    const before = cell.get()
    const after = { ...before, ...part }
    if (after.symbol !== before.symbol || after.interval !== before.interval) cell.set(after)
  }
  return {
    cell,
    choose,
    offer(symbols) {
      const symbol = symbols.includes(wish) ? wish : (symbols[0] ?? '')
      if (!symbols.includes(cell.get().symbol)) choose({ symbol })
    },
  }
}
