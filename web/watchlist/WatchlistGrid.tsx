// The rows of the watchlist under their heads. Of a long list the rows on screen are drawn, and some around them.

'use client'

import { type CSSProperties, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { WATCHLIST } from '../dashboard/watchlist.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Skeleton } from '../ui/Panel.tsx'
import { drawnRows } from './row-range.ts'
import { useGridFocus } from './use-grid-focus.tsx'
import { useVisibleRows } from './use-visible-rows.tsx'
import css from './Watchlist.module.css'
import { WatchlistHead } from './WatchlistHead.tsx'
import { WatchlistRow } from './WatchlistRow.tsx'

interface WatchlistGridProps {
  readonly isLoading: boolean
  readonly onSelect: (symbol: string) => void
}

export function WatchlistGrid({ isLoading, onSelect }: WatchlistGridProps) {
  const { watchlist, selection, feed, preferences } = useDashboard()
  const shown = useObservable(watchlist.shown)
  const { symbol: selected } = useObservable(selection.state)
  const [{ favourites }] = usePreference(WATCHLIST)
  const [isPointerOver, setIsPointerOver] = useState(false)
  const scroller = useRef<HTMLTableElement>(null)
  const rows = useRef<HTMLTableSectionElement>(null)
  const symbols = useMemo(() => shown.map(({ symbol }) => symbol), [shown])
  const { range, reveal } = useVisibleRows(scroller, rows, shown.length)
  const focus = useGridFocus(rows, symbols, reveal)
  const focusedRow = symbols.indexOf(focus.focused ?? '')
  const drawn = drawnRows(range, shown.length, focusedRow)
  const stop = [focusedRow, symbols.indexOf(selected)].find(row => drawn.includes(row)) ?? range.first

  const isHeld = isPointerOver || (focus.isShown && focusedRow >= 0)
  useEffect(() => {
    watchlist.setHeld(isHeld)
    return () => watchlist.setHeld(false)
  }, [watchlist, isHeld])
  // Only the sparklines of these are requested.
  useEffect(() => {
    feed.setVisibleSymbols(new Set(symbols.slice(range.first, range.end)))
  }, [feed, symbols, range])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that moves is not followed
  useEffect(() => {
    const row = symbols.indexOf(selected)
    if (row >= 0) reveal(row)
  }, [selected])

  const toggleFavourite = useCallback(
    (symbol: string) => {
      const options = preferences.of(WATCHLIST)
      const { favourites: before, ...rest } = options.get()
      const without = before.filter(one => one !== symbol)
      options.set({ ...rest, favourites: without.length < before.length ? without : [...before, symbol] })
    },
    [preferences],
  )

  return (
    <div
      className={css.scroll}
      ref={scroller}
      onPointerEnter={() => setIsPointerOver(true)}
      onPointerLeave={() => setIsPointerOver(false)}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: keys move the focus through the table */}
      <table role="grid" className={css.table} aria-label="Instruments" aria-rowcount={shown.length + 1}>
        <WatchlistHead />
        <tbody
          ref={rows}
          className={css.rows}
          style={shown.length === 0 ? undefined : ({ '--rows': shown.length } as CSSProperties)}
          {...focus.handlers}
        >
          {drawn.map(row => {
            const instrument = shown[row]!
            const { symbol } = instrument
            return (
              <WatchlistRow
                key={symbol}
                instrument={instrument}
                row={row}
                isSelected={symbol === selected}
                isStop={row === stop}
                isFavourite={favourites.includes(symbol)}
                onSelect={onSelect}
                onFavourite={toggleFavourite}
              />
            )
          })}
          {isLoading && <SkeletonRows />}
        </tbody>
      </table>
    </div>
  )
}

const SKELETON = Array.from({ length: 20 }, (_, at) => `row-${at}`)

/** In the exported page, too: without styles of their own. */
function SkeletonRows() {
  return SKELETON.map((key, at) => (
    <tr key={key} className={css.loading}>
      <td>
        {at === 0 && <span className="visually-hidden">Loading instruments…</span>}
        <Skeleton />
      </td>
    </tr>
  ))
}
