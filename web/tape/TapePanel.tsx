// Time and sales of the selected instrument, newest first. Colour and letter say which side took the price, the arrow
// how the price compares with the trade before. Scrolled down, the list stands still until one returns to its top.

'use client'

import type { Trade } from '@papertape/protocol'
import { useEffect, useRef, useState } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { usePreference } from '../dashboard/use-preference.tsx'
import { formatSize } from '../format/format.ts'
import { tapeRows } from '../market/tape-rows.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { Empty, Panel } from '../ui/Panel.tsx'
import { LEAST_SIZE, SizeFilter } from './SizeFilter.tsx'
import { TapeLegend } from './TapeLegend.tsx'
import css from './TapePanel.module.css'
import { TapeTable } from './TapeTable.tsx'

const ROWS_MAX = 100

export function TapePanel({ className }: { readonly className?: string }) {
  const { tape } = useDashboard()
  const { symbol, trades, loading } = useObservable(tape.state)
  return (
    <Panel title="Time and sales" feeds={['tape']} tools={<SizeFilter />} className={className} testId="tape">
      {trades.length === 0 ? (
        <Empty>{loading ? 'Loading trades…' : 'No trades yet.'}</Empty>
      ) : (
        <TapeList key={symbol} symbol={symbol} trades={trades} />
      )}
      <TapeLegend />
    </Panel>
  )
}

interface TapeListProps {
  readonly symbol: string
  /** Newest first. */
  readonly trades: readonly Trade[]
}

function TapeList({ symbol, trades }: TapeListProps) {
  const { store } = useDashboard()
  const [leastSize] = usePreference(LEAST_SIZE)
  const scroller = useRef<HTMLElement>(null)
  // What is shown while one reads further down; null at the top.
  const [held, setHeld] = useState<readonly Trade[] | null>(null)
  // Another filter makes another list, which begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after each change of the filter
  useEffect(() => {
    scroller.current?.scrollTo(0, 0)
  }, [leastSize])
  const shown = held ?? trades
  const { rows, hiddenCount } = tapeRows(shown, leastSize, ROWS_MAX)
  const newCount = held === null ? 0 : trades.filter(({ seq, size }) => seq > held[0]!.seq && size >= leastSize).length
  return (
    <>
      <div className={css.list}>
        <section
          ref={scroller}
          className={css.scroll}
          aria-label="Last trades"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keys
          tabIndex={0}
          onScroll={({ currentTarget }) => setHeld(currentTarget.scrollTop > 0 ? shown : null)}
        >
          <TapeTable symbol={symbol} rows={rows} decimals={store.instrument(symbol)?.priceDecimals ?? 2} />
          {rows.length === 0 && <Empty>No trade of {formatSize(leastSize)} or more yet.</Empty>}
        </section>
        {newCount > 0 && (
          <button
            type="button"
            className={css.new}
            data-testid="tape-new"
            onClick={() => {
              scroller.current!.scrollTop = 0
              scroller.current!.focus({ preventScroll: true })
            }}
          >
            ↑ {newCount} new
          </button>
        )}
      </div>
      <p className={css.count} data-testid="tape-hidden">
        {leastSize > 0 && `${formatSize(hiddenCount)} of ${formatSize(shown.length)} trades hidden by the filter`}
      </p>
    </>
  )
}
