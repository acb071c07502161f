// The watchlist: which instruments are shown and in which order. watchlist/ draws it; keys that select the next
// instrument follow its order. Figures that change all the time move a row at most every two seconds, and none while
// the list is held.

import type { Instrument } from '@papertape/protocol'
import { inOrder, isLive, SORT_COLUMNS, type Sorting } from '../market/instrument-order.ts'
import { matching } from '../market/selectors.ts'
import type { MarketStore } from '../market/store.ts'
import type { FrameScheduler, FrameTask } from '../reactive/frame-scheduler.ts'
import { createObservable, type Observable } from '../reactive/observable.ts'
import { objectOf, type Preference, type Preferences } from './preferences.ts'

export interface WatchlistOptions {
  /** null: the market's own order. */
  readonly sorting: Sorting | null
  /** Symbols, also of other markets. */
  readonly favourites: readonly string[]
  readonly favouritesOnly: boolean
}

export interface Watchlist {
  /** The instruments that are shown, in their order. */
  readonly shown: Observable<readonly Instrument[]>
  readonly filter: Observable<string>
  setFilter(text: string): void
  /** While held, a person is about to press a row: changing figures move none. */
  setHeld(held: boolean): void
  /** @returns the symbol so many rows further on, at most the last one; undefined when none is shown */
  neighbour(symbol: string, rows: number): string | undefined
}

export const WATCHLIST: Preference<WatchlistOptions> = { key: 'watchlist', read: readOptions }

const RESORT_MS = 2_000

export function createWatchlist(
  store: Pick<MarketStore, 'instruments' | 'clock' | 'tradeSummary'>,
  preferences: Preferences,
  frames: FrameScheduler,
): Watchlist {
  const options = preferences.of(WATCHLIST)
  const filter = createObservable('')
  const shown = createObservable<readonly Instrument[]>([])
  let held = false

  function update(): void {
    const { sorting, favourites, favouritesOnly } = options.get()
    const all = store.instruments.get()
    const kept = favouritesOnly ? all.filter(({ symbol }) => favourites.includes(symbol)) : all
    const next = inOrder(matching(kept, filter.get()), sorting, symbol => store.tradeSummary(symbol).get())
    const before = shown.get()
    const isSame = next.length === before.length && next.every((one, at) => one === before[at])
    if (!isSame) shown.set(next)
  }

  const resort: FrameTask = {
    intervalMs: RESORT_MS,
    run() {
      if (!held) update()
    },
  }
  store.clock.subscribe(() => {
    if (!held && isLive(options.get().sorting)) frames.request(resort)
  })
  for (const source of [store.instruments, options, filter]) source.subscribe(update)

  return {
    shown,
    filter,
    setFilter: filter.set,
    setHeld(next) {
      held = next
    },
    neighbour(symbol, rows) {
      const list = shown.get()
      const at = list.findIndex(one => one.symbol === symbol)
      const to = at < 0 ? 0 : Math.min(Math.max(at + rows, 0), list.length - 1)
      return list[to]?.symbol
    },
  }
}

function readOptions(stored: unknown): WatchlistOptions {
  const { sorting, favourites, favouritesOnly } = objectOf(stored)
  return {
    sorting: readSorting(sorting),
    favourites: Array.isArray(favourites) ? favourites.filter(one => typeof one === 'string') : [],
    favouritesOnly: favouritesOnly === true,
  }
}

function readSorting(stored: unknown): Sorting | null {
  const { column, isDescending } = objectOf(stored)
  const known = SORT_COLUMNS.find(one => one === column)
  return known === undefined ? null : { column: known, isDescending: isDescending === true }
}
