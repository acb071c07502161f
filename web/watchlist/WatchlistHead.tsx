// The heads of the watchlist's columns: each sorts by its column, the first one shows the favourites alone.

'use client'

import { usePreference } from '../dashboard/use-preference.tsx'
import { WATCHLIST } from '../dashboard/watchlist.ts'
import { nextSorting, type SortColumn } from '../market/instrument-order.ts'
import { TICK_MEANING } from '../market/selectors.ts'
import css from './Watchlist.module.css'

export function WatchlistHead() {
  const [options, setOptions] = usePreference(WATCHLIST)
  const { favouritesOnly } = options
  return (
    <thead>
      <tr className={css.heads} aria-rowindex={1}>
        <th scope="col" className={css.star}>
          <button
            type="button"
            className={css.favourite}
            aria-pressed={favouritesOnly}
            aria-label="Favourites only"
            title="Show favourites only"
            data-testid="favourites-only"
            onClick={() => setOptions({ ...options, favouritesOnly: !favouritesOnly })}
          >
            {favouritesOnly ? FULL_STAR : EMPTY_STAR}
          </button>
        </th>
        <SortHead column="symbol" label="Symbol" />
        <th scope="col" className={css.hour}>
          Hour
        </th>
        <SortHead column="last" label="Last" title={TICK_MEANING} />
        <SortHead column="volume" label="Vol" title="Volume of the day" />
        <SortHead column="changeFraction" label="Chg %" title="Change against the previous close, in percent" />
        <SortHead column="change" label="Chg" title="Change against the previous close" />
      </tr>
    </thead>
  )
}

export const FULL_STAR = '\u2605'
export const EMPTY_STAR = '\u2606'

interface SortHeadProps {
  readonly column: SortColumn
  readonly label: string
  readonly title?: string
}

function SortHead({ column, label, title }: SortHeadProps) {
  const [options, setOptions] = usePreference(WATCHLIST)
  const { sorting } = options
  const order = sorting?.column === column ? (sorting.isDescending ? 'descending' : 'ascending') : undefined
  return (
    <th scope="col" className={css[column]} aria-sort={order}>
      <button
        type="button"
        className={css.sort}
        title={title}
        data-order={order}
        data-testid={`sort-${column}`}
        onClick={() => setOptions({ ...options, sorting: nextSorting(column, sorting) })}
      >
        <span>{label}</span>
        <span className="arrow" aria-hidden="true">
          {order === undefined ? '' : order === 'ascending' ? '\u25b2' : '\u25bc'}
        </span>
      </button>
    </th>
  )
}
