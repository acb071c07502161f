// The layout of the trading screen. A narrow screen shows one group of panels at a time, selected by the bar at the
// bottom.

'use client'

import { useState } from 'react'
import { ChartPanel } from '../market-panels/ChartPanel.tsx'
import { DepthPanel } from '../market-panels/DepthPanel.tsx'
import { Headline } from '../market-panels/Headline.tsx'
import { TapePanel } from '../market-panels/TapePanel.tsx'
import { TickerPanel } from '../market-panels/TickerPanel.tsx'
import { Blotter } from '../trade/Blotter.tsx'
import { TicketPanel } from '../trade/TicketPanel.tsx'
import css from './trading.module.css'

const VIEWS = {
  markets: 'Markets',
  chart: 'Chart',
  book: 'Book',
  trade: 'Trade',
  account: 'Account',
} as const
type View = keyof typeof VIEWS

export function TradingScreen() {
  const [view, setView] = useState<View>('chart')
  return (
    <>
      <div className={css.grid} data-view={view}>
        <Headline className={css.headline!} />
        <TickerPanel className={css.ticker!} onSelected={() => setView('chart')} />
        <ChartPanel className={css.chart!} />
        <DepthPanel className={css.depth!} onPicked={() => setView('trade')} />
        <TapePanel className={css.tape!} />
        <TicketPanel className={css.ticket!} />
        <Blotter className={css.blotter!} />
      </div>
      <nav className={css.views} aria-label="Panels">
        {(Object.keys(VIEWS) as View[]).map(one => (
          <button key={one} type="button" aria-current={one === view ? 'true' : undefined} onClick={() => setView(one)}>
            {VIEWS[one]}
          </button>
        ))}
      </nav>
    </>
  )
}
