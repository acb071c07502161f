// The chosen instrument at a glance: last price, change, best bid and ask, the day. Figures only; the chart is below.

'use client'

import type { Instrument } from '@papertape/protocol'
import { useDashboard } from '../dashboard/dashboard-context.tsx'
import { ARROWS, formatPercent, formatPrice, formatSigned, formatSize, NOTHING } from '../format/format.ts'
import { PHASE_LABELS, type Row, spreadOf } from '../market/selectors.ts'
import { useCell } from '../reactive/use-observable.tsx'
import { useMarketDoubt } from '../ui/use-staleness.tsx'
import css from './Headline.module.css'

export function Headline({ className }: { readonly className?: string }) {
  const { store, choice } = useDashboard()
  const { symbol } = useCell(choice.cell)
  useCell(store.instruments)
  const row = useCell(store.row(symbol))
  const doubtful = useMarketDoubt()
  const instrument = store.instrument(symbol)
  const decimals = instrument?.priceDecimals ?? 2
  return (
    <section className={`${css.head} ${className ?? ''}`} aria-label="Chosen instrument" data-doubtful={doubtful}>
      <div className={css.what}>
        <h1 className={css.symbol} data-testid="selected-symbol">
          {symbol || NOTHING}
        </h1>
        <p className={css.name}>{instrument?.name ?? 'Waiting for the market'}</p>
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

function Figures({ row, instrument }: { readonly row: Row; readonly instrument: Instrument | undefined }) {
  const decimals = instrument?.priceDecimals ?? 2
  const price = (value: number | null) => formatPrice(value, decimals)
  const spread = spreadOf(row)
  const known = instrument !== undefined
  const figures = [
    ['Bid', price(row.bid), `× ${formatSize(row.bidSize)}`],
    ['Ask', price(row.ask), `× ${formatSize(row.askSize)}`],
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
    ['Volume', formatSize(row.volume), undefined],
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
