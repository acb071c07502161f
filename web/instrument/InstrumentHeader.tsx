// The selected instrument at a glance: last price, change, best bid and ask, the day.

'use client'

import type { Instrument } from '@papertape/protocol'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { ARROWS, formatPercent, formatPrice, formatSigned, formatSize, NOTHING } from '../format/format.ts'
import { type InstrumentSummary, PHASE_LABELS, spreadOf } from '../market/selectors.ts'
import { useObservable } from '../reactive/use-observable.tsx'
import { useMarketStaleness } from '../ui/use-staleness.tsx'
import css from './InstrumentHeader.module.css'

export function InstrumentHeader({ className }: { readonly className?: string }) {
  const { store, selection } = useDashboard()
  const { symbol } = useObservable(selection.state)
  useObservable(store.instruments)
  const row = useObservable(store.summary(symbol))
  const isStale = useMarketStaleness()
  const instrument = store.instrument(symbol)
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <section className={`${css.head} ${className ?? ''}`} aria-label="Selected instrument" data-stale={isStale}>
      <div className={css.what}>
        <h1 className={css.symbol} data-testid="selected-symbol">
          {symbol || NOTHING}
        </h1>
        <p className={css.name}>{instrument?.name ?? 'Loading…'}</p>
      </div>
      <div className={css.price}>
        <p className={css.last} data-testid="selected-last">
          {formatPrice(row.last, decimals)}
        </p>
        <p className={`${css.change} ${row.direction}`}>
          <span className="arrow" aria-hidden="true">
            {ARROWS[row.direction]}
          </span>
          {formatSigned(row.change, decimals)} ({formatPercent(row.changeFraction)})
        </p>
      </div>
      <Figures row={row} instrument={instrument} />
    </section>
  )
}

function Figures({
  row,
  instrument,
}: {
  readonly row: InstrumentSummary
  readonly instrument: Instrument | undefined
}) {
  const decimals = instrument?.priceDecimals ?? 2
  const price = (value: number | null) => formatPrice(value, decimals)
  const spread = spreadOf(row)
  const known = instrument !== undefined
  const figures = [
    ['Bid', price(row.bid), row.bid === null ? undefined : `× ${formatSize(row.bidSize)}`],
    ['Ask', price(row.ask), row.ask === null ? undefined : `× ${formatSize(row.askSize)}`],
    [
      'Spread',
      spread === undefined ? NOTHING : price(spread.absolute),
      spread && `${(spread.fraction * 1e4).toFixed(1)} bp`,
    ],
    ['Phase', known ? PHASE_LABELS[row.phase] : NOTHING, undefined],
    ['Open', price(row.open), undefined],
    ['Previous', price(row.previousClose), undefined],
    ['High', price(row.high), undefined],
    ['Low', price(row.low), undefined],
    ['Volume', formatSize(known ? row.volume : null), undefined],
    ['Tick', price(instrument?.tickSize ?? null), undefined],
  ] as const
  return (
    <dl className={css.figures}>
      {figures.map(([name, value, beside]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-warn={name === 'Phase' && known && row.phase !== 'continuous'}>
            {value} {beside !== undefined && <span className={css.size}>{beside}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
