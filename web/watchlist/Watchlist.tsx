// The panel of the instruments: a search field, and the list, which WatchlistGrid.tsx draws. dashboard/watchlist.ts
// decides what is shown and in which order.

'use client'

import { useCallback } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { WATCHLIST } from '../dashboard/watchlist.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import css from './Watchlist.module.css'
import { WatchlistGrid } from './WatchlistGrid.tsx'

interface WatchlistProps {
  readonly className?: string
  readonly onSelected?: () => void
}

export function Watchlist({ className, onSelected }: WatchlistProps) {
  const { store, selection } = useDashboard()
  const instruments = useObservable(store.instruments)
  const select = useCallback(
    (symbol: string) => {
      selection.select({ symbol })
      onSelected?.()
    },
    [selection, onSelected],
  )
  return (
    <Panel title="Markets" feeds={['instruments', 'ticker']} className={className}>
      <SearchField onPick={select} />
      <WatchlistGrid isLoading={instruments.length === 0} onSelect={select} />
      <NothingShown />
    </Panel>
  )
}

function SearchField({ onPick }: { readonly onPick: (symbol: string) => void }) {
  const { watchlist } = useDashboard()
  const filter = useObservable(watchlist.filter)
  return (
    <div className={css.search}>
      <input
        type="search"
        id="filter"
        aria-label="Find an instrument"
        placeholder="Find an instrument"
        autoComplete="off"
        spellCheck={false}
        value={filter}
        onChange={event => watchlist.setFilter(event.target.value)}
        onKeyDown={event => {
          const [first] = watchlist.shown.get()
          if (event.key === 'Enter' && first !== undefined) onPick(first.symbol)
          if (event.key === 'Escape') watchlist.setFilter('')
        }}
      />
      <kbd>/</kbd>
    </div>
  )
}

/** Why there are no rows, if there are none. */
function NothingShown() {
  const { store, watchlist, connections } = useDashboard()
  const instruments = useObservable(store.instruments)
  const shown = useObservable(watchlist.shown)
  const filter = useObservable(watchlist.filter)
  const { note } = useObservable(connections.requests.facts)
  const [{ favourites, favouritesOnly }] = usePreference(WATCHLIST)
  if (shown.length > 0 || (instruments.length === 0 && note === null)) return null
  return (
    <div className={css.nothing}>
      {instruments.length === 0 ? (
        <Empty>Could not load instruments: {note}. Retrying…</Empty>
      ) : filter.trim() !== '' ? (
        <Empty>
          No {favouritesOnly ? 'favourites' : 'instruments'} match “{filter}”.
        </Empty>
      ) : (
        <Empty>
          {favourites.length === 0
            ? 'No favourites yet: a star in a row adds one.'
            : 'None of your favourites is listed here.'}
        </Empty>
      )}
    </div>
  )
}
