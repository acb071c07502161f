// The selected instrument and interval. app/Session.tsx keeps the address bar in step with it.

import type { Interval } from '@papertape/protocol'
import { createObservable, type Observable } from '../reactive/observable.ts'

export interface Selection {
  /** Empty until the instruments are known. */
  readonly symbol: string
  readonly interval: Interval
}

export interface SelectionStore {
  readonly state: Observable<Selection>
  select(part: Partial<Selection>): void
  /** Keeps the selected symbol if it is available, otherwise selects the first; none if there are none. */
  setAvailable(symbols: readonly string[]): void
  /** Selects the next or the previous of the available symbols; after the last comes the first. */
  step(by: 1 | -1): void
}

export function createSelection(): SelectionStore {
  const state = createObservable<Selection>({ symbol: '', interval: '1m' })
  // The symbol selected last. It is selected again in the next market that has it.
  let preferred = ''
  let available: readonly string[] = []
  const select = (part: Partial<Selection>) => {
    preferred = part.symbol || preferred
    const before = state.get()
    const after = { ...before, ...part }
    if (after.symbol !== before.symbol || after.interval !== before.interval) state.set(after)
  }
  return {
    state,
    select,
    setAvailable(symbols) {
      available = symbols
      const symbol = symbols.includes(preferred) ? preferred : (symbols[0] ?? '')
      if (!symbols.includes(state.get().symbol)) select({ symbol })
    },
    step(by) {
      const at = available.indexOf(state.get().symbol)
      const symbol = available[(at + by + available.length) % available.length]
      if (symbol !== undefined) select({ symbol })
    },
  }
}
