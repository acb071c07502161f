// The selected instrument in one line: name, last price, change, best bid and ask, the day. While it does not trade
// continuously the phase takes the place of bid, ask and spread, so that nothing below the header moves.

'use client'

import type { Instrument } from '@papertape/protocol'
import type { CSSProperties } from 'react'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import {
  ARROWS,
  formatBasisPoints,
  formatCompact,
  formatPercent,
  formatPrice,
  formatSigned,
  formatTime,
  NOTHING,
} from '../format/format.ts'
import { type InstrumentSummary, priceWidth, spreadOf, TICK_MEANING, withTouchOf } from '../market/selectors.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import css from './InstrumentHeader.module.css'
import { PhaseBand } from './PhaseBand.tsx'

export function InstrumentHeader({ className }: { readonly className?: string }) {
  const { store, depth, selection, frozen } = useDashboard()
  const { symbol } = useObservable(selection.state)
  useObservable(store.instruments)
  const row = withTouchOf(useObservable(store.summary(symbol)), useObservable(depth.state))
  const isStale = useMarketStaleness()
  const isFrozen = useObservable(frozen) !== null
  const instrument = store.instrument(symbol)
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <section
      className={`${css.head} ${className ?? ''}`}
      style={instrument && ({ '--price-width': priceWidth(instrument) } as CSSProperties)}
      aria-label="Selected instrument"
      data-stale={isStale || isFrozen}
    >
      <div className={css.what}>
        <h1 className={css.symbol} data-testid="selected-symbol">
          {symbol || NOTHING}
        </h1>
        <p className={css.name} title={instrument?.name} data-frozen={isFrozen}>
          {isFrozen ? `frozen ${formatTime(store.clock.get())}` : (instrument?.name ?? 'Loading…')}
        </p>
      </div>
      <p className={css.last}>
        <span className={`arrow ${row.tickDirection}`} aria-hidden="true" title={TICK_MEANING}>
          {ARROWS[row.tickDirection]}
        </span>
        <span className="figure" data-testid="selected-last">
          {formatPrice(row.last, decimals)}
        </span>
      </p>
      <p className={`${css.change} ${row.direction}`} title="Change against the previous close">
        <span className="figure">{formatSigned(row.change, decimals)}</span>
        <span className="figure">{formatPercent(row.changeFraction)}</span>
      </p>
      <div className={css.figures}>
        <div className={css.now}>
          {instrument === undefined || row.phase === 'continuous' ? (
            <Touch row={row} decimals={decimals} />
          ) : (
            <PhaseBand row={row} decimals={decimals} />
          )}
        </div>
        <Day row={row} instrument={instrument} />
      </div>
    </section>
  )
}

interface FieldProps {
  readonly name: string
  readonly value: string
  readonly beside?: string | undefined
}

function Field({ name, value, beside }: FieldProps) {
  return (
    <div className={css.field}>
      <dt>{name}</dt>
      <dd>{beside === undefined ? value : <Beside value={value} beside={beside} />}</dd>
    </div>
  )
}

function Beside({ value, beside }: { readonly value: string; readonly beside: string }) {
  return (
    <>
      <span className={css.value}>{value}</span> <span className={css.beside}>{beside}</span>
    </>
  )
}

function Touch({ row, decimals }: { readonly row: InstrumentSummary; readonly decimals: number }) {
  const spread = spreadOf(row)
  const sizeBeside = (price: number | null, size: number) => (price === null ? undefined : `× ${formatCompact(size)}`)
  return (
    <dl className={css.touch}>
      <Field name="Bid" value={formatPrice(row.bid, decimals)} beside={sizeBeside(row.bid, row.bidSize)} />
      <Field name="Ask" value={formatPrice(row.ask, decimals)} beside={sizeBeside(row.ask, row.askSize)} />
      <Field
        name="Spread"
        value={formatPrice(spread?.absolute, decimals)}
        beside={spread && formatBasisPoints(spread.fraction)}
      />
    </dl>
  )
}

interface DayProps {
  readonly row: InstrumentSummary
  readonly instrument: Instrument | undefined
}

function Day({ row, instrument }: DayProps) {
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <dl className={css.day}>
      <Field name="High" value={formatPrice(row.high, decimals)} />
      <Field name="Low" value={formatPrice(row.low, decimals)} />
      <Field name="Volume" value={instrument === undefined ? NOTHING : formatCompact(row.volume)} />
    </dl>
  )
}
