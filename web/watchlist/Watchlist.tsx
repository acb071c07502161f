// The ticker: a row for each instrument. Each row watches its own observable, so a trade redraws one row.

'use client'

import type { Instrument } from '@papertape/protocol'
import { memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { sparklinePath } from '../charts/sparkline.ts'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { ARROWS, directionOf, formatCompact, formatPercent, formatPrice, formatSigned } from '../format/format.ts'
import { matching, PHASE_LABELS } from '../market/selectors.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel, Skeleton } from '../ui/Panel.tsx'
import { moveFocus } from '../ui/roving-focus.ts'
import css from './Watchlist.module.css'

const SPARKLINE_BOX = { width: 60, height: 22 } as const

export function Watchlist({
  className,
  onSelected,
}: {
  readonly className?: string
  readonly onSelected?: () => void
}) {
  const { store, selection, connections } = useDashboard()
  const instruments = useObservable(store.instruments)
  const { symbol: selected } = useObservable(selection.state)
  const requests = useObservable(connections.requests.facts)
  const [filter, setFilter] = useState('')
  const shown = useMemo(() => matching(instruments, filter), [instruments, filter])
  const stop = shown.some(one => one.symbol === selected) ? selected : shown[0]?.symbol

  const rows = useRef<HTMLTableSectionElement>(null)
  useVisibleSymbols(rows, shown)

  const select = (symbol: string) => {
    selection.select({ symbol })
    onSelected?.()
  }

  return (
    <Panel title="Markets" feeds={['instruments', 'ticker']} className={className}>
      <div className={css.search}>
        <input
          type="search"
          id="filter"
          aria-label="Find an instrument"
          placeholder="Find an instrument"
          autoComplete="off"
          spellCheck={false}
          value={filter}
          onChange={event => setFilter(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && shown[0] !== undefined) select(shown[0].symbol)
            if (event.key === 'Escape') setFilter('')
          }}
        />
        <kbd>/</kbd>
      </div>
      <div className={css.scroll}>
        <table className={css.table} onKeyDown={moveFocus}>
          <caption className="visually-hidden">
            All instruments: last hour, last price, change against the previous close
          </caption>
          <thead>
            <tr>
              <th scope="col" className={css.name}>
                Instrument
              </th>
              <th scope="col" className={css.hour}>
                Hour
              </th>
              <th scope="col" className="num">
                Last
              </th>
              <th scope="col" className="num">
                Change
              </th>
            </tr>
          </thead>
          <tbody ref={rows}>
            {shown.map(instrument => (
              <TickerRow
                key={instrument.symbol}
                instrument={instrument}
                selected={instrument.symbol === selected}
                stop={instrument.symbol === stop}
                onSelect={select}
              />
            ))}
            {instruments.length === 0 && <SkeletonRows />}
          </tbody>
        </table>
        {instruments.length > 0 && shown.length === 0 && <Empty>No instruments match “{filter}”.</Empty>}
        {instruments.length === 0 && requests.note !== null && (
          <Empty>Could not load instruments: {requests.note}. Retrying…</Empty>
        )}
      </div>
    </Panel>
  )
}

/** Passes the visible rows to the feed: only their sparklines are requested. */
function useVisibleSymbols(rows: RefObject<HTMLElement | null>, shown: readonly Instrument[]): void {
  const { feed } = useDashboard()
  // biome-ignore lint/correctness/useExhaustiveDependencies: new rows have to be observed
  useEffect(() => {
    const visible = new Set<string>()
    const observer = new IntersectionObserver(entries => {
      for (const { target, isIntersecting } of entries) {
        const symbol = (target as HTMLElement).dataset.symbol ?? ''
        if (isIntersecting) visible.add(symbol)
        else visible.delete(symbol)
      }
      feed.setVisibleSymbols(new Set(visible))
    })
    for (const row of rows.current?.querySelectorAll('[data-symbol]') ?? []) observer.observe(row)
    return () => observer.disconnect()
  }, [feed, rows, shown])
}

const SKELETON = Array.from({ length: 12 }, (_, at) => `row-${at}`)

function SkeletonRows() {
  return SKELETON.map((key, at) => (
    <tr key={key} className={css.row}>
      <td colSpan={4}>
        {at === 0 && <span className="visually-hidden">Loading instruments…</span>}
        <Skeleton />
      </td>
    </tr>
  ))
}

interface TickerRowProps {
  readonly instrument: Instrument
  readonly selected: boolean
  readonly stop: boolean
  readonly onSelect: (symbol: string) => void
}

const TickerRow = memo(function TickerRow({ instrument, selected, stop, onSelect }: TickerRowProps) {
  const { store } = useDashboard()
  const { symbol, name, priceDecimals } = instrument
  const row = useObservable(store.tradeSummary(symbol))
  const trading = row.phase === 'continuous' || row.last === null
  return (
    <tr className={css.row} data-symbol={symbol} data-testid={`ticker-row-${symbol}`} data-selected={selected}>
      <td>
        <button
          type="button"
          className={css.pick}
          data-stop
          tabIndex={stop ? 0 : -1}
          aria-current={selected ? 'true' : undefined}
          onClick={() => onSelect(symbol)}
        >
          <span className={css.symbol}>{symbol}</span>
          <span className={css.sub} title={name}>
            {name}
          </span>
        </button>
      </td>
      <td className={row.direction}>
        <Sparkline symbol={symbol} />
      </td>
      <td className="num">
        <span className={css.last} data-flash={row.tick === 0 ? undefined : `${row.tickDirection}${row.tick % 2}`}>
          <span className={`arrow ${row.tickDirection}`} aria-hidden="true">
            {ARROWS[row.tickDirection]}
          </span>
          <span data-testid={`ticker-last-${symbol}`}>{formatPrice(row.last, priceDecimals)}</span>
        </span>
        <span className={css.sub}>
          {trading ? (
            row.last !== null && `vol ${formatCompact(row.volume)}`
          ) : (
            <span className={css.halted}>{PHASE_LABELS[row.phase]}</span>
          )}
        </span>
      </td>
      <td className="num">
        <span className={row.direction}>{formatPercent(row.changeFraction)}</span>
        <span className={css.sub}>{formatSigned(row.change, priceDecimals)}</span>
      </td>
    </tr>
  )
})

function Sparkline({ symbol }: { readonly symbol: string }) {
  const { sparklines } = useDashboard()
  const closes = useObservable(sparklines.closes(symbol))
  const direction = directionOf((closes.at(-1) ?? 0) - (closes[0] ?? 0))
  return (
    <svg
      className={`${css.sparkline} ${direction}`}
      viewBox={`0 0 ${SPARKLINE_BOX.width} ${SPARKLINE_BOX.height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparklinePath(closes, SPARKLINE_BOX.width, SPARKLINE_BOX.height)} />
    </svg>
  )
}
