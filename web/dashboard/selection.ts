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
}

export function createSelection(): SelectionStore {
  const state = createObservable<Selection>({ symbol: '', interval: '1m' })
  // The symbol selected last. It is selected again in the next market that has it.
  let preferred = ''
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
      const symbol = symbols.includes(preferred) ? preferred : (symbols[0] ?? '')
      if (!symbols.includes(state.get().symbol)) select({ symbol })
    },
  }
}
